"""How many events there are where: one statement, whatever the number of events."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, Subquery, and_, bindparam, case, cast, func, literal, select, union_all

from campaign.calendar import versions
from campaign.calendar.conditions import matching, resolved, within
from campaign.calendar.filters import Filter
from campaign.calendar.listed import COLUMNS, Listed, with_events
from campaign.calendar.map import periods
from campaign.calendar.map.models import ListedCount, ListedPlace
from campaign.calendar.models import Listing
from campaign.campaigns.models import Campaign
from campaign.core import statements
from campaign.core.db import db
from campaign.core.statements import bound
from campaign.events.lifecycle import Mode, Status
from campaign.events.models import Event

# Columns of tables, not of models: so many rows are read past the ORM.
_places, _counts, _listings = ListedPlace.__table__.c, ListedCount.__table__.c, Listing.__table__.c


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
    asked: dict[str, Any] = {"campaign_id": campaign_id}
    asked |= {"country": wanted.country} if wanted.country else {}
    asked |= {"city_keys": wanted.city_keys} if wanted.city else {}
    if _is_plain(wanted):
        asked |= _dates(wanted)
        rows = statements.kept(("spots", *asked), asked, lambda: _named(_prepared(asked), asked))
    else:
        rows = statements.run(_named(_counted(campaign_id, wanted), asked), asked)
    # Sorted here, because engines order words differently.
    return sorted(map(Spot._make, rows.all()), key=itemgetter(0))


def _named(found: Subquery, asked: Mapping[str, Any]) -> Select[Any]:
    """The columns of a spot; summed before names are looked up, for each place once."""
    number = cast(func.sum(found.c.events), Integer).label("events")
    numbers = select(found.c.place_id, number).group_by(found.c.place_id).subquery()
    columns = (_places.key, _places.name, _places.country, _places.latitude, _places.longitude, _places.time_zone)
    statement = (
        select(*columns, numbers.c.events)
        .join(numbers, numbers.c.place_id == _places.id)
        .where(_places.campaign_id == bound("campaign_id", _places.campaign_id))
    )
    if "country" in asked:
        statement = statement.where(_places.country == bound("country", _places.country))
    if "city_keys" in asked:
        statement = statement.where(_places.key.in_(bindparam("city_keys", expanding=True)))
    return statement


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


def _dates(wanted: Filter) -> dict[str, Any]:
    """The bounds of periods, and the day from which on what is under way counts."""
    asked: dict[str, Any] = {"since": wanted.first} if wanted.first else {}
    for number, (low, high) in enumerate(periods.within(wanted.first, wanted.last)):
        asked |= {f"low{number}": low, f"high{number}": high}
    return asked


def _prepared(asked: Mapping[str, Any]) -> Subquery:
    """Prepared counts of what begins within the dates, and of what is under way when they begin."""
    is_ours = _counts.campaign_id == bound("campaign_id", _counts.campaign_id)
    parts: list[Select[Any]] = []
    for number in range(sum(name.startswith("low") for name in asked)):
        low, high = bound(f"low{number}", _counts.period), bound(f"high{number}", _counts.period)
        parts.append(select(_counts.place_id, _counts.events).where(is_ours, _counts.period.between(low, high)))
    if "since" in asked:
        parts.append(_under_way())
    return union_all(*parts).subquery()


def _under_way() -> Select[Any]:
    """What lasts for days, began earlier and is still on: few rows of an index that holds nothing else."""
    key = case((_listings.mode == Mode.ONLINE, ""), else_=_listings.city_key)
    is_its = and_(_places.campaign_id == bound("campaign_id", _places.campaign_id), _places.key == key)
    since = bound("since", _listings.starts_on)
    return (
        select(_places.id, literal(1))
        .join(Listing.__table__, is_its)
        .where(
            _listings.campaign_id == bound("campaign_id", _listings.campaign_id),
            _listings.status == Status.PUBLISHED,
            _listings.ends_on > _listings.starts_on,
            _listings.ends_on >= since,
            _listings.starts_on < since,
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
    is_it = and_(_places.campaign_id == campaign_id, _places.key == key)
    return select(_places.id.label("place_id"), numbers.c.events).join(numbers, is_it).subquery()
