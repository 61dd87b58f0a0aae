"""Public reads: few statements a page, each a range of an index, whatever the number of events."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Select, bindparam, select

from campaign.calendar import counts, terms
from campaign.calendar.conditions import matching, resolved, within
from campaign.calendar.counts import DayCount
from campaign.calendar.filters import Filter
from campaign.calendar.listed import COLUMNS, Listed, known
from campaign.calendar.map.queries import Spot
from campaign.calendar.models import Listing
from campaign.calendar.searching import Counted, Search
from campaign.core import paging, statements
from campaign.core.paging import Page

__all__ = ["Counted", "Search", "matching", "resolved", "within"]
PAGE = 20
# Where counts are not prepared, counting stops here.
MOST = 100
# A list without a last day has the exhibitions of so long beside it.
SOON = timedelta(days=90)
# A day of the month grid with more events than these shows their number instead.
QUIET, SHOWN = 6, 3
# Reads that are put together once.
_OF_EVENT = select(*COLUMNS).where(Listing.event_id == bindparam("event_id")).order_by(Listing.starts_local, Listing.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Counts for the head of a campaign's home; `lights` are events by degree of longitude, where there are any.

    `places` are where they take place, exhibitions that began earlier and are still open included.
    """

    events: int
    cities: int
    countries: int
    online: int
    lights: Mapping[int, int]
    places: Sequence[Spot]


def listed(ids: Sequence[int]) -> list[Listed]:
    """These listings in order, with everything a row shows."""
    rows = statements.run(_listed(statements.dialect()), {"ids": ids}) if ids else ()
    return sorted(known(rows), key=lambda listing: listing.sort_key)


@cache
def _listed(dialect: str) -> Select[Any]:
    return select(*COLUMNS).where(statements.one_of(Listing.id, "ids", dialect))


def coming(asked: Filter, today: date) -> Filter:
    """With the centre of `near`; what is still to come where no dates are asked for."""
    wanted = resolved(asked)
    return wanted if wanted.first or wanted.last else replace(wanted, first=today)


def page_of(campaign_id: int, wanted: Filter, *, after: str | None = None, limit: int = PAGE) -> Page[Listed]:
    """Dated events in order of event-local time, from a key on. Runs (exhibitions) are in `on_view`."""
    return page(Search(campaign_id, wanted), after=after, limit=limit)


def page(search: Search, *, after: str | None = None, limit: int = PAGE) -> Page[Listed]:
    """The rows of one page of a search, and the key of the next page."""
    key = paging.decode(after, int)
    rows = listed(search.page(after=int(key[0]) if key else None, limit=limit + 1))
    return Page(rows[:limit], paging.encode(rows[limit - 1].sort_key) if len(rows) > limit else None)


def count(campaign_id: int, wanted: Filter) -> Counted:
    """How many dated events there are: exact where counts are prepared, else counted up to `MOST`."""
    return Search(campaign_id, wanted).count(MOST)


def on_view(campaign_id: int, wanted: Filter, first: date, last: date | None, *, limit: int = 30) -> list[Listed]:
    """Exhibitions open at any time between two days, or from one on, those that end soonest first."""
    return Search(campaign_id, wanted).on_view(first, last, limit=limit)


def beside(search: Search, today: date, *, limit: int) -> list[Listed]:
    """The exhibitions that stand beside a list of dated events: open within its dates, or in the coming weeks."""
    first, last = search.wanted.first or today, search.wanted.last
    return search.on_view(first, last or first + SOON, limit=limit)


def alone(search: Search, today: date, *, limit: int) -> list[Listed]:
    """The exhibitions that stand in place of a list without events: within its dates, however far ahead."""
    return search.on_view(search.wanted.first or today, search.wanted.last, limit=limit)


def month(search: Search) -> tuple[Mapping[date, DayCount], list[Listed]]:
    """What every day of a search's dates has, and the first few events of the days that are not busy."""
    numbers = search.by_day()
    spans = _quiet_spans(numbers)
    if not spans:
        return numbers, []
    by_day = groupby(listed(search.during(spans)), key=lambda listing: listing.starts_on)
    return numbers, [listing for _day, group in by_day for listing in list(group)[:SHOWN]]


def _quiet_spans(numbers: Mapping[date, DayCount]) -> list[tuple[date, date]]:
    """First and last day of each span without a busy day."""
    spans = []
    for is_busy, group in groupby(sorted(numbers), key=lambda day: numbers[day].events > QUIET):
        days = list(group)
        spans += [] if is_busy else [(days[0], days[-1])]
    return spans


def edition(campaign_id: int, first: date, last: date, spots: Iterable[Spot]) -> Edition:
    """The sober counts of an edition, from prepared rows and where its events are; cancelled ones are not counted."""
    numbers = counts.between(campaign_id, (terms.EVENT, terms.ONLINE), first, last)
    placed = [spot for spot in spots if spot.key]
    lights: Counter[int] = Counter()
    for spot in placed:
        if spot.longitude is not None:
            lights[round(spot.longitude)] += spot.events
    return Edition(
        events=numbers[terms.EVENT],
        online=numbers[terms.ONLINE],
        cities=len(placed),
        countries=len({spot.country for spot in placed}),
        lights=lights,
        places=placed,
    )


def of_event(event_id: int) -> list[Listed]:
    """All dates of one event."""
    return known(statements.run(_OF_EVENT, {"event_id": event_id}))
