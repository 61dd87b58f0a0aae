"""A listing as pages read it: past the ORM, and decoded only where it says something that was not known yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from threading import Lock
from typing import Any

from cachetools import LRUCache

from campaign.calendar.models import Listing
from campaign.core import statements
from campaign.events.lifecycle import Duration, Entry, Mode, Status, Type
from campaign.events.models import Event


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """What the public sees of a `Listing`; the same object again as long as the row says the same."""

    id: int
    event_id: int
    sort_key: int
    ref: str
    position: int
    changed_at: datetime
    status: Status
    type: Type
    duration: Duration
    is_run: bool
    mode: Mode
    entry: Entry | None
    is_free: bool
    country: str
    city_key: str
    latitude: float | None
    longitude: float | None
    time_zone: str
    starts_local: datetime
    starts_on: date
    ends_on: date
    starts_at: datetime
    ends_at: datetime
    card: dict[str, Any]


_STORED = [Listing.__table__.c[field.name] for field in fields(Listed)]
# What a statement selects for `known`.
COLUMNS = [statements.undecoded(column) for column in _STORED]
_known: LRUCache[tuple[Any, ...], Listed] = LRUCache(2000)
_lock = Lock()


def known(rows: Iterable[Sequence[Any]]) -> list[Listed]:
    """Rows of `COLUMNS` as listings, in their order."""
    found = [tuple(row) for row in rows]
    with _lock:
        before = {row: _known.get(row) for row in found}
    if new := [row for row, listing in before.items() if listing is None]:
        decoded = statements.decoder(_STORED)
        made = {row: Listed(*decoded(row)) for row in new}
        with _lock:
            _known.update(made)
        before |= made
    return [listing for row in found if (listing := before[row]) is not None]


def with_events(rows: Iterable[Sequence[Any]]) -> list[tuple[Listed, Event]]:
    """Rows of an event and `COLUMNS` as pairs."""
    found = list(rows)
    return list(zip(known(row[1:] for row in found), (row[0] for row in found), strict=True))
