"""Forgets wishes that have served, and then the readers who have none left. The caller owns the transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, or_, select

from campaign.core.db import db
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail import service as mail
from campaign.reminders.models import Kind, Reader, Subscription
from campaign.reminders.service import KINDS

AT_ONCE = 500


def forget_wishes(*, over_before: datetime, asked_before: datetime) -> int:
    """Remove some wishes about events that are long over, that were stopped, or that nobody confirmed.

    A postponed event is not over: those who follow it wait for its new date. Answers how many; 0 means that none is
    left.
    """
    over = select(Event.id).where(Event.ends_at < over_before, Event.status != Status.POSTPONED)
    unanswered = Subscription.confirmed_at.is_(None) & (Subscription.asked_at < asked_before)
    past = (Subscription.kind == Kind.EVENT) & Subscription.event_id.in_(over) & Subscription.confirmed_at.is_not(None)
    stale = or_(Subscription.ended_at < over_before, past, unanswered)
    some = select(Subscription.id).where(stale).limit(AT_ONCE)
    return _count(delete(Subscription).where(Subscription.id.in_(some)))


def forget_readers() -> int:
    """Erase some addresses that follow nothing and wait for nothing, with every letter to them."""
    wishes = select(Subscription.id).where(Subscription.reader_id == Reader.id)
    ids = db.session.scalars(select(Reader.id).where(~wishes.exists()).limit(AT_ONCE)).all()
    for reader_id in ids:
        mail.forget(reader_id, KINDS)
    return _count(delete(Reader).where(Reader.id.in_(ids)))


def _count(statement: Any) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
