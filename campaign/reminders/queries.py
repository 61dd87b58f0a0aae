"""Reading subscriptions, and what was promised to them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from campaign.core.db import db
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail import queries as mail
from campaign.mail.models import Letter
from campaign.mail.models import Status as LetterStatus
from campaign.reminders.models import Subscription

_BATCH = 500


def find(subscription_id: int) -> Subscription | None:
    return db.session.get(Subscription, subscription_id)


def of_address(event_id: int, email: str) -> Subscription | None:
    return db.session.scalar(select(Subscription).where(Subscription.event_id == event_id, Subscription.email == email))


def asked_since(email: str, moment: datetime) -> int:
    """For how many events this address was entered since then without a confirmation."""
    open_ones = (Subscription.confirmed_at.is_(None), Subscription.asked_at > moment)
    return db.session.scalar(select(func.count()).where(Subscription.email == email, *open_ones)) or 0


def active(event_id: int) -> Iterator[Subscription]:
    """Everybody who confirmed and did not stop, in batches."""
    after = 0
    while True:
        rows: Sequence[Subscription] = db.session.scalars(
            select(Subscription)
            .where(
                Subscription.event_id == event_id,
                Subscription.confirmed_at.is_not(None),
                Subscription.ended_at.is_(None),
                Subscription.id > after,
            )
            .order_by(Subscription.id)
            .limit(_BATCH)
        ).all()
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1].id


def coming_events(now: datetime) -> Sequence[int]:
    """Ids of published events that are not over and have subscriptions."""
    has_readers = select(Subscription.id).where(Subscription.event_id == Event.id).exists()
    ahead = or_(Event.ends_at > now, Event.starts_at > now)
    return db.session.scalars(select(Event.id).where(Event.status == Status.PUBLISHED, ahead, has_readers)).all()


def unsent_notices(event_id: int) -> Sequence[Letter]:
    return db.session.scalars(mail.about("event", event_id, "reminder_change")).all()


def overdue_reminders(event_id: int, now: datetime) -> Sequence[Letter]:
    """Reminders whose hour has come, that did not leave yet."""
    return db.session.scalars(mail.about("event", event_id, "reminder").where(Letter.due_at <= now)).all()


def sent_reminders(event_id: int, subscription_id: int) -> Sequence[Letter]:
    sent = mail.about("event", event_id, "reminder", statuses=[LetterStatus.SENT])
    return db.session.scalars(sent.where(Letter.recipient_id == subscription_id)).all()
