"""What a calendar file holds: the zones it needs, and the stored VEVENTs, a few hundred at a time."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, true, union_all

from campaign.calendar.conditions import resolved
from campaign.calendar.filters import Filter
from campaign.calendar.models import Listing, listing_vevents
from campaign.calendar.searching import Search
from campaign.campaigns import days
from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.db import IN_BINARY, db

# So many dated events, and so many exhibitions.
MOST, MOST_RUNS = 20_000, 5_000
AT_ONCE = 500
# First and last year.
Years = tuple[int, int]
# First and last day; no last one where it is open.
Span = tuple[date, date | None]


class Stored(NamedTuple):
    """One date of an event as files have it; in the order of lists."""

    sort_key: int
    vevent: bytes
    time_zone: str
    starts_on: date
    ends_on: date


_STORED = [listing_vevents.c[name] for name in Stored._fields]
_ZONES = (listing_vevents.c.time_zone, listing_vevents.c.starts_on, listing_vevents.c.ends_on)


class Contents:
    """From `since` on, where the filter names no first day; exhibitions first, then dated events in their order.

    Where that is too much, it is what is nearest to the day of remembrance.
    """

    def __init__(self, campaign: Campaign, wanted: Filter, since: date) -> None:
        asked = resolved(wanted)
        self.campaign, self.wanted = campaign, wanted
        self._first, self._last = asked.first or since, asked.last
        self._search = Search(campaign.id, replace(asked, first=self._first))

    @cached_property
    def day(self) -> date:
        """The coming day of remembrance, or the first one of the filter's days; where there is none, the first day."""
        years = (days.in_year(self.campaign, self._first.year + more) for more in (0, 1))
        found = (days.coming(self.campaign, clock.now()), *years)
        return next((day for day in found if self._first <= day <= (self._last or day)), self._first)

    @cached_property
    def is_cut(self) -> bool:
        """Whether more is found than a file holds."""
        return self._search.has_more_than(MOST) or self._has_many_runs()

    def _has_many_runs(self) -> bool:
        """Counted among all of the campaign first, in an index alone; only where those are many by the filter."""
        row = listing_vevents.c
        all_runs = select(row.sort_key).where(row.campaign_id == self.campaign.id, row.is_run == true())
        for runs in (all_runs, self._runs(row.sort_key)):
            counted = select(func.count()).select_from(runs.limit(MOST_RUNS + 1).subquery())
            if db.session.scalars(counted).one() <= MOST_RUNS:
                return False
        return True

    def zones(self) -> tuple[set[str], Years]:
        """The zones of all that is in it, and the years of their clocks."""
        runs, dated = _spanned(self._runs(*_ZONES).limit(MOST_RUNS)), self._dated(*_ZONES)
        if not self.is_cut:
            return zones(tuple(row)[:3] for row in db.session.execute(union_all(runs, _spanned(dated[0]))))
        found, left = [*db.session.execute(runs)], MOST
        for statement in dated:
            found += (some := db.session.execute(_spanned(statement.limit(left))).all())
            left -= sum(number for *_span, number in some)
        return zones(tuple(row)[:3] for row in found)

    def vevents(self) -> Iterator[bytes]:
        """The VEVENTs, a few hundred in a piece: never all of them at once."""
        for some in self._pieces(listing_vevents.c.vevent):
            yield b"".join([vevent for (vevent,) in some])

    def stored(self) -> Iterator[Stored]:
        """The same one by one, with what a file of several filters must know of them."""
        return map(Stored._make, chain.from_iterable(self._pieces(*_STORED)))

    def _pieces(self, *columns: Any) -> Iterator[Sequence[Any]]:
        yield from _read(self._runs(*columns).limit(MOST_RUNS))
        left = MOST
        for statement in self._dated(*columns):
            for some in _read(statement.limit(left)):
                left -= len(some)
                yield some
            if not left:
                return

    def _dated(self, *columns: Any) -> list[Select[Any]]:
        """What a file has of dated events, in this order."""
        spans = around(self.day, self._first, self._last) if self.is_cut else [None]
        return [self._search.vevents(*columns, span=span) for span in spans]

    def _runs(self, *columns: Any) -> Select[Any]:
        runs = self._search.exhibitions(self._first, self._last, *columns, reads_all=True)
        return runs.join(listing_vevents, listing_vevents.c.listing_id == Listing.id)


def around(day: date, first: date, last: date | None) -> list[Span]:
    """All from `first` to `last`, which may be open, as spans: the day, a week on both sides, four weeks, the rest."""
    spans: list[Span] = [(day, day)]
    one, week, month = (timedelta(days=number) for number in (1, 7, 28))
    for near, far in ((one, week), (week + one, month)):
        spans += [(day + near, min(day + far, last or date.max)), (max(day - far, first), day - near)]
    spans += [(day + month + one, last), (first, day - month - one)]
    return [(begin, end) for begin, end in spans if end is None or begin <= end]


def _spanned(statement: Select[Any]) -> Select[Any]:
    found = statement.subquery().c
    columns = (func.min(found.starts_on), func.max(found.ends_on), func.count())
    return select(found.time_zone, *columns).group_by(found.time_zone)


def of_events(event_ids: Collection[int]) -> list[Stored]:
    """All dates of these events."""
    statement = select(*_STORED).join(Listing, Listing.id == listing_vevents.c.listing_id)
    pieces = _read(statement.where(Listing.event_id.in_(event_ids)))
    return sorted(map(Stored._make, chain.from_iterable(pieces)))


def zones(spans: Iterable[tuple[str, date, date]]) -> tuple[set[str], Years]:
    """All zones of (zone, first day, last day), and the years in which their clocks must be known."""
    found = list(spans)
    years = (
        min((first.year for _, first, _ in found), default=2000),
        max((last.year for *_, last in found), default=2000),
    )
    return {zone for zone, _first, _last in found}, years


def _read(statement: Select[Any]) -> Iterator[Sequence[Any]]:
    """Rows, a few hundred at a time."""
    options = {"yield_per": AT_ONCE, **IN_BINARY}
    return db.session.execute(statement, execution_options=options).partitions()
