"""What is on around one instant: two statements, capped, from one index."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select, union_all

from campaign.calendar.listed import COLUMNS, Listed, known
from campaign.calendar.models import Listing
from campaign.core.db import db
from campaign.events.lifecycle import Status

SOON = timedelta(hours=2)
MOST, MOST_CONCLUDED = 20, 10


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of events: on the day those concluded and to come; of any date those under way and beginning soon."""

    concluded: int
    under_way: int
    soon: int
    to_come: int


def tally(campaign_id: int, day: date, now: datetime) -> Tally:
    """How far the day has come; an event counts to the day on which it begins there."""
    is_that_day = Listing.starts_on == day
    statement = select(
        func.count().filter(is_that_day, Listing.ends_at <= now),
        func.count().filter(*_under_way(now)),
        func.count().filter(*_soon(now)),
        func.count().filter(is_that_day, Listing.starts_at > now),
    )
    concluded, under_way, soon, to_come = db.session.execute(statement.where(*_around(campaign_id, day))).one()
    return Tally(concluded, under_way, soon, to_come)


def around(campaign_id: int, day: date, now: datetime) -> list[Listed]:
    """The first events under way, the next to begin and the last concluded, in order of their beginning."""
    begins = (Listing.starts_at, Listing.id)
    parts = (
        _ids(campaign_id, day, *_under_way(now)).order_by(*begins).limit(MOST),
        _ids(campaign_id, day, *_soon(now)).order_by(*begins).limit(MOST),
        _ids(campaign_id, day, Listing.starts_on == day, Listing.ends_at <= now)
        .order_by(Listing.ends_at.desc(), Listing.id)
        .limit(MOST_CONCLUDED),
    )
    return _rows(*parts)


def first_of(campaign_id: int, day: date) -> list[Listed]:
    """The events with which the day begins, wherever in the world it begins first."""
    return _rows(_ids(campaign_id, day, Listing.starts_on == day).order_by(Listing.starts_at, Listing.id).limit(MOST))


def _under_way(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Listing.starts_at <= now, Listing.ends_at > now


def _soon(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Listing.starts_at > now, Listing.starts_at <= now + SOON


def _around(campaign_id: int, day: date) -> tuple[ColumnElement[bool], ...]:
    """Dated events that take place on the day, the day before or the day after; what is on at any instant of it."""
    return (
        Listing.campaign_id == campaign_id,
        Listing.is_run.is_(False),
        Listing.status == Status.PUBLISHED,
        Listing.starts_on.in_([day + timedelta(days=n) for n in (-1, 0, 1)]),
    )


def _ids(campaign_id: int, day: date, *where: ColumnElement[bool]) -> Select[int]:
    return select(Listing.id).where(*_around(campaign_id, day), *where)


def _rows(*parts: Select[int]) -> list[Listed]:
    """The rows of some short lists of ids; each list is found in the index alone."""
    ids = union_all(*(select(part.subquery().c.id) for part in parts))
    statement = select(*COLUMNS).where(Listing.id.in_(ids))
    return known(db.session.execute(statement.order_by(Listing.starts_at, Listing.id)))
