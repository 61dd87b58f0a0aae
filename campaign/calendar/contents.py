"""What a calendar file of a filter holds: the zones it needs, and the stored VEVENTs, a few hundred at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select, union_all

from campaign.calendar.conditions import resolved
from campaign.calendar.filters import Filter
from campaign.calendar.models import Listing
from campaign.calendar.searching import Search
from campaign.core.db import db

MOST = 20_000
AT_ONCE = 500


class Contents:
    """From `since` on, where the filter names no first day; exhibitions first, then dated events in their order."""

    def __init__(self, campaign_id: int, wanted: Filter, since: date) -> None:
        asked = resolved(wanted)
        self._first, self._last = asked.first or since, asked.last
        self._search = Search(campaign_id, replace(asked, first=self._first))

    def zones(self) -> tuple[set[str], tuple[int, int]]:
        """The zones of all that is in it, and the first and last year of their clocks."""
        parts = [s.subquery() for s in self._statements(Listing.time_zone, Listing.starts_on, Listing.ends_on)]
        rows = union_all(*(select(part) for part in parts)).subquery().c
        spans = select(rows.time_zone, func.min(rows.starts_on), func.max(rows.ends_on)).group_by(rows.time_zone)
        found = [tuple(row) for row in db.session.execute(spans)]
        years = (min((r[1].year for r in found), default=2000), max((r[2].year for r in found), default=2000))
        return {zone for zone, _first, _last in found}, years

    def pieces(self, *columns: Any) -> Iterator[Sequence[tuple[Any, ...]]]:
        """These columns of the listings, `MOST` at most, as lists of a few hundred: never all of them at once."""
        left = MOST
        for statement in self._statements(*columns):
            for rows in db.session.execute(statement.execution_options(yield_per=AT_ONCE)).partitions():
                yield rows[:left]
                left -= len(rows)
                if left <= 0:
                    return

    def _statements(self, *columns: Any) -> tuple[Select[Any], Select[Any]]:
        runs = self._search.exhibitions(self._first, self._last, *columns, reads_all=True)
        return runs.limit(MOST), self._search.rows(*columns, reads_all=True).limit(MOST)
