"""Asking for reminders, confirming, changing, stopping. The caller owns the transaction."""

from datetime import timedelta

from campaign.accounts.service import normal_email
from campaign.accounts.tokens import Links, fingerprint
from campaign.core import clock
from campaign.core.db import database_now, db
from campaign.core.faults import Conflict
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail import service as mail
from campaign.places import zones
from campaign.reminders import due, planning, queries
from campaign.reminders.models import Subscription

KINDS = ("reminder", "reminder_change", "reminder_confirm", "reminder_set")
# So many events may be entered for one address in a day before it confirms one; more would be a way to pester it.
UNCONFIRMED_A_DAY = 5


def ask(event: Event, *, email: str, language: str, zone: str, links: Links) -> None:
    """Promise the letter that asks for confirmation (double opt-in); at most one a day for an address and event.

    The answer to the person is the same whether the address was known or not; somebody who is subscribed already
    gets the letter that says so. Raises Invalid for a wrong address, Conflict for an event nobody can be reminded of.
    """
    address = normal_email(email)
    if event.status is not Status.PUBLISHED or due.over_at(event.details) <= clock.now():
        raise Conflict
    subscription = queries.of_address(event.id, address)
    today = clock.now().date().isoformat()
    if subscription is not None and subscription.is_active:
        _letter("reminder_set", f"reminder_set:{subscription.id}:again:{today}", event, subscription, links)
        return
    if queries.asked_since(address, clock.now() - timedelta(days=1)) >= UNCONFIRMED_A_DAY:
        return
    if subscription is None:
        subscription = Subscription(event_id=event.id, email=address, language=language)
        db.session.add(subscription)
    subscription.language = language
    subscription.zone = zone if zones.is_zone(zone) else ""
    subscription.asked_at = clock.now()
    db.session.flush()
    round_ = planning.stamp(subscription.ended_at) if subscription.ended_at else 0
    key = f"reminder_confirm:{subscription.id}:{today}:{round_}"
    _letter("reminder_confirm", key, event, subscription, links)


def confirm(subscription: Subscription, event: Event, links: Links) -> None:
    """The address is theirs: plan the reminders and say when they will come. Safe to call twice."""
    if subscription.is_active:
        return
    subscription.confirmed_at = clock.now()
    subscription.ended_at = None
    db.session.flush()
    planning.plan(event, subscription)
    key = f"reminder_set:{subscription.id}:{planning.stamp(subscription.confirmed_at)}"
    _letter("reminder_set", key, event, subscription, links)


def prefer(subscription: Subscription, *, language: str, zone: str) -> None:
    """Write in this language, and say the time in this zone too; an unknown zone means none."""
    subscription.language = language
    subscription.zone = zone if zones.is_zone(zone) else ""
    mail.speak("event", subscription.event_id, KINDS, recipient_id=subscription.id, language=language)


def stop(subscription: Subscription) -> None:
    """End a subscription and call back what was planned. Safe to call twice."""
    if subscription.ended_at is None:
        subscription.ended_at = clock.now()
    mail.call_back("event", subscription.event_id, KINDS, recipient_id=subscription.id)


def forget(subscription: Subscription) -> None:
    """Erase the address: the subscription and every letter that carries it."""
    mail.forget("event", subscription.event_id, KINDS, recipient_id=subscription.id)
    db.session.delete(subscription)


def token(subscription: Subscription, links: Links) -> str:
    """The signed part of a reader's links. Bound to the address: an id may be given again after an erasure."""
    return links.token("reminder", [subscription.id, fingerprint(subscription.email)])


def _letter(kind: str, key: str, event: Event, subscription: Subscription, links: Links) -> None:
    mail.promise(
        key,
        kind,
        to=subscription.email,
        language=subscription.language,
        context={"token": token(subscription, links)},
        expires_at=max(due.over_at(event.details), database_now() + timedelta(hours=1)),
        subject="event",
        subject_id=event.id,
        recipient_id=subscription.id,
    )
