"""What a calendar file holds: the zones it needs, and the stored VEVENTs, a few hundred at a time."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, union_all

from campaign.calendar.conditions import resolved
from campaign.calendar.filters import Filter
from campaign.calendar.models import Listing, listing_vevents
from campaign.calendar.searching import Search
from campaign.core.db import IN_BINARY, db

MOST = 20_000
AT_ONCE = 500
# First and last year.
Years = tuple[int, int]


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
    """From `since` on, where the filter names no first day; exhibitions first, then dated events in their order."""

    def __init__(self, campaign_id: int, wanted: Filter, since: date) -> None:
        asked = resolved(wanted)
        self._first, self._last = asked.first or since, asked.last
        self._search = Search(campaign_id, replace(asked, first=self._first))

    def zones(self) -> tuple[set[str], Years]:
        """The zones of all that is in it, and the years of their clocks."""
        parts = [statement.subquery().c for statement in self._statements(*_ZONES)]
        spans = [select(p.time_zone, func.min(p.starts_on), func.max(p.ends_on)).group_by(p.time_zone) for p in parts]
        return zones(tuple(row) for row in db.session.execute(union_all(*spans)))

    def vevents(self) -> Iterator[bytes]:
        """The VEVENTs, `MOST` at most, a few hundred in a piece: never all of them at once."""
        left = MOST
        for statement in self._statements(listing_vevents.c.vevent):
            found = db.session.execute(statement, execution_options={"yield_per": AT_ONCE, **IN_BINARY})
            for some in found.scalars().partitions():
                yield b"".join(some[:left])
                left -= len(some)
                if left <= 0:
                    return

    def stored(self) -> Iterator[Stored]:
        """The same one by one, with what a file of several filters must know of them."""
        return islice(chain.from_iterable(map(_read, self._statements(*_STORED))), MOST)

    def _statements(self, *columns: Any) -> tuple[Select[Any], Select[Any]]:
        runs = self._search.exhibitions(self._first, self._last, *columns, reads_all=True)
        runs = runs.join(listing_vevents, listing_vevents.c.listing_id == Listing.id)
        return runs.limit(MOST), self._search.vevents(*columns).limit(MOST)


def of_events(event_ids: Collection[int]) -> list[Stored]:
    """All dates of these events."""
    statement = select(*_STORED).join(Listing, Listing.id == listing_vevents.c.listing_id)
    return sorted(_read(statement.where(Listing.event_id.in_(event_ids))))


def zones(spans: Iterable[tuple[str, date, date]]) -> tuple[set[str], Years]:
    """All zones of (zone, first day, last day), and the years in which their clocks must be known."""
    found = list(spans)
    years = (
        min((first.year for _, first, _ in found), default=2000),
        max((last.year for *_, last in found), default=2000),
    )
    return {zone for zone, _first, _last in found}, years


def _read(statement: Select[Any]) -> Iterator[Stored]:
    return map(Stored._make, db.session.execute(statement, execution_options=IN_BINARY))
