"""Asking for letters, confirming, changing, stopping, erasing. The caller owns the transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError

from campaign.accounts.service import normal_email
from campaign.core import clock
from campaign.core.db import database_now, db
from campaign.core.faults import Conflict, Invalid
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail import service as mail
from campaign.places import zones
from campaign.reminders import due, planning, queries, regular
from campaign.reminders.models import DAYS, Kind, Reader, Subscription
from campaign.reminders.ports import calendar

KINDS = ("reminder", "reminder_change", "reminder_confirm", "reminder_set", *regular.KINDS)
# So many wishes of one address may wait for its consent; more would only fill our tables.
PENDING_AT_MOST = 20
# A question that nobody answered is forgotten after so long.
ANSWER_WITHIN = timedelta(days=30)
# So many questions are asked within that time of an address whose owner does not answer.
QUESTIONS_AT_MOST = 3
# How long a question or a confirmation is worth sending if the mail stood still.
KEPT = timedelta(days=7)
LONGEST_QUERY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something to be followed; see `models.Subscription` for the parts."""

    kind: Kind
    campaign_id: int
    event_id: int | None = None
    query: str = ""

    @property
    def topic(self) -> str:
        return f"event:{self.event_id}" if self.event_id else f"{self.kind}:{self.campaign_id}:{self.query}"


def event_wish(event: Event) -> Wish:
    """To be reminded of one event. Raises Conflict for an event nobody can be reminded of."""
    if event.status is not Status.PUBLISHED or due.over_at(event.details) <= clock.now():
        raise Conflict
    return Wish(kind=Kind.EVENT, campaign_id=event.campaign_id, event_id=event.id)


def filter_wish(kind: Kind, campaign_id: int, query: str) -> Wish:
    """To hear of what a filter finds. Raises Invalid for a filter that is too long to be kept."""
    canonical = calendar().canonical(query[:4000])
    if len(canonical) > LONGEST_QUERY:
        raise Invalid({"filter": _("This filter is too long. Please leave something out.")})
    return Wish(kind=kind, campaign_id=campaign_id, query=canonical)


def ask(wish: Wish, *, email: str, language: str, zone: str) -> None:
    """Note the wish and promise the letter that asks for consent (double opt-in).

    However much is asked for an address, it gets one such letter a day, and three in a month, until its owner answers;
    the letter names all that waits. The answer to the person is the same whether the address was known or not; somebody
    who follows this already gets the letter that says so, once a day as well. Raises Invalid for a wrong address.
    """
    reader = _reader(normal_email(email), language, zone)
    subscription = queries.of_topic(reader.id, wish.topic)
    today = clock.now().date().isoformat()
    if subscription is not None and subscription.is_active:
        _letter("reminder_set", f"reminder_set:{reader.id}:again:{today}", reader, [subscription.id])
        return
    if subscription is None:
        if queries.count_pending(reader.id) >= PENDING_AT_MOST:
            return
        subscription = begun(wish, reader)
    subscription.asked_at = clock.now()
    subscription.confirmed_at = subscription.ended_at = None
    db.session.flush()
    _question(reader, today)


def begun(wish: Wish, reader: Reader) -> Subscription:
    """What this reader wishes to follow, noted; nobody has confirmed it yet."""
    subscription = Subscription(
        reader_id=reader.id,
        campaign_id=wish.campaign_id,
        kind=wish.kind,
        topic=wish.topic,
        event_id=wish.event_id,
        query=wish.query,
    )
    db.session.add(subscription)
    return subscription


def _question(reader: Reader, today: str) -> None:
    """Promise the letter that asks for consent, unless the owner was asked often enough and said nothing."""
    since = max(reader.confirmed_at or reader.created_at, clock.now() - ANSWER_WITHIN)
    if queries.count_questions(reader.id, since) < QUESTIONS_AT_MOST:
        answered = _stamp(reader.confirmed_at) if reader.confirmed_at else 0
        _letter("reminder_confirm", f"reminder_confirm:{reader.id}:{today}:{answered}", reader)


