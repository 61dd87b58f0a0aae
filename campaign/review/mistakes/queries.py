"""Reads of reports, limited to what a desk looks after."""

from collections.abc import Sequence
from typing import TypeVarTuple

from sqlalchemy import Select, case, func, select, tuple_
from sqlalchemy.orm import contains_eager

from campaign.campaigns.queries import Scope
from campaign.core import paging
from campaign.core.db import db
from campaign.core.faults import NotFound
from campaign.core.paging import Page
from campaign.events.models import Event
from campaign.organizations.models import Organization
from campaign.review.mistakes.models import Concern, Mistake, State
from campaign.review.queries import within

Columns = TypeVarTuple("Columns")
_WHOLE = (contains_eager(Mistake.event), contains_eager(Mistake.event, Event.organization))
_RANK = case((Mistake.concern == Concern.DANGER, 0), else_=1)


def reported(scopes: Sequence[Scope], state: State, *, after: str | None = None, limit: int = 30) -> Page[Mistake]:
    """Open reports, danger first and then the oldest; of resolved ones the newest first. One statement."""
    is_open = state is State.OPEN
    statement = _in(select(Mistake).options(*_WHOLE), scopes).where(Mistake.state == state)
    key = paging.decode(after, int, int)
    if key is not None and is_open:
        statement = statement.where(tuple_(_RANK, Mistake.id) > tuple_(*key))
    elif key is not None:
        statement = statement.where(Mistake.id < key[1])
    order = (_RANK, Mistake.id) if is_open else (Mistake.id.desc(),)
    rows = db.session.scalars(statement.order_by(*order).limit(limit + 1)).all()
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], paging.encode(0 if last.concern is Concern.DANGER else 1, last.id))


def open_count(scopes: Sequence[Scope]) -> int:
    """How many reports wait in these scopes."""
    statement = _in(select(func.count(Mistake.id)), scopes).where(Mistake.state == State.OPEN)
    return db.session.scalar(statement) or 0


def get(number: int, scopes: Sequence[Scope]) -> Mistake:
    """One report with its event. Raises NotFound, also for one of another desk."""
    if not 0 < number < 2**63:
        raise NotFound
    found = db.session.scalar(_in(select(Mistake).options(*_WHOLE), scopes).where(Mistake.id == number))
    if found is None:
        raise NotFound
    return found


def _in(statement: Select[*Columns], scopes: Sequence[Scope]) -> Select[*Columns]:
    """Only reports about events of these desks, with the event at hand."""
    return (
        statement.join(Event, Event.id == Mistake.event_id)
        .outerjoin(Organization, Organization.id == Event.organization_id)
        .where(within(scopes))
    )
