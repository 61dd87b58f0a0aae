"""The month grid: weeks of cells, lanes of exhibitions, a summarised day of remembrance."""

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from campaign.calendar import context, queries
from campaign.calendar.counts import DayCount
from campaign.calendar.filters import Filter
from campaign.calendar.models import Listing
from campaign.calendar.presenting import page_url, title_of
from campaign.calendar.queries import QUIET, SHOWN
from campaign.campaigns.models import Campaign

LANES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """An exhibition's bar in one week: grid columns `start` (1 to 7) and `span`."""

    title: str
    language: str
    url: str
    start: int
    span: int
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEvent:
    """An event in a day's cell."""

    url: str
    label: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day. `summary` stands for events that do not fit."""

    date: date
    day: int
    name: str
    date_url: str
    is_other_month: bool
    is_key: bool
    is_today: bool
    events: tuple[CellEvent, ...]
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    cells: tuple[Cell, ...]
    lanes: tuple[Lane, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month as weeks; `weekdays` are short names in the page's language."""

    name: str
    weekdays: tuple[str, ...]
    weeks: tuple[Week, ...]


def span(year: int, month: int) -> tuple[date, date]:
    """First and last day of the grid, Monday to Sunday."""
    first = date(year, month, 1)
    last = date(year, month, calendar.monthrange(year, month)[1])
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def grid(campaign: Campaign, wanted: Filter, language: str, year: int, month: int) -> Month:
    """The month of a filter, whose own dates do not count, with links to its days."""
    first, last = span(year, month)
    query = wanted.query()
    home: dict[str, Any] = {"language": language, "campaign": campaign.slug}
    search = queries.Search(campaign.id, replace(wanted, first=first, last=last))
    counts, rows = queries.month(search)
    return build(
        year,
        month,
        rows=rows,
        counts=counts,
        runs=queries.exhibitions(search, first, last, limit=60),
        key_day=(campaign.month, campaign.day),
        today=context.today_anywhere(),
        language=language,
        campaign=campaign.slug,
        day_url=lambda d: url_for("calendar.day", **home, year=d.year, month=d.month, day=d.day, **query),
    )


def build(
    year: int,
    month: int,
    *,
    rows: Sequence[Listing],
    counts: Mapping[date, DayCount],
    runs: Sequence[Listing],
    key_day: tuple[int, int],
    today: date,
    language: str,
    campaign: str,
    day_url: Callable[[date], str],
) -> Month:
    """Put prepared rows into a grid."""
    first, last = span(year, month)
    by_day: dict[date, list[Listing]] = {}
    for listing in rows:
        by_day.setdefault(listing.starts_on, []).append(listing)

    def cell(on: date) -> Cell:
        return Cell(
            date=on,
            day=on.day,
            name=format_date(on, "full"),
            date_url=day_url(on),
            is_other_month=on.month != month,
            is_key=(on.month, on.day) == key_day,
            is_today=on == today,
            events=tuple(_event(x, language, campaign) for x in by_day.get(on, []) if not _is_busy(counts, on)),
            summary=_summary(counts, on),
        )

    starts = (first + timedelta(days=7 * n) for n in range(((last - first).days + 1) // 7))
    weeks = [_week(start, cell, runs, language, campaign) for start in starts]
    names = tuple(format_date(first + timedelta(days=n), "EEE") for n in range(7))
    return Month(name=format_date(date(year, month, 1), "LLLL yyyy"), weekdays=names, weeks=tuple(weeks))


def _week(start: date, cell: Callable[[date], Cell], runs: Sequence[Listing], language: str, campaign: str) -> Week:
    end = start + timedelta(days=6)
    lanes = [_lane(run, start, language, campaign) for run in runs if run.starts_on <= end and run.ends_on >= start]
    cells = tuple(cell(start + timedelta(days=n)) for n in range(7))
    return Week(cells=cells, lanes=tuple(lanes[:LANES]), more=max(0, len(lanes) - LANES))


def _is_busy(counts: Mapping[date, DayCount], on: date) -> bool:
    return on in counts and counts[on].events > QUIET


def _summary(counts: Mapping[date, DayCount], on: date) -> str:
    """`27 events in 22 cities` for a busy day, `2 more` for one with a few more than are shown."""
    number = counts.get(on)
    if number is None or number.events <= SHOWN:
        return ""
    if number.events <= QUIET:
        return ngettext("%(num)d more", "%(num)d more", number.events - SHOWN)
    told = ngettext("%(num)d event", "%(num)d events", number.events)
    if not number.cities:
        return told
    where = ngettext("%(num)d city", "%(num)d cities", number.cities)
    return _("%(events)s in %(cities)s", events=told, cities=where)


def _event(listing: Listing, language: str, campaign: str) -> CellEvent:
    title, spoken_in = title_of(listing, language)
    time = f"{listing.starts_local:%H:%M}" if listing.card["time_known"] else ""
    city = listing.card["city"] or _("Online")
    label = (
        _("%(time)s %(city)s · %(title)s", time=time, city=city, title=title)
        if time
        else _("%(city)s · %(title)s", city=city, title=title)
    )
    return CellEvent(url=page_url(listing, language, campaign), label=label, language=spoken_in)


def _lane(listing: Listing, week: date, language: str, campaign: str) -> Lane:
    title, spoken_in = title_of(listing, language)
    first = max(listing.starts_on, week)
    last = min(listing.ends_on, week + timedelta(days=6))
    return Lane(
        title=title,
        language=spoken_in,
        url=page_url(listing, language, campaign),
        start=(first - week).days + 1,
        span=(last - first).days + 1,
        until=_("until %(date)s", date=format_date(listing.ends_on, "d MMM")),
    )
