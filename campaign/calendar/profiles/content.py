"""What the pages of a place and of an organiser show, put together from their listings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import current_app, url_for

from campaign.accounts.looks import viewer_zone
from campaign.calendar import context, presenting, structured
from campaign.calendar import queries as calendar
from campaign.calendar.filters import Filter
from campaign.calendar.listed import Listed
from campaign.calendar.profiles import queries
from campaign.calendar.profiles.queries import Beside
from campaign.campaigns.models import Campaign
from campaign.core import paging
from campaign.core.faults import NotFound
from campaign.core.folding import fold
from campaign.organizations.forms import KINDS
from campaign.organizations.models import Organization
from campaign.places import countries

COMING, EARLIER, ON_VIEW = 12, 6, 8
# Organisers on one page of their index.
NAMES = 50
# So many kilometres away is "near by" on the page of a city.
NEAR = 300
_YEAR = timedelta(days=366)


class NothingListed(NotFound):
    """No event was ever public here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A past year, how many events it had, and their list."""

    year: int
    events: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A place by name; `kilometres` where it is near another one."""

    name: str
    url: str
    events: int
    country: str = ""
    kilometres: int | None = None


def listed(campaign: Campaign, wanted: Filter, word: str, language: str) -> dict[str, Any]:
    """What one filter with one word finds: what is coming, on view, and the newest year before.

    Raises NothingListed where it never found anything.
    """
    today = context.today_anywhere()
    coming = replace(wanted, first=today)
    search = calendar.Search(campaign.id, coming)
    rows = calendar.page(search, limit=COMING).rows
    runs = search.on_view(today, today + _YEAR, limit=ON_VIEW)
    years = queries.past_years(campaign.id, word, today)
    if not (rows or runs or years):
        raise NothingListed
    home: dict[str, Any] = {"language": language, "campaign": campaign.slug}

    def of_year(year: int) -> str:
        asked = replace(wanted, first=date(year, 1, 1), last=date(year, 12, 31))
        return url_for("calendar.events", **home, **asked.query())

    return {
        "groups": presenting.by_day(rows, campaign.month, campaign.day, language, campaign.slug, viewer_zone()),
        "on_view": presenting.on_view(runs, language, campaign.slug),
        "count": search.count(calendar.MOST),
        "years": [Year(year=year, events=number, url=of_year(year)) for year, number in years.items()],
        "earlier": _earlier(campaign, wanted, next(iter(years), 0), today, language),
        "coming_year": context.next_day(campaign).year,
        "query": wanted.query(),
        "list_url": url_for("calendar.events", **home, **wanted.query()),
        "map_url": url_for("map.page", **home, **wanted.query()),
        "feed_url": url_for("calendar.feed", campaign=campaign.slug, **wanted.query(), lang=language),
        "follow_url": url_for("follow.page", **home, **wanted.query()),
        "places_url": url_for("profiles.places", **home),
    }


def _earlier(campaign: Campaign, wanted: Filter, year: int, today: date, language: str) -> list[presenting.Row]:
    """The first events of a year that are over."""
    if not year:
        return []
    last = min(date(year, 12, 31), today - timedelta(days=1))
    search = calendar.Search(campaign.id, replace(wanted, first=date(year, 1, 1), last=last))
    runs = search.on_view(date(year, 1, 1), last, limit=EARLIER)
    found: list[Listed] = [*calendar.page(search, limit=EARLIER).rows, *(run for run in runs if run.ends_on < today)]
    return [presenting.row(one, language, campaign.slug) for one in found[:EARLIER]]


def city(campaign: Campaign, key: str, language: str) -> dict[str, Any]:
    """Everything `profiles/place.html` needs for a city. Raises NothingListed."""
    place = queries.place(campaign.id, key)
    if place is None:
        raise NothingListed
    found = listed(campaign, Filter(city=key, city_keys=(key,)), f"city:{key}", language)
    country = countries.name(place.country, language)
    near = queries.nearest(queries.everywhere(campaign.id), place.latitude, place.longitude, but=key)
    near = [beside for beside in near if beside.kilometres is not None and beside.kilometres <= NEAR]
    address = city_url(campaign, key, language)
    facts = structured.city(
        place.name, place.country, place.latitude, place.longitude, url=_site() + address, inside=country
    )
    return found | {
        "name": place.name,
        "country": country,
        "country_url": country_url(campaign, place.country, language),
        "near": linked(campaign, near, language),
        "cities": [],
        "structured": structured.inline(facts),
    }


