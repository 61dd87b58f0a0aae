"""Public reads: one statement a page, served by indexes, whatever the number of events."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import load_only

from campaign.calendar.filters import Centre, Filter
from campaign.calendar.models import Listing, ListingTerm
from campaign.campaigns.models import Campaign
from campaign.core import paging
from campaign.core.db import db
from campaign.core.folding import fold, slug
from campaign.core.paging import Page
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.places import queries as places
from campaign.places.distances import box_around

PAGE = 20
MOST = 1000
FEED_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of events; `is_more` where counting stopped there."""

    number: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts for the head of a campaign's home: events, cities, countries, events that can be joined online."""

    events: int
    cities: int
    countries: int
    online: int


def version_of(campaign_id: int) -> int:
    """The calendar's version; every prepared page and ETag is made from it."""
    return db.session.scalar(select(Campaign.calendar_version).where(Campaign.id == campaign_id)) or 0


def resolved(wanted: Filter) -> Filter:
    """With the centre of `near` from the gazetteer, in any script; the name of a place nobody knows is left out."""
    if not wanted.near or wanted.centre is not None:
        return wanted
    name, _comma, country = wanted.near.rpartition(",")
    city = places.find_city(wanted.near) or (places.find_city(name, country) if name else None)
    if city is None:
        return replace(wanted.without("near"), unknown=(*wanted.unknown, "near"))
    centre = Centre(latitude=city.latitude, longitude=city.longitude, name=city.name, country=city.country)
    return replace(wanted, centre=centre)


def matching(campaign_id: int, wanted: Filter) -> list[ColumnElement[bool]]:
    """What a listing must be to be found, dates aside: the one place that knows what a filter means."""
    wanted = resolved(wanted)
    where: list[ColumnElement[bool]] = [Listing.campaign_id == campaign_id]
    if wanted.centre:
        box = box_around(wanted.centre.latitude, wanted.centre.longitude, wanted.radius)
        where.append(places.within(box, Listing.latitude, Listing.longitude))
    if wanted.country:
        where.append(Listing.country == wanted.country)
    if wanted.city:
        where.append(_in_city(wanted.city))
    if wanted.types:
        where.append(Listing.type.in_(wanted.types))
    if wanted.mode:
        where.append(Listing.mode == wanted.mode)
    if wanted.is_free:
        where.append(Listing.is_free.is_(True))
    if wanted.entry:
        where.append(Listing.entry == wanted.entry)
    if wanted.spoken:
        where.append(_has_term([f"spoken:{code}" for code in wanted.spoken]))
    where += [_has_term([f"access:{name}"]) for name in wanted.access]
    if wanted.organizer:
        where.append(_has_term([f"org:{wanted.organizer}"]))
    where += [Listing.search_text.contains(word, autoescape=True) for word in wanted.folded_words]
    return where


def _in_city(typed: str) -> ColumnElement[bool]:
    """`de/berlin`, or a city's name as typed in any country."""
    if "/" in typed:
        return Listing.city_key == typed.lower()
    key = slug(typed) or fold(typed)
    return Listing.city_key.like(f"__/{key.replace('%', '').replace('_', '')}")


def _has_term(terms: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(ListingTerm.listing_id == Listing.id, ListingTerm.term.in_(terms))


def _within(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """On at any time of these event-local days."""
    where: list[ColumnElement[bool]] = []
    if first:
        where.append(Listing.ends_on >= first)
    if last:
        where.append(Listing.starts_on <= last)
    return where


def _rows() -> Select[Listing]:
    """Everything a row shows, and not the texts of feed and search."""
    wide = (Listing.vevent, Listing.search_text)
    columns = [c for c in Listing.__mapper__.column_attrs if c.key not in {w.key for w in wide}]
    return select(Listing).options(load_only(*(getattr(Listing, c.key) for c in columns), raiseload=True))


def page_of(campaign_id: int, wanted: Filter, *, after: str | None = None, limit: int = PAGE) -> Page[Listing]:
    """Dated events in order of event-local time, from a key on. Runs (exhibitions) are in `on_view`."""
    where = [*matching(campaign_id, wanted), Listing.is_run.is_(False), *_within(wanted.first, wanted.last)]
    key = paging.decode(after, str, int)
    if key is not None:
        try:
            moment = datetime.fromisoformat(str(key[0]))
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is None:
            where.append(Listing.starts_on >= moment.date())
            where.append(tuple_(Listing.starts_local, Listing.id) > tuple_(moment, key[1]))
    statement = _rows().where(*where).order_by(Listing.starts_on, Listing.starts_local, Listing.id).limit(limit + 1)
    rows = db.session.scalars(statement).all()
    more = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], paging.encode(more.starts_local.isoformat(), more.id) if more else None)


def count(campaign_id: int, wanted: Filter) -> Counted:
    """How many dated events there are; beyond `MOST` they are not counted, so that no page pays for all."""
    where = [*matching(campaign_id, wanted), Listing.is_run.is_(False), *_within(wanted.first, wanted.last)]
    few = select(Listing.id).where(*where).limit(MOST + 1).subquery()
    number = db.session.scalar(select(func.count()).select_from(few)) or 0
    return Counted(number=min(number, MOST), is_more=number > MOST)


