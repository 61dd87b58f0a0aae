"""Notices of what changed, written for many readers at once: read together, and put into words once for all who get
the same. Only the newest state is worth a letter."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaign.events import queries as events
from campaign.events.details import EventDetails
from campaign.events.models import Event
from campaign.mail.composers import Drop, Filled, Message
from campaign.mail.models import Letter
from campaign.mail.models import Status as LetterStatus
from campaign.reminders import queries
from campaign.reminders.facts import Facts, facts
from campaign.reminders.messages import GONE, calendar_files, framed, links, own

_NEWER = Drop(LetterStatus.CANCELLED, "planned for an earlier version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The words of a notice: whoever is told the same in the same language gets them, with the same calendar file."""

    language: str
    change: str
    event: Facts
    before: Facts | None
    reason_given: str
    url: str
    files: tuple[tuple[str, str, bytes], ...]

    @classmethod
    def of(cls, event: Event, language: str, *, zone: str, change: str, before: EventDetails | None) -> "Notice":
        """An address that was taken back must not come out through the story of the change."""
        now = event.details
        if before and not now.is_address_public:
            before = before.with_changes(is_address_public=False)
        return cls(
            language=language,
            change=change,
            event=facts(now, language, reader_zone=zone),
            before=facts(before, language) if before else None,
            reason_given=event.public_note,
            url=links().url(f"/e/{event.ref}"),
            files=calendar_files([event]),
        )

    def write(self, fields: Mapping[str, str], /) -> Message:
        return framed(
            "reminder_change",
            self.language,
            fields,
            change=self.change,
            event=self.event,
            before=self.before,
            reason_given=self.reason_given,
            url=self.url,
            attachments=self.files,
        )


def compose(letters: Sequence[Letter]) -> list[Filled | Drop]:
    """Each letter names the wish that it answers; where that has ended, nobody is told."""
    asked = queries.wishes({letter.context["subscription"] for letter in letters})
    known, written = {event.id: event for event in events.among({x.subject_id for x in letters})}, _Written()
    composed: list[Filled | Drop] = []
    for letter in letters:
        event = known.get(letter.subject_id)
        reader, wish = asked.get(letter.context["subscription"], (None, None))
        if event is None or reader is None or wish is None or reader.id != letter.recipient_id:
            composed.append(GONE)
        elif event.schedule_version != letter.context["schedule_version"]:
            composed.append(_NEWER)
        else:
            notice = written.notice(event, reader.language, reader.zone, letter.context)
            composed.append(Filled(notice, own(letter, reader, [wish])))
    return composed


COMPOSERS = {"reminder_change": compose}


@dataclass(slots=True)
class _Written:
    """What was put into words already for these letters."""

    known: dict[tuple[int, str, str, str], Notice] = field(default_factory=dict)

    def notice(self, event: Event, language: str, zone: str, said: Mapping[str, Any]) -> Notice:
        before = said["before"]
        key = (event.id, language, zone, json.dumps([said["change"], before]))
        if key not in self.known:
            was = EventDetails.from_json(before) if before else None
            self.known[key] = Notice.of(event, language, zone=zone, change=said["change"], before=was)
        return self.known[key]
