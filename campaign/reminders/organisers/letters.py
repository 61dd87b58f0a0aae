"""The words of letters to organisers about their events, written when they leave: the events are read again."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from campaign.accounts import queries as accounts
from campaign.accounts.models import OptionalLetter, Person
from campaign.campaigns import queries as campaigns
from campaign.core import clock
from campaign.events import queries as events
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.journal import queries as journal
from campaign.mail import rendering
from campaign.mail.composers import Drop, Message
from campaign.mail.models import Letter
from campaign.mail.models import Status as LetterStatus
from campaign.reminders.facts import Facts, facts
from campaign.reminders.messages import calendar_files, links
from campaign.reminders.organisers import dates, queries
from campaign.reports.queries import told_among

_NOTHING = Drop(LetterStatus.CANCELLED, "nothing of this is left to tell")


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """An event as its organiser reads of it: `url` is public, at `my_url` it is changed, at `report_url` told about."""

    facts: Facts
    ref: str
    url: str
    my_url: str
    report_url: str


def own(event: Event, person: Person) -> Own:
    return Own(
        facts=facts(event.details, person.language, reader_zone=person.time_zone),
        ref=event.ref,
        url=links().url(f"/e/{event.ref}"),
        my_url=links().url(f"/my/events/{event.ref}"),
        report_url=links().url(f"/my/report/{event.ref}"),
    )


def compose_check(letter: Letter) -> Message | Drop:
    """Please look once more: the events of a person that begin in a week, or tomorrow."""
    on, step = date.fromisoformat(letter.context["on"]), int(letter.context["step"])

    def is_meant(event: Event) -> bool:
        start = dates.first_start(event.details)
        return start is not None and start.date() - timedelta(days=step) == on

    return _about_some(letter, is_meant, step=step)


def compose_report(letter: Letter) -> Message | Drop:
    """How did it go: the events of a person that ended on one day, without those of which somebody has told."""
    on, step = date.fromisoformat(letter.context["on"]), int(letter.context["step"])

    def is_meant(event: Event) -> bool:
        return event.is_over and dates.report_on(event.details, step) == on

    return _about_some(letter, is_meant, step=step, told=told_among)


def _about_some(
    letter: Letter,
    is_meant: Callable[[Event], bool],
    *,
    step: int,
    told: Callable[[Collection[int]], set[int]] = lambda _ids: set(),
) -> Message | Drop:
    """`told` answers which events need no letter any more."""
    person = accounts.find_who_wants(letter.recipient_id, OptionalLetter(letter.kind))
    if person is None:
        return _NOTHING
    meant = [e for e in queries.published_of(person.id, clock.now() - dates.MEMORY) if is_meant(e)]
    known = told([event.id for event in meant])
    left = [event for event in meant if event.id not in known]
    return written(letter.kind, person, left, step=step) if left else _NOTHING


def compose_draft(letter: Letter) -> Message | Drop:
    """Your draft is saved: those that were not sent meanwhile."""
    person = accounts.find_who_wants(letter.recipient_id, OptionalLetter(letter.kind))
    kept = [e for e in events.among(letter.context["events"]) if e.status is Status.DRAFT]
    return written(letter.kind, person, kept) if person and kept else _NOTHING


def compose_question_again(letter: Letter) -> Message | Drop:
    """A question of the desk that still waits, and not one that was asked since."""
    person, event = accounts.find(letter.recipient_id or 0), events.find(letter.context["event"])
    if person is None or event is None or event.status is not Status.CHANGE_ASKED:
        return _NOTHING
    entry = journal.latest("event", event.id, "change_asked")
    if entry is None or entry.id != letter.context["entry"]:
        return _NOTHING
    desk = campaigns.desk_name(event.campaign_id, event.country, person.language)
    return written(letter.kind, person, [event], question=entry.note, desk=desk)


def written(kind: str, person: Person, told: Iterable[Event], **said: object) -> Message:
    """A letter to an organiser about these events."""
    rows = [own(event, person) for event in told]
    context = {"name": person.name, "rows": rows, "one": rows[0] if len(rows) == 1 else None, **said}
    return rendering.render(kind, person.language, context)


def compose_published(letter: Letter) -> Message:
    """What was promised, with the event as a calendar file."""
    event = events.find(letter.subject_id)
    attachments = calendar_files([event]) if event else ()
    return rendering.render(letter.kind, letter.language, letter.context, attachments=attachments)


COMPOSERS = {
    "event_check": compose_check,
    "event_report": compose_report,
    "event_draft": compose_draft,
    "event_question_again": compose_question_again,
    "event_published": compose_published,
    "change_published": compose_published,
}
