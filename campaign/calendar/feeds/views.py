"""The feeds of a filter, and the page on which people build their addresses."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from campaign.accounts.gates import cached_public
from campaign.calendar import context, event_views, finder, pages
from campaign.calendar.conditions import resolved
from campaign.calendar.feeds.entries import entries
from campaign.calendar.feeds.formats import FORMATS, Feed
from campaign.calendar.feeds.queries import newest
from campaign.calendar.filters import Filter
from campaign.campaigns.models import Campaign
from campaign.core import languages

bp = Blueprint("feeds", __name__)


@bp.get("/feeds/<campaign>.<any(rss, atom, json):ending>")
@cached_public
def news(campaign: str, ending: str) -> Response:
    """What was published or changed last among the coming events of a filter."""
    language = _language()
    found = context.enter(language, campaign)
    wanted = Filter.read(request.args)
    mimetype, write = FORMATS[ending]

    def make() -> str:
        with languages.speaking(language):
            return write(_feed(found, wanted, language, ending))

    return pages.answer(found, make, mimetype=mimetype, vary=language, modified=found.calendar_changed_at)


def _language() -> str:
    """The language the address asks for; programs keep addresses, so what a browser prefers says nothing here."""
    asked = request.args.get("lang", "")
    return asked if asked in languages.NAMES else languages.DEFAULT


def _feed(campaign: Campaign, wanted: Filter, language: str, ending: str) -> Feed:
    site = current_app.extensions["settings"].public_url
    home: dict[str, Any] = {"language": language, "campaign": campaign.slug}
    rows = newest(campaign.id, wanted, context.today_anywhere())
    return Feed(
        title=_title(campaign, wanted, language),
        description=_("Events as their organisers announce them and coordinators review them; newest changes first."),
        language=language,
        url=site + address(campaign, wanted, language, ending),
        home=site + url_for("calendar.events", **home, **wanted.query()),
        changed=campaign.calendar_changed_at,
        entries=entries(rows, language, campaign.slug, site),
    )


def _title(campaign: Campaign, wanted: Filter, language: str) -> str:
    """The campaign's name and the filters in words, so that two feeds can be told apart in a reader."""
    name = context.in_language(campaign.names, language)
    parts = [chip.label for chip in finder.chips(resolved(wanted), language, "")]
    return _(" · ").join([name, *parts])


def address(campaign: Campaign, wanted: Filter, language: str, ending: str) -> str:
    """Where a filter's feed is; `ending` is `ics` or one of the news formats."""
    query = {**wanted.query(), "lang": language}
    if ending == "ics":
        return url_for("calendar.feed", campaign=campaign.slug, **query)
    return url_for("feeds.news", campaign=campaign.slug, ending=ending, **query)


@bp.get("/<language>/<campaign>/feeds/")
@cached_public
def builder(language: str, campaign: str) -> Response:
    """Follow any filter: choose it, take the address."""
    found = context.enter(language, campaign)
    wanted = Filter.read(request.args)
    return pages.answer(found, lambda: _builder(found, wanted, language))


def _builder(campaign: Campaign, asked: Filter, language: str) -> str:
    wanted = resolved(asked)
    home: dict[str, Any] = {"language": language, "campaign": campaign.slug}
    return render_template(
        "calendar/feeds.html",
        finder=finder.choices(campaign, wanted, language, url_for("feeds.builder", **home)),
        title=_title(campaign, wanted, language),
        calendar_url=address(campaign, wanted, language, "ics"),
        left_out=event_views.left_out(event_views.contents_of(campaign, wanted)),
        news=[
            ("RSS", address(campaign, wanted, language, "rss")),
            ("Atom", address(campaign, wanted, language, "atom")),
            ("JSON Feed", address(campaign, wanted, language, "json")),
        ],
        list_url=url_for("calendar.events", **home, **wanted.query()),
        wanted=wanted,
    )
