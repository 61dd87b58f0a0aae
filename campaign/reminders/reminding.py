"""Reminders, written for many readers at once: read together, and put into words once for all who get the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

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
from campaign.reminders.models import Reader


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
    ids = {letter.recipient_id for letter in letters if letter.recipient_id is not None}
    readers, follows = {reader.id: reader for reader in queries.readers(ids)}, queries.followed(ids)
    desk = _Desk.reading({item[0] for letter in letters for item in letter.context["items"]})
    composed: list[Filled | Drop] = []
    for letter in letters:
        reader = readers.get(letter.recipient_id or 0)
        followed = {s.event_id: s for s in follows.get(reader.id, ())} if reader else {}
        dates = [found for found in desk.still_right(letter) if found[0].id in followed]
        if reader is None or not dates:
            composed.append(GONE)
            continue
        told = tuple(desk.told(event, position, offset, reader) for event, position, offset in dates)
        about = {followed[event.id].id: followed[event.id] for event, _position, _offset in dates}
        composed.append(Filled(Reminder(reader.language, told), own(letter, reader, list(about.values()))))
    return composed


COMPOSERS = {"reminder": compose}


@dataclass(frozen=True, slots=True)
class _Desk:
    """The events of some letters, each read once, and what was put into words already."""

    known: dict[int, tuple[Event, EventDetails]]
    said: dict[tuple[int, int, str, str, str], Told] = field(default_factory=dict)

    @classmethod
    def reading(cls, event_ids: set[int]) -> "_Desk":
        return cls({event.id: (event, event.details) for event in events.among(event_ids)})

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

    def told(self, event: Event, position: int, offset: str, reader: Reader) -> Told:
        key = (event.id, position, offset, reader.language, reader.zone)
        if key not in self.said:
            details = self.known[event.id][1]
            self.said[key] = Told(
                facts=facts(details, reader.language, position=position, reader_zone=reader.zone),
                url=links().url(f"/e/{event.ref}"),
                days=days_until(_starts(details, position), details.time_zone, reader.zone, clock.now()),
                is_closing=offset == due.LAST_DAYS,
            )
        return self.said[key]


def _first(row: tuple[datetime, Event, int, str]) -> tuple[datetime, int, int]:
    return row[0], row[1].id, row[2]


def _starts(details: EventDetails, position: int) -> datetime:
    starts = details.occasions[position].starts if position < len(details.occasions) else details.starts
    assert starts is not None
    return starts