def _reader(email: str, language: str, zone: str) -> Reader:
    """The reader of this address; what its owner has chosen is not changed by whoever types it."""
    reader = queries.reader_of(email) or added(Reader(email=email, language=language))
    queries.hold(reader.id)
    if reader.confirmed_at is None:
        reader.language = language
        reader.zone = zone if zones.is_zone(zone) else ""
    db.session.flush()
    return reader


def added(fresh: Reader) -> Reader:
    """This reader, or the one whom another request noted at the same moment."""
    try:
        with db.session.begin_nested():
            db.session.add(fresh)
    except IntegrityError:
        known = queries.reader_of(fresh.email)
        if known is None:
            raise
        return known
    return fresh


def pending(reader: Reader) -> list[Subscription]:
    """What waits for this reader's consent."""
    return list(queries.pending(reader.id, clock.now() - ANSWER_WITHIN))


def confirm(reader: Reader, subscriptions: Collection[Subscription]) -> None:
    """The address is theirs: plan the reminders and say when they will come. Safe to call twice."""
    queries.hold(reader.id)
    fresh = [s for s in queries.again(subscriptions) if not s.is_active and s.reader_id == reader.id]
    if not fresh:
        return
    reader.confirmed_at = clock.now()
    for subscription in fresh:
        subscription.confirmed_at, subscription.ended_at = reader.confirmed_at, None
    db.session.flush()
    planning.replan([reader])
    for subscription in fresh:
        regular.plan(subscription)
    key = f"reminder_set:{reader.id}:{_stamp(reader.confirmed_at)}"
    _letter("reminder_set", key, reader, [subscription.id for subscription in fresh])


def prefer(reader: Reader, *, language: str, zone: str, days: Collection[int], is_changes_only: bool) -> None:
    """How the letters are wished for; an unknown zone means none."""
    queries.hold(reader.id)
    reader.language = language
    reader.zone = zone if zones.is_zone(zone) else ""
    reader.days = ",".join(str(day) for day in DAYS if day in days)
    reader.is_changes_only = is_changes_only or not reader.days
    db.session.flush()
    mail.speak(reader.id, KINDS, language=language)
    planning.replan([reader])
    for subscription in queries.of_reader(reader.id):
        if subscription.is_active:
            mail.call_back("follow", subscription.id, regular.KINDS)
            regular.plan(subscription)


def stop(reader: Reader, subscriptions: Collection[Subscription]) -> None:
    """End these and call back what was planned for them. Safe to call twice."""
    queries.hold(reader.id)
    for subscription in subscriptions:
        if subscription.ended_at is None:
            subscription.ended_at = clock.now()
    db.session.flush()
    for subscription in subscriptions:
        if subscription.event_id:
            mail.call_back_from(reader.id, ["reminder_change"], subject="event", subject_id=subscription.event_id)
        else:
            mail.call_back("follow", subscription.id, regular.KINDS)
    planning.replan([reader])


def forget(reader: Reader) -> None:
    """Erase the address: the reader, all that is followed, and every letter that carries the address."""
    queries.hold(reader.id)
    mail.forget(reader.id, KINDS)
    db.session.delete(reader)


def renew_feed(reader: Reader) -> None:
    """End the personal calendar address; the next one is another."""
    reader.feed_round += 1


def _stamp(moment: datetime) -> int:
    """A number for an instant, to the microsecond: it tells one round of asking and answering from the next."""
    return int(moment.timestamp() * 1_000_000)


def _letter(kind: str, key: str, reader: Reader, about: Collection[int] = ()) -> None:
    if reader.is_browser:
        return  # Its owner is looking at the page that says so.
    mail.promise(
        key,
        kind,
        to=reader.email,
        language=reader.language,
        context={"subscriptions": list(about)},
        expires_at=database_now() + KEPT,
        subject="reader",
        subject_id=reader.id,
        recipient_id=reader.id,
    )
