"""The month grid: weeks of cells, lanes of exhibitions, a summarised day of remembrance."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from campaign.calendar import queries
from campaign.calendar.counts import DayCount
from campaign.calendar.filters import Filter
from campaign.calendar.listed import Listed
from campaign.calendar.presenting import days_between, page_url, title_of
from campaign.calendar.queries import QUIET, SHOWN
from campaign.campaigns.models import Campaign
from campaign.core.languages import format_date
from campaign.events import labels

LANES = 3
# So many exhibitions of one month are looked at; where there are as many, the page says "or more".
MOST_RUNS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An event as a bar or a cell names it: where, what, and its page; `status` as in a row of the list."""

    status: str
    place: str
    title: str
    language: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """An exhibition's bar in one week: grid columns `start` (1 to 7) and `span`, open at the sides where it goes on.

    `period` is `10–28 Feb` in its first week and `until 28 Feb` after that.
    """

    event: Named
    period: str
    start: int
    span: int
    is_begun: bool
    goes_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEvent:
    """An event in a day's cell; `time` is empty where only the day is known."""

    event: Named
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day. `more` are events that do not fit; a busy day has `busy` instead, with its number and its cities."""

    date: date
    day: int
    date_url: str
    is_other_month: bool
    is_key: bool
    is_today: bool
    events: tuple[CellEvent, ...]
    more: int = 0
    busy: DayCount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days, `15–21 Feb` by name; `more` exhibitions have no lane (`is_least`: or more), `url` lists them."""

    name: str
    cells: tuple[Cell, ...]
    lanes: tuple[Lane, ...]
    more: int
    is_least: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month as weeks; `weekdays` are names in the page's language, `events` the number of its own days."""

    name: str
    events: int
    weekdays: tuple[str, ...]
    weeks: tuple[Week, ...]


def span(year: int, month: int) -> tuple[date, date]:
    """First and last day of the grid, Monday to Sunday."""
    first = date(year, month, 1)
    last = date(year, month, calendar.monthrange(year, month)[1])
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def grid(campaign: Campaign, wanted: Filter, language: str, on: date, today: date) -> Month:
    """The month in which a day lies for a filter, whose own dates do not count, with links to its days and weeks."""
    first, last = span(on.year, on.month)
    search = queries.Search(campaign.id, replace(wanted, first=first, last=last))
    counts, rows = queries.month(search)
    made = _Grid(
        campaign=campaign,
        wanted=wanted,
        language=language,
        month=on.month,
        today=today,
        counts=counts,
        rows=rows,
        runs=search.on_view(first, last, limit=MOST_RUNS),
    )
    return Month(
        name=format_date(on, "LLLL yyyy"),
        events=sum(number.events for day, number in counts.items() if day.month == on.month),
        weekdays=tuple(format_date(first + timedelta(days=n), "EEEE") for n in range(7)),
        weeks=tuple(made.week(first + timedelta(days=7 * n)) for n in range(((last - first).days + 1) // 7)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """What was read for one month, put into cells and lanes."""

    campaign: Campaign
    wanted: Filter
    language: str
    month: int
    today: date
    counts: Mapping[date, DayCount]
    rows: Sequence[Listed]
    runs: Sequence[Listed]

    def week(self, start: date) -> Week:
        end = start + timedelta(days=6)
        open_then = [run for run in self.runs if run.starts_on <= end and run.ends_on >= start]
        query = replace(self.wanted, first=start, last=end).query()
        return Week(
            name=days_between(start, end),
            cells=tuple(self.cell(start + timedelta(days=n)) for n in range(7)),
            lanes=tuple(self.lane(run, start) for run in open_then[:LANES]),
            more=max(0, len(open_then) - LANES),
            is_least=len(self.runs) == MOST_RUNS,
            url=url_for("calendar.events", **self._home(), **query),
        )

    def cell(self, on: date) -> Cell:
        number = self.counts.get(on)
        busy = number if number and number.events > QUIET else None
        at: dict[str, Any] = {"year": on.year, "month": on.month, "day": on.day}
        return Cell(
            date=on,
            day=on.day,
            date_url=url_for("calendar.day", **self._home(), **at, **self.wanted.query()),
            is_other_month=on.month != self.month,
            is_key=(on.month, on.day) == (self.campaign.month, self.campaign.day),
            is_today=on == self.today,
            events=() if busy else tuple(self.event(row) for row in self.rows if row.starts_on == on),
            more=max(0, number.events - SHOWN) if number and not busy else 0,
            busy=busy,
        )

    def lane(self, listing: Listed, week: date) -> Lane:
        end = week + timedelta(days=6)
        first, last = max(listing.starts_on, week), min(listing.ends_on, end)
        is_begun = listing.starts_on < week
        until = _("until %(date)s", date=format_date(listing.ends_on, "d MMM"))
        return Lane(
            event=self._named(listing),
            period=until if is_begun else days_between(listing.starts_on, listing.ends_on),
            start=(first - week).days + 1,
            span=(last - first).days + 1,
            is_begun=is_begun,
            goes_on=listing.ends_on > end,
        )

    def event(self, listing: Listed) -> CellEvent:
        time = f"{listing.starts_local:%H:%M}" if listing.card["time_known"] else ""
        return CellEvent(event=self._named(listing), time=time)

    def _named(self, listing: Listed) -> Named:
        title, spoken_in = title_of(listing, self.language)
        return Named(
            status=labels.mark(listing.status),
            place=listing.card["city"] or _("Online"),
            title=title,
            language=spoken_in,
            url=page_url(listing, self.language, self.campaign.slug),
        )

    def _home(self) -> dict[str, Any]:
        return {"language": self.language, "campaign": self.campaign.slug}
