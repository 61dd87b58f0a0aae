"""The words of reminders, written when they leave: the event and the subscription are read again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from babel.dates import format_date
from flask import current_app

from campaign.accounts.tokens import Links
from campaign.core import clock
from campaign.events import queries as events
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail import rendering
from campaign.mail.composers import Drop, Message
from campaign.mail.models import Letter
from campaign.mail.models import Status as LetterStatus
from campaign.places import zones
from campaign.reminders import due, queries, service
from campaign.reminders.facts import days_until, facts
from campaign.reminders.models import Subscription

CalendarFile = Callable[[Event], str]

_GONE = Drop(LetterStatus.CANCELLED, "the event or the subscription ended")
_NEWER = Drop(LetterStatus.CANCELLED, "planned for an earlier version")
_SAID = Drop(LetterStatus.CANCELLED, "this reminder has gone out already; a notice tells what changed")

_calendar_file: list[CalendarFile] = []


def connect_ics(make: CalendarFile) -> None:
    """Set who writes an event as a calendar file (`METHOD:PUBLISH`); "" where there is nothing to attach."""
    _calendar_file[:] = [make]


def compose_reminder(letter: Letter) -> Message | Drop:
    """A reminder, unless the event moved, ended or the reader stopped since it was planned."""
    event, subscription = _read(letter)
    if event is None or subscription is None or not subscription.is_active or event.status is not Status.PUBLISHED:
        return _GONE
    if event.schedule_version != letter.context["schedule_version"]:
        return _NEWER
    if _is_said(letter, event, subscription):
        return _SAID
    position = int(letter.context["position"])
    return _write(letter, event, subscription, position=position, days=_days(event.details, position))


def compose_change(letter: Letter) -> Message | Drop:
    """What changed: only the newest state is worth a letter."""
    event, subscription = _read(letter)
    if event is None or subscription is None or not subscription.is_active:
        return _GONE
    if event.schedule_version != letter.context["schedule_version"]:
        return _NEWER
    before, now = letter.context["before"], event.details
    old = EventDetails.from_json(before) if before else None
    if old and not now.is_address_public:
        # An address that was taken back must not come out through the story of the change.
        old = old.with_changes(is_address_public=False)
    return _write(
        letter,
        event,
        subscription,
        change=letter.context["change"],
        before=facts(old, subscription.language) if old else None,
        reason_given=event.public_note,
        attachments=_calendar(event),
    )


def compose_confirm(letter: Letter) -> Message | Drop:
    """The question whether the address is theirs."""
    event, subscription = _read(letter)
    if event is None or subscription is None or subscription.is_active:
        return _GONE
    return _write(letter, event, subscription, link=_links().url(f"/v/r/{letter.context['token']}"))


def compose_set(letter: Letter) -> Message | Drop:
    """When the reminders will come, and the event for the reader's own calendar."""
    event, subscription = _read(letter)
    if event is None or subscription is None or not subscription.is_active:
        return _GONE
    zone = zones.zone(event.details.time_zone)
    days = sorted({one.at.astimezone(zone).date() for one in due.reminders(event.details, clock.now())})
    told = [format_date(day, "full", locale=subscription.language) for day in days]
    return _write(letter, event, subscription, letters_on=told, attachments=_calendar(event))


COMPOSERS = {
    "reminder": compose_reminder,
    "reminder_change": compose_change,
    "reminder_confirm": compose_confirm,
    "reminder_set": compose_set,
}


def _links() -> Links:
    return Links.of(current_app.extensions["settings"])


def _read(letter: Letter) -> tuple[Event | None, Subscription | None]:
    subscription = queries.find(letter.recipient_id) if letter.recipient_id else None
    return events.find(letter.subject_id), subscription


def _is_said(letter: Letter, event: Event, subscription: Subscription) -> bool:
    """Whether the same reminder left for an earlier version, for less than a day apart."""
    same = (letter.context["position"], letter.context["offset"])
    return any(
        (sent.context["position"], sent.context["offset"]) == same
        and abs(sent.due_at - letter.due_at) < timedelta(days=1)
        for sent in queries.sent_reminders(event.id, subscription.id)
        if sent.key != letter.key
    )


def _days(details: EventDetails, position: int) -> int:
    """How many days ahead the event is now: a letter that was held up must not say `tomorrow` on the day itself."""
    starts = details.occasions[position].starts if position < len(details.occasions) else details.starts
    assert starts is not None
    return days_until(starts, details.time_zone, clock.now())


def _calendar(event: Event) -> tuple[tuple[str, str, bytes], ...]:
    text = _calendar_file[0](event) if _calendar_file else ""
    kind = "text/calendar; method=PUBLISH; charset=utf-8"
    return ((f"{event.ref}.ics", kind, text.encode()),) if text else ()


def _write(
    letter: Letter,
    event: Event,
    subscription: Subscription,
    *,
    position: int | None = None,
    attachments: tuple[tuple[str, str, bytes], ...] = (),
    **extra: Any,
) -> Message:
    links, language = _links(), subscription.language
    token = service.token(subscription, links)
    stop = links.url(f"/u/{token}")
    asked_on = subscription.asked_at.astimezone(zones.zone(subscription.zone or event.details.time_zone))
    context = {
        "event": facts(event.details, language, position=position, reader_zone=subscription.zone),
        "url": links.url(f"/e/{event.ref}"),
        "preferences_url": links.url(f"/m/{token}"),
        "asked_on": format_date(asked_on, "long", locale=language),
        **extra,
    }
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return rendering.render(letter.kind, language, context, headers=headers, attachments=attachments)
