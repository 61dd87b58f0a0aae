"""A listing as pages read it: past the ORM, and decoded only where it says something that was not known yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from campaign.calendar.models import Listing
from campaign.core.statements import Known
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


_LISTED = Known([Listing.__table__.c[field.name] for field in fields(Listed)], Listed, 2000)
# What a statement selects for `known`, which makes listings of its rows.
COLUMNS, known = _LISTED.columns, _LISTED.read


def with_events(rows: Iterable[Sequence[Any]]) -> list[tuple[Listed, Event]]:
    """Rows of an event and `COLUMNS` as pairs."""
    found = list(rows)
    return list(zip(known(row[1:] for row in found), (row[0] for row in found), strict=True))
