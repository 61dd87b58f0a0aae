"""What readers must be told of a public listing that changed, and their reminders planned anew with it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import product

from campaign.campaigns import days
from campaign.campaigns import queries as campaigns
from campaign.core.db import database_now
from campaign.events.consequences import Change, Happening
from campaign.events.details import EventDetails
from campaign.mail import service as mail
from campaign.mail.service import Promise
from campaign.reminders import due, queries, regular, rhythm
from campaign.reminders.models import Subscription
from campaign.reminders.planning import Schedules, replan
from campaign.reminders.ports import calendar

KIND = "reminder_change"
# What a reader must be told of; another word in the description is no reason to write to people.
TELLING = (
    "starts", "ends", "is_time_known", "duration", "time_zone", "occasions",
    "venue", "room", "address", "city", "country", "mode",
)  # fmt: skip
# Kept with a notice besides, so that what was before can be said.
_SAYING = ("is_address_public", "language")


def follow(happening: Happening) -> None:
    """A public listing changed: plan its followers' reminders anew, tell them what they must know."""
    event_id, schedules = happening.event.id, Schedules(database_now())
    unsent = _unsent(event_id)
    mail.call_back("event", event_id, [KIND])
    for batch in queries.followers(event_id):
        if not happening.is_retimed:
            replan([subscription.reader for subscription in batch], schedules)
        mail.promise_all(_owed(happening, batch, unsent, schedules.now))
    mail.promise_all(_owed(happening, _told_by_filter(happening, schedules.now), unsent, schedules.now))


def _unsent(event_id: int) -> Mapping[int, EventDetails | None]:
    """By reader, what was before the change that a notice should have told and did not tell yet."""
    kept = {letter.recipient_id or 0: letter.context.get("before") for letter in queries.unsent_notices(event_id)}
    return {reader_id: EventDetails.from_json(before) if before else None for reader_id, before in kept.items()}


def _told_by_filter(happening: Happening, now: datetime) -> Iterator[Subscription]:
    """Wishes about filters whose last letter told of this event. The calendar still shows it as it was then.

    Who follows the event by name as well gets one notice: both would bear the same key.
    """
    event, dates = happening.event, _dates(happening.before or happening.event.details)
    (campaign,) = campaigns.among({event.campaign_id})
    for kind in regular.LETTER:
        letters = list(rhythm.telling(kind, dates, days.coming(campaign, now), now))
        filters = queries.followed_filters(event.campaign_id, kind) if letters else ()
        for letter, query in product(letters, filters):
            if calendar().tells(event, query, letter.first, letter.last, limit=regular.SHOWN):
                for batch in queries.told_of(event.campaign_id, kind, query, regular.key(kind, letter.on)):
                    yield from batch


def _dates(details: EventDetails) -> list[date]:
    starts = [one.starts for one in details.occasions] or ([details.starts] if details.starts else [])
    return [start.date() for start in starts]


def _owed(
    happening: Happening,
    batch: Iterable[Subscription],
    unsent: Mapping[int, EventDetails | None],
    now: datetime,
) -> Iterator[Promise]:
    details = happening.event.details
    over = max(due.over_at(d) for d in (details, happening.before or details))
    if over <= now:
        return
    for subscription in batch:
        before = unsent.get(subscription.reader_id) or happening.before
        if happening.change is not Change.CHANGED or _differs(before, details):
            yield _notice(happening, subscription, before, over)


def _differs(before: EventDetails | None, after: EventDetails) -> bool:
    return before is not None and any(getattr(before, name) != getattr(after, name) for name in TELLING)


def _notice(happening: Happening, about: Subscription, before: EventDetails | None, over: datetime) -> Promise:
    event, reader = happening.event, about.reader
    kept = before.to_json() if before else {}
    return Promise(
        key=f"{KIND}:{event.id}:{reader.id}:{event.schedule_version}",
        kind=KIND,
        to=reader.email,
        language=reader.language,
        context={
            "change": happening.change.value,
            "before": {name: kept[name] for name in (*TELLING, *_SAYING)} if before else None,
            "schedule_version": event.schedule_version,
            "subscription": about.id,
        },
        expires_at=over,
        subject="event",
        subject_id=event.id,
        recipient_id=reader.id,
        channel=reader.channel,
        host=reader.host,
    )
