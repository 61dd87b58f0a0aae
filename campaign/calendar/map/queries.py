"""How many events there are where: one statement, whatever the number of events."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, Subquery, and_, case, cast, func, literal, select, union_all

from campaign.calendar import versions
from campaign.calendar.conditions import matching, resolved, within
from campaign.calendar.filters import Filter
from campaign.calendar.listed import COLUMNS, Listed, with_events
from campaign.calendar.map import periods
from campaign.calendar.map.models import ListedCount, ListedPlace
from campaign.calendar.models import Listing
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events.lifecycle import Mode, Status
from campaign.events.models import Event


class Spot(NamedTuple):
    """A place and how many events are there; the key is empty for those that are only online.

    `country` is an ISO 3166-1 code, degrees are WGS 84 and None where the city is not in the gazetteer.
    """

    key: str
    name: str
    country: str
    latitude: float | None
    longitude: float | None
    time_zone: str
    events: int


def spots(campaign_id: int, wanted: Filter) -> list[Spot]:
    """Where the events are that a filter finds, exhibitions included, cancelled ones not; in order of their keys.

    Sums of prepared counts for a filter of dates and places, which is what nearly everybody asks; else the listings
    are counted by place in the database.
    """
    if wanted.first and wanted.last and wanted.last < wanted.first:
        return []
    wanted = resolved(wanted)
    found = _prepared(campaign_id, wanted) if _is_plain(wanted) else _counted(campaign_id, wanted)
    # Summed before names are looked up: for each place once. Sorted here, because engines order words differently.
    numbers = (
        select(found.c.place_id, cast(func.sum(found.c.events), Integer).label("events"))
        .group_by(found.c.place_id)
        .subquery()
    )
    place = ListedPlace
    columns = (place.key, place.name, place.country, place.latitude, place.longitude, place.time_zone)
    statement = (
        select(*columns, numbers.c.events)
        .join(numbers, numbers.c.place_id == place.id)
        .where(*_at_places(campaign_id, wanted))
    )
    return sorted(map(Spot._make, db.session.connection().execute(statement).all()), key=itemgetter(0))


def shared(campaign: Campaign, wanted: Filter) -> tuple[Spot, ...]:
    """The same, counted once for all pages that ask for it while the calendar says the same: a map that is moved asks
    again and again."""
    return _of_state(campaign.id, versions.state(campaign), replace(wanted, page=""))


@lru_cache(maxsize=8)
def _of_state(campaign_id: int, _state: str, wanted: Filter) -> tuple[Spot, ...]:
    return tuple(spots(campaign_id, wanted))


def forget() -> None:
    """Count anew; for tests."""
    _of_state.cache_clear()


def in_city(campaign_id: int, wanted: Filter, *, limit: int) -> list[tuple[Listed, Event]]:
    """What takes place in one city, in order of time, with the event that knows the address."""
    order = (Listing.starts_on, Listing.starts_local, Listing.id)
    statement = (
        select(Event, *COLUMNS)
        .join(Event, Event.id == Listing.event_id)
        .where(*matching(campaign_id, wanted), *within(wanted.first, wanted.last))
        .where(Listing.status == Status.PUBLISHED, Listing.mode != Mode.ONLINE)
        .order_by(*order)
        .limit(limit)
    )
    return with_events(db.session.execute(statement))


def _is_plain(wanted: Filter) -> bool:
    """Whether a filter asks for dates, a country or a city and nothing else."""
    rest = replace(wanted, first=None, last=None, country="", city="", city_keys=(), unknown=())
    return rest == Filter()


def _at_places(campaign_id: int, wanted: Filter) -> list[ColumnElement[bool]]:
    where = [ListedPlace.campaign_id == campaign_id]
    if wanted.country:
        where.append(ListedPlace.country == wanted.country)
    if wanted.city:
        where.append(ListedPlace.key.in_(wanted.city_keys))
    return where


def _prepared(campaign_id: int, wanted: Filter) -> Subquery:
    """Prepared counts of what begins within the dates, and of what is under way when they begin."""
    parts: list[Select[int, int]] = [
        select(ListedCount.place_id, ListedCount.events).where(
            ListedCount.campaign_id == campaign_id, ListedCount.period.between(low, high)
        )
        for low, high in periods.within(wanted.first, wanted.last)
    ]
    if wanted.first:
        parts.append(_under_way(campaign_id, wanted.first))
    return union_all(*parts).subquery()


def _under_way(campaign_id: int, since: date) -> Select[int, int]:
    """What lasts for days, began earlier and is still on: few rows of an index that holds nothing else."""
    key = case((Listing.mode == Mode.ONLINE, ""), else_=Listing.city_key)
    is_its = and_(ListedPlace.campaign_id == campaign_id, ListedPlace.key == key)
    return (
        select(ListedPlace.id, literal(1))
        .join(Listing, is_its)
        .where(
            Listing.campaign_id == campaign_id,
            Listing.status == Status.PUBLISHED,
            Listing.ends_on > Listing.starts_on,
            Listing.ends_on >= since,
            Listing.starts_on < since,
        )
    )


def _counted(campaign_id: int, wanted: Filter) -> Subquery:
    """Listings counted by place, for a filter that nothing is prepared for.

    Grouped as `ix_listings_by_place` orders them, so that the index alone is read, and in one go.
    """
    numbers = (
        select(Listing.city_key, Listing.mode, func.count().label("events"))
        .where(*matching(campaign_id, wanted, reads_all=True), *within(wanted.first, wanted.last))
        .where(Listing.status == Status.PUBLISHED)
        .group_by(Listing.city_key, Listing.mode)
        .subquery()
    )
    key = case((numbers.c.mode == Mode.ONLINE, ""), else_=numbers.c.city_key)
    is_it = and_(ListedPlace.campaign_id == campaign_id, ListedPlace.key == key)
    return select(ListedPlace.id.label("place_id"), numbers.c.events).join(numbers, is_it).subquery()
