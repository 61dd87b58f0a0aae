"""The campaign of the address, as pages show it, and the visitor's zone."""

from dataclasses import dataclass
from datetime import date

from flask import g, url_for

from campaign.accounts.looks import viewer_zone
from campaign.calendar import versions
from campaign.campaigns import days
from campaign.campaigns.models import Campaign
from campaign.core import clock, languages
from campaign.core.faults import NotFound
from campaign.core.jinja import day_month
from campaign.places import zones


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCampaign:
    """What the header needs of a campaign, in the page's language."""

    slug: str
    name: str
    day_label: str
    day_url: str


def enter(language: str, slug: str) -> Campaign:
    """The campaign of an address; from here on the page speaks its name. Raises NotFound."""
    if language not in languages.NAMES:
        raise NotFound
    campaign = versions.campaign(slug)
    day = next_day(campaign)
    g.campaign = PageCampaign(
        slug=campaign.slug,
        name=in_language(campaign.names, language),
        day_label=day_month(day),
        day_url=url_for(
            "calendar.day", language=language, campaign=campaign.slug, year=day.year, month=day.month, day=day.day
        ),
    )
    return campaign


def next_day(campaign: Campaign) -> date:
    """The coming day of remembrance: this year's until it has passed everywhere, then the next."""
    return days.coming(campaign, clock.now())


def today_anywhere() -> date:
    """The earliest date it is anywhere on Earth (UTC−12): a day ends when it has ended everywhere."""
    return clock.now().astimezone(zones.zone("Pacific/Pago_Pago")).date()


def visitors_day() -> date:
    """Today where the visitor is, as far as that is known; else today in UTC."""
    return clock.now().astimezone(zones.zone(viewer_zone() or "UTC")).date()


def in_language(words: dict[str, str], language: str) -> str:
    """A text in this language, in English, or in whatever there is."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")
