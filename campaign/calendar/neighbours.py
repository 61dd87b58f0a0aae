"""What else there is: events near another one, and events of the same day; one statement each, from an index."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from campaign.calendar.models import Listing
from campaign.core.db import db
from campaign.events.lifecycle import Status
from campaign.events.models import Event

MANY = 3
# An event with several dates would fill the list alone: a few more rows are read than shown.
_READ = 8
_Column = ColumnElement[Any] | InstrumentedAttribute[Any]
# Exhibitions that began this long ago and are still open are found too; older rows are never read.
_LONGEST = timedelta(days=120)


def near(event: Event, key: str, today: date, *, but: Sequence[int] = ()) -> list[Listing]:
    """What comes in the same city (`key`: Listing.city_key), then in the same country; soonest first."""
    if not event.country:
        return []
    open_still = (Listing.starts_on >= today - _LONGEST, Listing.ends_on >= today)
    here = _rows_of(event, Listing.city_key == key, *open_still)
    there = _rows_of(event, Listing.country == event.country, Listing.city_key != key, *open_still)
    rank = case((Listing.city_key == key, 0), else_=1)
    return _first([here, there], rank, Listing.starts_on, Listing.starts_local, but=but)


def same_day(event: Event, key: str, on: date, at: datetime, *, but: Sequence[int] = ()) -> list[Listing]:
    """What else there is on a day elsewhere: what begins at the same local time or later, then what began earlier."""
    elsewhere = (Listing.starts_on == on, Listing.is_run.is_(False), Listing.city_key != key)
    later = _rows_of(event, *elsewhere, Listing.starts_local >= at)
    earlier = _rows_of(event, *elsewhere, Listing.starts_local < at, is_descending=True)
    rank = case((Listing.starts_local >= at, 0), else_=1)
    return _first([later, earlier], rank, Listing.starts_local, but=but)


def _rows_of(event: Event, *where: ColumnElement[bool], is_descending: bool = False) -> Select[int]:
    """Ids of the first few rows of one index range."""
    order = (Listing.starts_on, Listing.starts_local, Listing.id)
    chosen = (
        select(Listing.id)
        .where(
            Listing.campaign_id == event.campaign_id,
            Listing.status == Status.PUBLISHED,
            Listing.event_id != event.id,
            *where,
        )
        .order_by(*(column.desc() if is_descending else column for column in order))
        .limit(_READ)
        .subquery()
    )
    return select(chosen.c.id)


def _first(parts: Sequence[Select[int]], *order: _Column, but: Sequence[int]) -> list[Listing]:
    """The rows of the parts in order, every event once, without those that the page shows already."""
    statement = select(Listing).where(Listing.id.in_(union_all(*parts))).order_by(*order, Listing.id)
    found: dict[int, Listing] = {}
    for listing in db.session.scalars(statement):
        if listing.event_id not in but:
            found.setdefault(listing.event_id, listing)
    return list(found.values())[:MANY]
