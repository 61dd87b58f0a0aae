"""What was last changed about the time and place of a public event, told from the journal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from campaign.calendar.presenting import iso
from campaign.core.languages import format_date
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Mode
from campaign.events.models import Event
from campaign.journal import queries as journal
from campaign.journal.models import Entry
from campaign.places import zones

_ACTS = ("published", "change_approved", "retimed", "cancelled", "postponed")
# Whoever changes an event more often than this is told about by the newest changes.
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What visitors should know: was a person of the desk the one who published, when did it change or end, how.

    `title` and `sentences` tell the newest change of time or place; `previous_start` is the start before it, with its
    offset (schema.org previousStartDate); `ended_on` is the day it was cancelled or postponed.
    """

    is_reviewed: bool
    ended_on: date | None = None
    title: str = ""
    sentences: tuple[str, ...] = ()
    previous_start: str = ""
    is_moved_online: bool = False


def story(event: Event) -> Story:
    """The story of an event's publication, in one statement."""
    entries = journal.newest("event", event.id, _ACTS, limit=_MOST)
    zone = zones.zone(event.details.time_zone)
    is_reviewed = any(e.act in ("published", "change_approved") and e.actor_id for e in entries)
    ended = next((e.at.astimezone(zone).date() for e in entries if e.act == event.status), None)
    for entry, before, after in _changes(entries, event.details):
        sentences = tuple(_told(before, after))
        if sentences:
            on = format_date(entry.at.astimezone(zone).date(), "d MMMM")
            return Story(
                is_reviewed=is_reviewed,
                ended_on=ended,
                title=_title(before, after, on),
                sentences=sentences,
                previous_start=_previous(before, after),
                is_moved_online=after.mode is Mode.ONLINE is not before.mode,
            )
    return Story(is_reviewed=is_reviewed, ended_on=ended)


def _changes(entries: Sequence[Entry], now: EventDetails) -> Iterator[tuple[Entry, EventDetails, EventDetails]]:
    """(entry, before, after), newest first: what an older change led to is where the next one began."""
    after = now
    for entry in entries:
        if entry.details.get("before"):
            before = EventDetails.from_json(entry.details["before"])
            yield entry, before, after
            after = before


def _kinds(before: EventDetails, after: EventDetails) -> set[str]:
    """What is different, coarsely: `date`, `time`, `place`."""
    is_date = _day(before) != _day(after) or before.occasions != after.occasions
    is_place = before.mode != after.mode or _place(before) != _place(after)
    is_time = not (before.occasions or after.occasions) and _times(before) != _times(after)
    return {name for name, is_so in (("date", is_date), ("time", is_time), ("place", is_place)) if is_so}


def _title(before: EventDetails, after: EventDetails, on: str) -> str:
    kinds = _kinds(before, after)
    if kinds == {"place"}:
        return _("The place was changed on %(date)s", date=on)
    if kinds == {"time"}:
        return _("The time was changed on %(date)s", date=on)
    if "place" not in kinds:
        return _("The date was changed on %(date)s", date=on)
    return _("Time and place were changed on %(date)s", date=on)


def _told(before: EventDetails, after: EventDetails) -> Iterator[str]:
    """One sentence for each thing that is different now."""
    kinds = _kinds(before, after)
    if before.occasions or after.occasions:
        if "date" in kinds:
            yield _("The dates are different now; this page shows the new ones.")
    elif "date" in kinds:
        yield _("It now takes place on %(now)s (before: %(before)s).", now=_day(after), before=_day(before))
    if "time" in kinds:
        yield from _told_of_times(_times(before), _times(after))
    if before.mode != after.mode:
        yield {
            Mode.ONLINE: _("It now takes place online only."),
            Mode.HYBRID: _("It can now be joined in person and online."),
            Mode.IN_PERSON: _("It now takes place in person only."),
        }[after.mode]
    elif "place" in kinds:
        # An address that was taken back must not come out through the story of the change.
        shown = before.with_changes(is_address_public=before.is_address_public and after.is_address_public)
        yield _("The place is now %(now)s (before: %(before)s).", now=_place(after), before=_place(shown))


def _told_of_times(before: tuple[str, str], now: tuple[str, str]) -> Iterator[str]:
    if before[0] != now[0] and now[0]:
        yield (
            _("It now begins at %(now)s (before: %(before)s).", now=now[0], before=before[0])
            if before[0]
            else _("It begins at %(now)s.", now=now[0])
        )
    if before[1] != now[1] and now[1]:
        yield _("It now ends at %(now)s.", now=now[1])


def _day(details: EventDetails) -> str:
    """The first day, with the last where there is one; empty without a date."""
    if details.starts is None:
        return ""
    first = format_date(details.starts.date(), "full")
    last = details.ends.date() if details.ends else details.starts.date()
    if last == details.starts.date():
        return first
    return _("%(first)s to %(last)s", first=first, last=format_date(last, "full"))


def _times(details: EventDetails) -> tuple[str, str]:
    """Start and end on the clock of the event; empty where the hour is not known."""
    if not details.is_time_known:
        return "", ""
    return tuple(f"{moment:%H:%M}" if moment else "" for moment in (details.starts, details.ends))  # type: ignore[return-value]


def _place(details: EventDetails) -> str:
    if details.mode is Mode.ONLINE:
        return ""
    parts = (details.venue, details.room, details.address) if details.is_address_public else ()
    return _(", ").join(part for part in (*parts, details.city) if part)


def _previous(before: EventDetails, after: EventDetails) -> str:
    """The start before the change, if it moved."""
    old, new = _start(before), _start(after)
    return old if old != new else ""


def _start(details: EventDetails) -> str:
    if details.starts is None:
        return ""
    moment: datetime = details.starts
    return iso(moment, details.time_zone) if details.is_time_known else moment.date().isoformat()
