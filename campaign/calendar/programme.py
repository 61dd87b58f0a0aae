"""The list on paper: what a filter finds, by country and city, with a short link to each event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from campaign.accounts.gates import cached_public
from campaign.calendar import context, finder, pages, presenting, queries
from campaign.calendar.filters import Filter
from campaign.calendar.listed import Listed
from campaign.campaigns.models import Campaign
from campaign.core.folding import fold
from campaign.core.jinja import day_month
from campaign.core.languages import format_parts
from campaign.events import labels
from campaign.places import countries

bp = Blueprint("programme", __name__)

# Some twenty sheets; who wants more on paper chooses a country or a time.
MOST = 400
_EXHIBITIONS = 100
_AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event: when on the clocks of its city, what, where, by whom, and where to read more."""

    when: str
    title: str
    language: str
    place: str
    hosts: str
    mark: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The events of a city in order; `name` is empty for those that take place online only."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    name: str
    cities: tuple[City, ...]


@bp.get("/<language>/<campaign>/events/programme/")
@cached_public
def sheet(language: str, campaign: str) -> Response:
    """The same filters as the list, ready to print."""
    found = context.enter(language, campaign)
    wanted = Filter.read(request.args)
    return pages.answer(found, lambda: _sheet(found, wanted, language))


def _sheet(campaign: Campaign, asked: Filter, language: str) -> str:
    wanted = queries.resolved(asked)
    today = context.today_anywhere()
    shown = queries.coming(wanted, today)
    found = queries.page_of(campaign.id, shown, limit=MOST)
    first = shown.first or today
    last = shown.last or (first + _AHEAD if found.rows else None)
    runs = queries.on_view(campaign.id, wanted, first, last, limit=_EXHIBITIONS)
    here = url_for(".sheet", language=language, campaign=campaign.slug)
    return render_template(
        "calendar/programme.html",
        countries=by_country([*runs, *found.rows], language),
        number=len(found.rows) + len(runs),
        is_cut=found.next_key is not None,
        chips=finder.chips(wanted, language, here),
        wanted=wanted,
        list_url=url_for("calendar.events", language=language, campaign=campaign.slug, **asked.query()),
        today=today,
    )


def by_country(listings: Iterable[Listed], language: str) -> list[Country]:
    """Countries and cities by their names in the reader's language; what is only online stands at the end."""
    base = _short_base()
    named = [(countries.name(one.country, language), one.card["city"], one) for one in listings]
    named.sort(key=lambda row: (not row[1], fold(row[0]), fold(row[1]), row[2].is_run, row[2].starts_local, row[2].id))
    return [
        Country(
            name=country if is_placed else _("Online"),
            cities=tuple(
                City(name=city, lines=tuple(_line(row[2], language, base) for row in rows))
                for city, rows in groupby(group, key=lambda row: row[1])
            ),
        )
        for (is_placed, country), group in groupby(named, key=lambda row: (bool(row[1]), row[0] if row[1] else ""))
    ]


def _short_base() -> str:
    """What stands before the reference in a short link, without the scheme."""
    site = current_app.extensions["settings"].public_url
    return f"{site}{url_for('calendar.short_link', ref='-')}".partition("://")[2].removesuffix("-")


def _line(one: Listed, language: str, base: str) -> Line:
    title, written_in = presenting.title_of(one, language)
    card = one.card
    return Line(
        when=_when(one),
        title=title,
        language=written_in,
        place=card["venue"],
        hosts=_(", ").join(card["hosts"]),
        mark=labels.mark(one.status),
        address=f"{base}{one.ref}",
    )


def _when(one: Listed) -> str:
    if one.is_run:
        return _("%(first)s to %(last)s", first=day_month(one.starts_on), last=day_month(one.ends_on))
    written = format_parts(one.starts_on, "MMMEd")  # `Fri 26 Feb`
    return (
        _("%(date)s, %(time)s", date=written, time=f"{one.starts_local:%H:%M}") if one.card["time_known"] else written
    )