def on_view(campaign_id: int, wanted: Filter, first: date, last: date, *, limit: int = 30) -> Sequence[Listing]:
    """Exhibitions open at any time between two days, those that end soonest first."""
    where = [*matching(campaign_id, wanted), Listing.is_run.is_(True), *_within(first, last)]
    return db.session.scalars(_rows().where(*where).order_by(Listing.ends_on, Listing.id).limit(limit)).all()


def between(campaign_id: int, wanted: Filter, first: date, last: date, *, limit: int) -> Sequence[Listing]:
    """Dated events that begin between two days, for one day's page."""
    where = [
        *matching(campaign_id, wanted),
        Listing.is_run.is_(False),
        Listing.starts_on >= first,
        Listing.starts_on <= last,
    ]
    order = (Listing.starts_on, Listing.starts_local, Listing.id)
    return db.session.scalars(_rows().where(*where).order_by(*order).limit(limit)).all()


def month_rows(campaign_id: int, wanted: Filter, first: date, last: date, *, per_day: int = 3) -> Sequence[Listing]:
    """The first few events of every day of a month grid; a busy day costs no more than a quiet one."""
    where = [
        *matching(campaign_id, wanted),
        Listing.is_run.is_(False),
        Listing.starts_on >= first,
        Listing.starts_on <= last,
    ]
    place = func.row_number().over(partition_by=Listing.starts_on, order_by=(Listing.starts_local, Listing.id))
    ranked = select(Listing.id, place.label("place")).where(*where).subquery()
    statement = _rows().join(ranked, ranked.c.id == Listing.id).where(ranked.c.place <= per_day)
    return db.session.scalars(statement.order_by(Listing.starts_local, Listing.id)).all()


def month_counts(campaign_id: int, wanted: Filter, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Events and cities of every day between two days that has any."""
    statement = (
        select(Listing.starts_on, func.count(), func.count(Listing.city_key.distinct()))
        .where(
            *matching(campaign_id, wanted),
            Listing.is_run.is_(False),
            Listing.starts_on >= first,
            Listing.starts_on <= last,
        )
        .group_by(Listing.starts_on)
    )
    return {day: (events, cities) for day, events, cities in db.session.execute(statement)}


def totals(campaign_id: int, first: date, last: date) -> Totals:
    """The sober counts of an edition; cancelled events are not counted."""
    row = db.session.execute(
        select(
            func.count(Listing.event_id.distinct()),
            func.count(Listing.city_key.distinct()),
            func.count(Listing.country.distinct()),
            func.count(Listing.id).filter(Listing.mode != "in_person"),
        ).where(
            Listing.campaign_id == campaign_id,
            Listing.status == Status.PUBLISHED,
            *_within(first, last),
        )
    ).one()
    return Totals(*row)


def longitudes(campaign_id: int, first: date, last: date) -> Sequence[tuple[float, int]]:
    """(degrees, events) of every listed city, for the horizon of lights."""
    statement = (
        select(func.avg(Listing.longitude), func.count())
        .where(Listing.campaign_id == campaign_id, Listing.longitude.is_not(None), *_within(first, last))
        .group_by(Listing.city_key)
        .limit(300)
    )
    return [(float(x), int(n)) for x, n in db.session.execute(statement)]


def for_feed(campaign_id: int, wanted: Filter, since: date) -> Sequence[tuple[str, str, str, date, date]]:
    """(VEVENT, ref, zone, first day, last day) of what a feed holds: from `since` on, cancelled ones included."""
    first = wanted.first or since
    statement = (
        select(Listing.vevent, Listing.ref, Listing.time_zone, Listing.starts_on, Listing.ends_on)
        .where(*matching(campaign_id, wanted), *_within(first, wanted.last))
        .order_by(Listing.starts_on, Listing.id)
        .limit(FEED_LIMIT)
    )
    return [tuple(row) for row in db.session.execute(statement)]  # type: ignore[misc]


def of_event(event_id: int) -> Sequence[Listing]:
    """All dates of one event, VEVENT included."""
    statement = select(Listing).where(Listing.event_id == event_id).order_by(Listing.starts_local, Listing.id)
    return db.session.scalars(statement).all()


def newest(campaign_id: int, wanted: Filter, since: date, *, limit: int = 50) -> Sequence[tuple[Listing, Event]]:
    """What was published or changed last among events that are not over by `since`, each event once."""
    first = wanted.first or since
    statement = (
        select(Listing, Event)
        .join(Event, Event.id == Listing.event_id)
        .where(*matching(campaign_id, wanted), Listing.position == 0, *_within(first, wanted.last))
        .order_by(Listing.changed_at.desc(), Listing.id.desc())
        .limit(limit)
    )
    return [(listing, event) for listing, event in db.session.execute(statement)]
