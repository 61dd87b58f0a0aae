"""What else there is: events near another one, and events of the same day; one statement each, from an index."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from campaign.calendar.listed import COLUMNS, Listed, known
from campaign.calendar.models import Listing
from campaign.core import statements
from campaign.events.lifecycle import Status
from campaign.events.models import Event

MANY = 3
# An event with several dates would fill the list alone: a few more rows are read than shown.
_READ = 8
_Column = ColumnElement[Any] | InstrumentedAttribute[Any]
# Exhibitions that began this long ago and are still open are found too; older rows are never read.
_LONGEST = timedelta(days=120)


def near(event: Event, key: str, today: date, *, but: Sequence[int] = ()) -> list[Listed]:
    """What comes in the same city (`key`: Listing.city_key), then in the same country; soonest first."""
    if not event.country:
        return []
    values = {"country": event.country, "since": today - _LONGEST, "today": today}
    return _first(_NEAR, event, key, values, but=but)


def same_day(event: Event, key: str, on: date, at: datetime, *, but: Sequence[int] = ()) -> list[Listed]:
    """What else there is on a day elsewhere: what begins at the same local time or later, then what began earlier."""
    return _first(_SAME_DAY, event, key, {"on": on, "at": at}, but=but)


def _rows_of(*where: ColumnElement[bool], is_descending: bool = False) -> Select[int]:
    """Ids of the first few rows of one index range."""
    order = (Listing.starts_on, Listing.starts_local, Listing.id)
    chosen = (
        select(Listing.id)
        .where(
            Listing.campaign_id == bindparam("campaign_id"),
            Listing.status == Status.PUBLISHED,
            Listing.event_id != bindparam("event_id"),
            *where,
        )
        .order_by(*(column.desc() if is_descending else column for column in order))
        .limit(_READ)
        .subquery()
    )
    return select(chosen.c.id)


def _in_order(parts: Sequence[Select[int]], *order: _Column) -> Select[Any]:
    return select(*COLUMNS).where(Listing.id.in_(union_all(*parts))).order_by(*order, Listing.id)


def _near() -> Select[Any]:
    is_here = Listing.city_key == bindparam("key")
    open_still = (Listing.starts_on >= bindparam("since"), Listing.ends_on >= bindparam("today"))
    here = _rows_of(is_here, *open_still)
    there = _rows_of(Listing.country == bindparam("country"), Listing.city_key != bindparam("key"), *open_still)
    return _in_order([here, there], case((is_here, 0), else_=1), Listing.starts_on, Listing.starts_local)


def _same_day() -> Select[Any]:
    is_later, is_earlier = Listing.starts_local >= bindparam("at"), Listing.starts_local < bindparam("at")
    is_elsewhere = Listing.city_key != bindparam("key")
    elsewhere = (Listing.starts_on == bindparam("on"), Listing.is_run.is_(False), is_elsewhere)
    later, earlier = _rows_of(*elsewhere, is_later), _rows_of(*elsewhere, is_earlier, is_descending=True)
    return _in_order([later, earlier], case((is_later, 0), else_=1), Listing.starts_local)


# Put together once: that takes longer than to run them.
_NEAR, _SAME_DAY = _near(), _same_day()


def _first(
    statement: Select[Any], event: Event, key: str, values: Mapping[str, Any], *, but: Sequence[int]
) -> list[Listed]:
    """What a statement finds beside an event, every event once, without those that the page shows already."""
    about = {"campaign_id": event.campaign_id, "event_id": event.id, "key": key, **values}
    found: dict[int, Listed] = {}
    for listing in known(statements.run(statement, about)):
        if listing.event_id not in but:
            found.setdefault(listing.event_id, listing)
    return list(found.values())[:MANY]
