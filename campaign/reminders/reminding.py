"""Reminders, written for many readers at once: read together, and put into words once for all who get the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cachetools import LRUCache

from campaign.accounts.tokens import Links
from campaign.core import clock
from campaign.events import queries as events
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail.composers import Drop, Filled, Message
from campaign.mail.models import Letter
from campaign.reminders import due, queries
from campaign.reminders.facts import days_until, facts
from campaign.reminders.messages import GONE, Told, framed, links, own
from campaign.reminders.queries import Addressee


@dataclass(frozen=True, slots=True)
class Reminder:
    """The words of a reminder: whoever is told the same in the same language gets them."""

    language: str
    told: tuple[Told, ...]

    def write(self, fields: Mapping[str, str], /) -> Message:
        one = self.told[0] if len(self.told) == 1 else None
        return framed("reminder", self.language, fields, told=self.told, one=one)


def compose(letters: Sequence[Letter]) -> list[Filled | Drop]:
    """Reminders of one or several events each: of those that are still as they were when it was planned."""
    readers = queries.addressees({letter.recipient_id for letter in letters if letter.recipient_id is not None})
    desk = _Desk.reading({item[0] for letter in letters for item in letter.context["items"]})
    composed: list[Filled | Drop] = []
    for letter in letters:
        reader, follows = readers.get(letter.recipient_id or 0, (None, {}))
        dates = [found for found in desk.still_right(letter) if found[0].id in follows]
        if reader is None or not dates:
            composed.append(GONE)
            continue
        told = tuple(desk.told(event, position, offset, reader) for event, position, offset in dates)
        about = {event.id: follows[event.id] for event, _position, _offset in dates}
        composed.append(Filled(Reminder(reader.language, told), own(letter, reader, list(about.values()))))
    return composed


COMPOSERS = {"reminder": compose}

# What was said of an event stays right as long as its details are the same.
_said: LRUCache[int, tuple[EventDetails, dict[tuple[int, str, str, str, str, int], Told]]] = LRUCache(200)


@dataclass(frozen=True, slots=True)
class _Desk:
    """The events of some letters, each read once, with what was put into words already."""

    known: dict[int, tuple[Event, EventDetails]]
    said: dict[int, dict[tuple[int, str, str, str, str, int], Told]]
    links: Links
    now: datetime

    @classmethod
    def reading(cls, event_ids: set[int]) -> "_Desk":
        known = {event.id: (event, event.details) for event in events.among(event_ids)}
        for event_id, (_event, details) in known.items():
            if event_id not in _said or _said[event_id][0] != details:
                _said[event_id] = (details, {})
        return cls(known, {event_id: _said[event_id][1] for event_id in known}, links(), clock.now())

    def still_right(self, letter: Letter) -> Iterable[tuple[Event, int, str]]:
        """(event, position, offset), each date once, in the order of their beginning."""
        seen: dict[tuple[int, int], tuple[datetime, Event, int, str]] = {}
        for event_id, position, offset, version, _at in letter.context["items"]:
            event, details = self.known.get(event_id, (None, None))
            if event is None or details is None:
                continue
            if event.status is Status.PUBLISHED and event.schedule_version == version:
                seen.setdefault((event_id, position), (_starts(details, position), event, position, offset))
        return [(event, position, offset) for _starts_at, event, position, offset in sorted(seen.values(), key=_first)]

    def told(self, event: Event, position: int, offset: str, reader: Addressee) -> Told:
        details, said = self.known[event.id][1], self.said[event.id]
        days = days_until(_starts(details, position), details.time_zone, reader.zone, self.now)
        key = (position, offset, reader.language, reader.zone, self.links.public_url, -1 if days is None else days)
        if key not in said:
            said[key] = Told(
                facts=facts(details, reader.language, position=position, reader_zone=reader.zone),
                url=self.links.url(f"/e/{event.ref}"),
                days=days,
                is_closing=offset == due.LAST_DAYS,
            )
        return said[key]


def _first(row: tuple[datetime, Event, int, str]) -> tuple[datetime, int, int]:
    return row[0], row[1].id, row[2]


def _starts(details: EventDetails, position: int) -> datetime:
    starts = details.occasions[position].starts if position < len(details.occasions) else details.starts
    assert starts is not None
    return starts
