"""Plans letters to organisers about their events, in the transaction that makes them necessary.

A letter belongs to a person and a day, and finds its events when it leaves: six events of one evening are one letter,
an event that moved is found under its new day, and nothing needs to be called back. As events share letters, a change
of one is planned with all the others of its organiser.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from campaign.accounts.models import Person
from campaign.core.db import database_now, transaction
from campaign.events.consequences import Happening
from campaign.events.models import Event
from campaign.mail import service as mail
from campaign.mail.service import Promise
from campaign.places.zones import tz_version
from campaign.reminders.organisers import dates, queries
from campaign.reminders.organisers.dates import Note, Season

CHECK, REPORT = "event_check", "event_report"
# Letters in the language that their organiser has chosen when they leave.
SPOKEN = (CHECK, REPORT, "event_draft", "event_question_again", *Season)
_Shared = tuple[str, date, int]


def follow(happening: Happening) -> None:
    """A public listing changed: its organiser will be asked to check it, and how it went."""
    if happening.event.created_by is not None and not happening.is_retimed:
        plan([happening.event.created_by])


def follow_person(person: Person) -> None:
    """Somebody chose another language or zone."""
    mail.speak(person.id, SPOKEN, language=person.language)
    plan([person.id])


def plan(person_ids: Sequence[int]) -> int:
    """Promise what these people are owed; gives how many letters are new or have another hour now.

    Planning twice plans nothing more.
    """
    now, version, owed = database_now(), tz_version(), list[Promise]()
    queries.hold(person_ids)
    people, events = queries.people(person_ids), queries.running_of(person_ids, now - dates.MEMORY)
    for person_id, person in people.items():
        shared = _shared(events[person_id], person, now)
        owed += [_promise(kind, note, person, version) for (kind, _on, _step), note in sorted(shared.items())]
    return mail.promise_all(owed, moves=True)


def plan_all() -> int:
    """The same for everybody with something that is not long over."""
    found = last = 0
    while True:
        with transaction():
            person_ids = queries.organisers_after(last, database_now() - dates.MEMORY)
            found += plan(person_ids) if person_ids else 0
            last = person_ids[-1] if person_ids else last
        if not person_ids:
            return found


def _shared(events: Sequence[Event], person: Person, now: datetime) -> dict[_Shared, Note]:
    """The letters of a person that are still to come, each once however many events it is about.

    Nobody is asked to check what has begun, nor how something went that is not over: the first hour holds for the one,
    the last for the other.
    """
    found: dict[_Shared, Note] = {}
    for event in events:
        for kind, note in _notes(event, person):
            if note.at > now:
                same = found.setdefault((kind, note.on, note.step), note)
                at = min(same.at, note.at) if kind == CHECK else max(same.at, note.at)
                found[kind, note.on, note.step] = replace(note, at=at, until=max(same.until, note.until))
    return found


def _notes(event: Event, person: Person) -> Iterator[tuple[str, Note]]:
    for kind, notes in ((CHECK, dates.checks), (REPORT, dates.reports)):
        for note in notes(event.details, person.time_zone):
            yield kind, note


def _promise(kind: str, note: Note, person: Person, version: str) -> Promise:
    return Promise(
        key=f"{kind}:{person.id}:{note.on.isoformat()}:{note.step}",
        kind=kind,
        to=person.email,
        language=person.language,
        context={"on": note.on.isoformat(), "step": note.step},
        due_at=note.at,
        expires_at=note.until,
        subject="person",
        subject_id=person.id,
        recipient_id=person.id,
        tz_version=version,
    )
