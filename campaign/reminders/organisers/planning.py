"""Plans letters to organisers about their events, in the transaction that makes them necessary.

A letter belongs to a person and a day, and finds its events when it leaves: six events of one evening are one letter,
an event that moved is found under its new day, and nothing needs to be called back.
"""

from collections.abc import Iterable, Iterator

from campaign.accounts.models import Person
from campaign.core.db import database_now, transaction
from campaign.events.consequences import Happening
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail import service as mail
from campaign.mail.service import Promise
from campaign.places.zones import tz_version
from campaign.reminders.organisers import dates, queries
from campaign.reminders.organisers.dates import Note

CHECK, REPORT = "event_check", "event_report"


def follow(happening: Happening) -> None:
    """An event was published or changed: its organiser will be asked to check it, and how it went."""
    plan([happening.event])


def plan(events: Iterable[Event]) -> int:
    """Promise what is owed for these events; gives how many letters are new or have another hour now.

    Planning twice plans nothing more.
    """
    rows = [e for e in events if e.status is Status.PUBLISHED and e.created_by is not None]
    people = queries.people([event.created_by for event in rows if event.created_by is not None])
    owed = (one for event in rows if event.created_by in people for one in _owed(event, people[event.created_by]))
    return mail.promise_all(owed, moves=True)


def plan_all() -> int:
    """The same for everything that is not long over."""
    found = last = 0
    since = database_now() - dates.REPORT_AFTER[1]
    while True:
        with transaction():
            events = queries.running_after(last, since)
            found += plan(events)
            last = events[-1].id if events else last
        if not events:
            return found


def _owed(event: Event, person: Person) -> Iterator[Promise]:
    now, version, details = database_now(), tz_version(), event.details
    for kind, notes in ((CHECK, dates.checks), (REPORT, dates.reports)):
        for note in notes(details, person.time_zone):
            if note.at > now:
                yield _promise(kind, note, person, version)


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
