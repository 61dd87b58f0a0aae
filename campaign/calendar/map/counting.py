"""Keeps the counts by place true, in the transaction that changes what the public sees."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, case, cast, delete, extract, func, insert, literal, select

from campaign.calendar.map import periods
from campaign.calendar.map.models import ListedCount, ListedPlace
from campaign.calendar.models import Listing
from campaign.core.db import db, insert_or
from campaign.events import queries as events
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Mode, Status
from campaign.events.models import Event
from campaign.places.queries import find_city_by_id

Counted = Counter[tuple[str, date]]


def counted(event_id: int) -> Counted:
    """What an event's listings add to the counts: (place, day) pairs. Only what takes place is counted."""
    columns = (Listing.city_key, Listing.mode, Listing.starts_on)
    statement = select(*columns).where(Listing.event_id == event_id, Listing.status == Status.PUBLISHED)
    return Counter(("" if mode is Mode.ONLINE else key, day) for key, mode, day in db.session.execute(statement))


def replace(event: Event, before: Counted) -> None:
    """Move the counts from what an event added before to what it adds now."""
    now = counted(event.id)
    for key in sorted({key for key, _day in now}):
        _keep_place(event.campaign_id, key, event.details)
    change: Counter[tuple[int, str]] = Counter()
    for number, pairs in ((1, now), (-1, before)):
        for (key, day), times in pairs.items():
            for period in periods.of(day):
                change[period, key] += number * times
    _move(event.campaign_id, {pair: number for pair, number in change.items() if number})


def recount(campaign_id: int) -> None:
    """Count a whole campaign anew, after many listings were written at once."""
    key = case((Listing.mode == Mode.ONLINE, ""), else_=Listing.city_key)
    is_counted = (Listing.campaign_id == campaign_id, Listing.status == Status.PUBLISHED)
    samples = select(key, func.max(Listing.event_id)).where(*is_counted).group_by(key)
    known = set(db.session.scalars(select(ListedPlace.key).where(ListedPlace.campaign_id == campaign_id)))
    for place, event_id in db.session.execute(samples).all():
        event = events.find(event_id) if place not in known else None
        if event is not None:
            _keep_place(campaign_id, place, event.details)
    db.session.execute(delete(ListedCount).where(ListedCount.campaign_id == campaign_id))
    month = extract("year", Listing.starts_on) * 100 + extract("month", Listing.starts_on)
    is_there = (ListedPlace.campaign_id == campaign_id, ListedPlace.key == key)
    for period in (month * 100 + extract("day", Listing.starts_on), month):
        number = cast(period, Integer)
        counted = select(literal(campaign_id), ListedPlace.id, number, func.count()).join(ListedPlace, and_(*is_there))
        rows = counted.where(*is_counted).group_by(ListedPlace.id, number)
        db.session.execute(insert(ListedCount).from_select(["campaign_id", "place_id", "period", "events"], rows))


def _keep_place(campaign_id: int, key: str, details: EventDetails) -> None:
    """The row of the place where an event is: the last spelling of its name wins, a position once known stays."""
    city = find_city_by_id(details.city_id) if key and details.city_id else None
    values = {
        "name": details.city if key else "",
        "country": details.country if key else "",
        "latitude": city.latitude if city else None,
        "longitude": city.longitude if city else None,
        "time_zone": details.time_zone if key else "UTC",
    }
    fresh = insert_or(ListedPlace).values(campaign_id=campaign_id, key=key, **values)
    known = values if city else {name: values[name] for name in ("name", "country", "time_zone")}
    changed = fresh.on_conflict_do_update(index_elements=["campaign_id", "key"], set_=known)
    db.session.execute(changed)


def _move(campaign_id: int, change: Mapping[tuple[int, str], int]) -> None:
    if not change:
        return
    ids = _ids(campaign_id, {key for _period, key in change})
    # In one order, so that two transactions may wait for each other and never in a circle.
    rows: list[dict[str, Any]] = [
        {"campaign_id": campaign_id, "period": period, "place_id": ids[key], "events": change[period, key]}
        for period, key in sorted(change)
    ]
    fresh = insert_or(ListedCount).values(rows)
    added = {"events": ListedCount.events + fresh.excluded.events}
    db.session.execute(
        fresh.on_conflict_do_update(index_elements=["campaign_id", "period", "place_id"], set_=added),
        execution_options={"synchronize_session": False},
    )
    if min(change.values()) < 0:
        db.session.execute(
            delete(ListedCount).where(ListedCount.place_id.in_(ids.values()), ListedCount.events <= 0),
            execution_options={"synchronize_session": False},
        )


def _ids(campaign_id: int, keys: Iterable[str]) -> dict[str, int]:
    statement = select(ListedPlace.key, ListedPlace.id).where(
        ListedPlace.campaign_id == campaign_id, ListedPlace.key.in_(sorted(keys))
    )
    return {row.key: row.id for row in db.session.execute(statement)}
