"""The words of letters about events that are followed by name, written when they leave: the event is read again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from flask import current_app

from campaign.accounts.tokens import Links
from campaign.core import clock, languages
from campaign.events import queries as events
from campaign.events.models import Event
from campaign.mail import rendering
from campaign.mail.composers import Drop, Message
from campaign.mail.models import Letter
from campaign.mail.models import Status as LetterStatus
from campaign.places import zones
from campaign.reminders import due, queries, service, tokens, wording
from campaign.reminders.facts import Facts, facts
from campaign.reminders.models import Reader, Subscription
from campaign.reminders.ports import calendar
from campaign.reminders.queries import Addressee, Wish

GONE = Drop(LetterStatus.CANCELLED, "the event or the subscription ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One date of one event as a letter tells it; `days` until then, None where the date itself must do."""

    facts: Facts
    url: str
    days: int | None
    is_closing: bool

    def __hash__(self) -> int:
        """Of what is at hand: a letter's form is looked up by it, and the facts are many."""
        return hash((self.url, self.days, self.is_closing))


def compose_confirm(letter: Letter) -> Message | Drop:
    """The question whether the address is theirs; it names all that waits, and nothing a stranger typed."""
    reader = queries.find_reader(letter.recipient_id or 0)
    waiting = service.pending(reader) if reader else ()
    if reader is None or not waiting:
        return GONE
    is_proven = reader.confirmed_at is not None
    rows = wording.followed(waiting, reader.language, is_proven=is_proven)
    if not rows:
        return GONE
    link = links().url(f"/v/r/{tokens.manage(reader, links())}")
    return write(letter, reader, waiting, rows=rows, link=link, one=_only(waiting, reader))


def compose_set(letter: Letter) -> Message | Drop:
    """When the letters will come, and the events for the reader's own calendar."""
    reader = queries.find_reader(letter.recipient_id or 0)
    wanted = set(letter.context["subscriptions"])
    about = [s for s in queries.of_reader(reader.id) if s.is_active and s.id in wanted] if reader else []
    if reader is None or not about:
        return GONE
    known = list(events.among({s.event_id for s in about if s.event_id is not None}))
    return write(
        letter,
        reader,
        about,
        rows=wording.followed(about, reader.language),
        one=_only(about, reader),
        letters_on=letters_on(known, reader),
        is_changes_only=reader.is_changes_only,
        attachments=calendar_files(known),
    )


def letters_on(known: Sequence[Event], reader: Reader) -> list[str]:
    days = {
        one.on
        for event in known
        for one in due.reminders(event.details, clock.now(), zone=reader.zone, days=reader.days_before)
    }
    return [format_date(day, "full", locale=languages.locale(reader.language)) for day in sorted(days)]


def _only(about: Sequence[Subscription], reader: Reader) -> Told | None:
    """The event, where it is the only thing a letter is about."""
    event = events.find(about[0].event_id) if len(about) == 1 and about[0].event_id else None
    return told(event, reader.language, reader.zone) if event else None


def told(event: Event, language: str, zone: str, *, days: int | None = None, is_closing: bool = False) -> Told:
    """An event as a whole, as a reader is told of it."""
    said = facts(event.details, language, reader_zone=zone)
    return Told(facts=said, url=links().url(f"/e/{event.ref}"), days=days, is_closing=is_closing)


COMPOSERS = {
    "reminder_confirm": compose_confirm,
    "reminder_set": compose_set,
}


def links() -> Links:
    return Links.of(current_app.extensions["settings"])


def calendar_files(known: Collection[Event]) -> tuple[tuple[str, str, bytes], ...]:
    kind = "text/calendar; charset=utf-8"
    files = [(event.ref, calendar().file(event)) for event in known]
    return tuple((f"{ref}.ics", kind, text.encode()) for ref, text in files if text)


def write(
    letter: Letter,
    reader: Reader,
    about: Sequence[Subscription],
    *,
    attachments: tuple[tuple[str, str, bytes], ...] = (),
    **said: Any,
) -> Message:
    """A letter to one reader with its reason, its link to the wishes and its one click that stops what it is about."""
    return framed(letter.kind, reader.language, own(letter, reader, about), attachments=attachments, **said)


def own(letter: Letter, reader: Reader | Addressee, about: Sequence[Subscription | Wish]) -> dict[str, str]:
    """What stands in no other reader's letter; the same whenever the letter is written again."""
    asked_at, to = max((s.asked_at for s in about), default=reader.created_at), links()
    asked_on = asked_at.astimezone(zones.zone(reader.zone)) if zones.is_zone(reader.zone) else asked_at
    return {
        "stop": to.url(f"/u/{tokens.stop(reader, sorted(s.id for s in about), to, at=letter.due_at)}"),
        "wishes": to.url(f"/m/{tokens.manage(reader, to, at=letter.due_at)}"),
        "asked_on": long_date(asked_on.date(), reader.language),
    }


def framed(
    kind: str,
    language: str,
    fields: Mapping[str, str],
    *,
    attachments: tuple[tuple[str, str, bytes], ...] = (),
    **said: Any,
) -> Message:
    """The letter around what `own` answers, or around the places of it."""
    context = {"preferences_url": fields["wishes"], "asked_on": fields["asked_on"], **said}
    headers = {"List-Unsubscribe": f"<{fields['stop']}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return rendering.render(kind, language, context, headers=headers, attachments=attachments)


@lru_cache(1000)
def long_date(day: date, language: str) -> str:
    return str(format_date(day, "long", locale=languages.locale(language)))
