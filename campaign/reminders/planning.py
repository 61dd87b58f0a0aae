"""Which reminders a reader is owed: derived from nothing with every change, in the same transaction.

The plan is compared with what stands in the outbox; what is missing is promised, what is not owed any more is called
back. Deriving it again finds nothing to change.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from campaign.core.db import database_now
from campaign.events import queries as events
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail import service as mail
from campaign.mail.models import Letter
from campaign.mail.models import Status as LetterStatus
from campaign.mail.service import Promise
from campaign.places.zones import tz_version
from campaign.reminders import due, pacing, queries
from campaign.reminders.models import Reader, Subscription
from campaign.reminders.pacing import Item, Slot

# A reminder that left is remembered so long: until the week it belongs to is over and its event may not move near it.
_MEMORY = timedelta(days=9)
_SAME = timedelta(days=1)
Told = tuple[int, int, str]


@dataclass
class Schedules:
    """The events of one round of planning, each read once."""

    now: datetime
    known: dict[int, tuple[Event, EventDetails] | None] = field(default_factory=dict)

    def read(self, event_ids: set[int]) -> None:
        missing = event_ids - self.known.keys()
        for event in events.among(missing) if missing else ():
            self.known[event.id] = (event, event.details) if event.status is Status.PUBLISHED else None

    def version(self, event_id: int) -> int | None:
        """The version of a schedule that people are reminded of; None where nobody is."""
        found = self.known.get(event_id)
        return found[0].schedule_version if found else None


@dataclass
class _Past:
    """What one reader has had or is about to get: it is neither planned again nor called back."""

    told: dict[Told, datetime] = field(default_factory=dict)
    weeks: dict[tuple[int, pacing.Week], int] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    overdue: set[Told] = field(default_factory=set)

    @classmethod
    def of(cls, letters: Sequence[Letter], follows: set[int], schedules: Schedules) -> Self:
        past = cls()
        for letter in letters:
            items = letter.context["items"]
            is_sent = letter.status is LetterStatus.SENT
            if not is_sent and letter.due_at > schedules.now:
                continue
            if is_sent or all(i[0] in follows and schedules.version(i[0]) == i[3] for i in items):
                past._take(letter, items)
            else:
                past.overdue |= {(i[0], i[1], i[2]) for i in items}
        return past

    def _take(self, letter: Letter, items: list[list[Any]]) -> None:
        self.kept.add(letter.id)
        self.told |= {(i[0], i[1], i[2]): datetime.fromisoformat(i[4]) for i in items}
        campaign_id, on = letter.context.get("campaign", 0), letter.context.get("on")
        if on:
            week = campaign_id, pacing.week_of(datetime.fromisoformat(on).date())
            self.weeks[week] = self.weeks.get(week, 0) + 1

    def has_told(self, item: Item) -> bool:
        """Whether this left already, for a time less than a day apart: a notice tells what changed since."""
        at = self.told.get((item.event_id, item.position, item.offset))
        return at is not None and abs(at - item.at) < _SAME


def replan(readers: Sequence[Reader], schedules: Schedules | None = None) -> int:
    """Bring the outbox in line with what these readers are owed; answers how many letters had to change."""
    schedules = schedules or Schedules(database_now())
    ids = [reader.id for reader in readers]
    follows, letters = queries.followed(ids), queries.reminders_of(ids, schedules.now - _MEMORY)
    schedules.read({s.event_id for rows in follows.values() for s in rows if s.event_id is not None})
    version, stale = tz_version(), []
    owed: list[Promise] = []
    for reader in readers:
        past = _Past.of(letters[reader.id], _event_ids(follows[reader.id]), schedules)
        wanted = {p.key: p for p in _owed(reader, follows[reader.id], past, schedules, version)}
        for letter in letters[reader.id]:
            if letter.status is not LetterStatus.SENT and letter.id not in past.kept:
                if letter.key not in wanted:
                    stale.append(letter.id)
                wanted.pop(letter.key, None)
        owed += wanted.values()
    return mail.cancel(stale) + mail.promise_all(owed, again=True)


def _event_ids(rows: Sequence[Subscription]) -> set[int]:
    return {row.event_id for row in rows if row.event_id is not None}


def _owed(
    reader: Reader, follows: Sequence[Subscription], past: _Past, schedules: Schedules, version: str
) -> Iterator[Promise]:
    items = [i for i in _items(reader, follows, past, schedules) if not past.has_told(i)]
    for slot in pacing.letters(items, past.weeks):
        yield _promise(reader, slot, version)


def _items(reader: Reader, follows: Sequence[Subscription], past: _Past, schedules: Schedules) -> Iterator[Item]:
    days = reader.days_before
    for subscription in follows:
        found = schedules.known.get(subscription.event_id or 0)
        if found is None:
            continue
        event, details = found
        also = {(position, offset) for event_id, position, offset in past.overdue if event_id == event.id}
        for one in due.reminders(details, schedules.now, zone=reader.zone, days=days, also=also):
            yield Item(
                campaign_id=event.campaign_id,
                event_id=event.id,
                position=one.position,
                offset=one.offset,
                version=event.schedule_version,
                at=one.at,
                until=one.until,
                on=one.on,
            )


def _promise(reader: Reader, slot: Slot, version: str) -> Promise:
    """The key names all that the letter tells of: another plan is another letter."""
    items = [[i.event_id, i.position, i.offset, i.version, i.at.isoformat()] for i in slot.items]
    named = hashlib.sha256(json.dumps(items).encode()).hexdigest()[:16]
    return Promise(
        key=f"reminder:{reader.id}:{slot.at:%Y%m%dT%H%M%S}:{named}",
        kind="reminder",
        to=reader.email,
        language=reader.language,
        context={"items": items, "campaign": slot.items[0].campaign_id, "on": slot.on.isoformat()},
        due_at=slot.at,
        expires_at=slot.until,
        subject="event",
        subject_id=slot.items[0].event_id,
        recipient_id=reader.id,
        channel=reader.channel,
        host=reader.host,
        tz_version=version,
    )
