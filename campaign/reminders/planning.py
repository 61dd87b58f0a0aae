"""Which letters a listing owes to its readers: planned with every public change, in the same transaction."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from campaign.core.db import database_now
from campaign.events.consequences import Change, Happening
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail import service as mail
from campaign.mail.service import Promise
from campaign.places.zones import tz_version
from campaign.reminders import due, queries
from campaign.reminders.due import Due
from campaign.reminders.models import Subscription

# What a reader must be told of; another word in the description is no reason to write to people.
TELLING = (
    "starts", "ends", "is_time_known", "duration", "time_zone", "occasions",
    "venue", "room", "address", "city", "country", "mode",
)  # fmt: skip
# Kept with a notice besides, so that what was before can be said.
_SAYING = ("is_address_public", "language")


@dataclass
class _Unsent:
    """What was promised to one reader and did not leave: reminders whose hour has come, and an older notice."""

    overdue: set[tuple[int, str]] = field(default_factory=set)
    before: EventDetails | None = None


def plan(event: Event, subscription: Subscription) -> int:
    """Promise the reminders of one subscription; gives how many are new. Planning twice plans nothing more."""
    return plan_for(event, [subscription])


def plan_for(event: Event, subscriptions: list[Subscription] | Iterator[Subscription]) -> int:
    """The same for many subscriptions of one event."""
    if event.status is not Status.PUBLISHED:
        return 0
    coming, version = list(due.reminders(event.details, database_now())), tz_version()
    return mail.promise_all(
        _reminder(event, subscription, one, version)
        for subscription in subscriptions
        if subscription.is_active
        for one in coming
    )


def follow(happening: Happening) -> None:
    """A public listing changed: call back the old plan, plan anew, tell people what they must know."""
    unsent = _call_back(happening.event.id)
    mail.promise_all(_owed(happening, unsent))


def stamp(moment: datetime) -> int:
    """A number for an instant, to the microsecond: it tells one round of asking and stopping from the next."""
    return int(moment.timestamp() * 1_000_000)


def _call_back(event_id: int) -> Mapping[int, _Unsent]:
    """Cancel all that waits about this event. Answers, by subscription, what must not be forgotten over it."""
    unsent: dict[int, _Unsent] = defaultdict(_Unsent)
    for letter in queries.overdue_reminders(event_id, database_now()):
        unsent[letter.recipient_id or 0].overdue.add((letter.context["position"], letter.context["offset"]))
    for letter in queries.unsent_notices(event_id):
        before = letter.context.get("before")
        unsent[letter.recipient_id or 0].before = EventDetails.from_json(before) if before else None
    mail.call_back("event", event_id, ["reminder", "reminder_change"])
    return unsent


def _owed(happening: Happening, unsent: Mapping[int, _Unsent]) -> Iterator[Promise]:
    event, details, now, version = happening.event, happening.event.details, database_now(), tz_version()
    over = max(due.over_at(d) for d in (details, happening.before or details))
    for subscription in queries.active(event.id):
        mine = unsent.get(subscription.id, _Unsent())
        if event.status is Status.PUBLISHED:
            for one in due.reminders(details, now, also=mine.overdue):
                yield _reminder(event, subscription, one, version)
        before = mine.before or happening.before
        if over > now and (happening.change is not Change.CHANGED or _differs(before, details)):
            yield _notice(happening, subscription, before, over)


def _differs(before: EventDetails | None, after: EventDetails) -> bool:
    return before is not None and any(getattr(before, name) != getattr(after, name) for name in TELLING)


def _reminder(event: Event, subscription: Subscription, one: Due, version: str) -> Promise:
    """The key names the round (who stops and comes back starts a new one) and the version of the schedule."""
    assert subscription.confirmed_at is not None
    round_ = stamp(subscription.confirmed_at)
    return Promise(
        key=f"reminder:{event.id}:{subscription.id}:{round_}:{one.position}:{one.offset}:{event.schedule_version}",
        kind="reminder",
        to=subscription.email,
        language=subscription.language,
        context={"offset": one.offset, "position": one.position, "schedule_version": event.schedule_version},
        due_at=one.at,
        expires_at=one.until,
        subject="event",
        subject_id=event.id,
        recipient_id=subscription.id,
        tz_version=version,
    )


def _notice(happening: Happening, subscription: Subscription, before: EventDetails | None, over: datetime) -> Promise:
    event = happening.event
    kept = before.to_json() if before else {}
    return Promise(
        key=f"reminder_change:{event.id}:{subscription.id}:{event.schedule_version}",
        kind="reminder_change",
        to=subscription.email,
        language=subscription.language,
        context={
            "change": happening.change.value,
            "before": {name: kept[name] for name in (*TELLING, *_SAYING)} if before else None,
            "schedule_version": event.schedule_version,
        },
        expires_at=over,
        subject="event",
        subject_id=event.id,
        recipient_id=subscription.id,
    )