def country(campaign: Campaign, code: str, language: str) -> dict[str, Any]:
    """Everything `profiles/place.html` needs for a country. Raises NothingListed."""
    found = listed(campaign, Filter(country=code), f"country:{code}", language)
    name = countries.name(code, language)
    cities = [Beside(spot, None) for spot in queries.everywhere(campaign.id, code)]
    facts = structured.country(name, code, url=_site() + country_url(campaign, code, language))
    return found | {
        "name": name,
        "country": "",
        "country_url": "",
        "near": [],
        "cities": sorted(linked(campaign, cities, language), key=lambda one: fold(one.name)),
        "structured": structured.inline(facts),
    }


def organiser(campaign: Campaign, organization: Organization, language: str) -> dict[str, Any]:
    """Everything `profiles/organiser.html` needs. Raises NothingListed."""
    slug = organization.slug
    found = listed(campaign, Filter(organizer=slug), f"org:{slug}", language)
    address = url_for("profiles.organiser", language=language, campaign=campaign.slug, slug=slug)
    return found | {
        "organization": organization,
        "kinds": KINDS,
        "country": countries.name(organization.country, language) if organization.country else "",
        "structured": structured.inline(structured.organisation(organization, url=_site() + address)),
    }


def organisers(campaign: Campaign, after: str, language: str) -> dict[str, Any]:
    """Everything `profiles/organisers.html` needs: one page of the index, from the key of a page on."""
    key = int((paging.decode(after, int) or (0,))[0])
    found = queries.organisers_by_name(campaign.id, after=key, limit=NAMES + 1)
    shown = found[:NAMES]
    home: dict[str, Any] = {"language": language, "campaign": campaign.slug}
    numbers = queries.events_of(campaign.id, shown)
    return {
        "organisers": [
            Linked(
                name=one.name,
                url=url_for("profiles.organiser", **home, slug=one.slug),
                events=numbers[one.slug],
                country=countries.name(one.country, language) if one.country else "",
            )
            for one in shown
        ],
        "next_url": url_for("profiles.organisers", **home, page=paging.encode(shown[-1].id)) if found[NAMES:] else "",
        "first_url": url_for("profiles.organisers", **home) if key else "",
    }


def everywhere(campaign: Campaign, language: str) -> list[tuple[Linked, list[Linked]]]:
    """Every country with its cities, by name, with their events of all years."""
    by_country: dict[str, list[Beside]] = {}
    for spot in queries.everywhere(campaign.id):
        by_country.setdefault(spot.country, []).append(Beside(spot, None))
    found = [
        (
            Linked(
                name=countries.name(code, language) if code else "",
                url=country_url(campaign, code, language) if code else "",
                events=sum(one.spot.events for one in inside),
            ),
            sorted(linked(campaign, inside, language), key=lambda one: fold(one.name)),
        )
        for code, inside in by_country.items()
    ]
    return sorted(found, key=lambda pair: fold(pair[0].name))


def linked(campaign: Campaign, places: Iterable[Beside], language: str) -> list[Linked]:
    """Places with the addresses of their pages."""
    return [
        Linked(
            name=beside.spot.name,
            url=city_url(campaign, beside.spot.key, language),
            events=beside.spot.events,
            country=countries.name(beside.spot.country, language) if beside.spot.country else "",
            kilometres=beside.kilometres,
        )
        for beside in places
    ]


def city_url(campaign: Campaign, key: str, language: str) -> str:
    """The page of a city by its key, such as `de/berlin`."""
    code, _slash, name = key.partition("/")
    return url_for("profiles.city", language=language, campaign=campaign.slug, code=code, name=name)


def country_url(campaign: Campaign, code: str, language: str) -> str:
    return url_for("profiles.country", language=language, campaign=campaign.slug, code=code.lower())


def addresses(campaign: Campaign) -> Sequence[tuple[str, dict[str, str]]]:
    """(endpoint, values) of every page of a place or an organiser, for the sitemap."""
    keys = [spot.key.partition("/") for spot in queries.everywhere(campaign.id)]
    found = [("profiles.country", {"code": code}) for code in sorted({code for code, _slash, _name in keys if code})]
    found += [("profiles.city", {"code": code, "name": name}) for code, _slash, name in keys if code]
    return found + [("profiles.organiser", {"slug": slug}) for slug in queries.organisers(campaign.id)]


def _site() -> str:
    return str(current_app.extensions["settings"].public_url)
