"""When organisers hear from us. Pure arithmetic on the details of an event and on a day of remembrance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from campaign.events.details import EventDetails
from campaign.places import moments, zones
from campaign.places.nights import waking
from campaign.reminders import due

CHECK_DAYS = (7, 1)
# After the end of an event: the next day, and once more when a week is over.
REPORT_AFTER = (timedelta(hours=20), timedelta(days=7))
# So long after its end an event may still be asked about: days without hours end later, nobody is woken, mail may rest.
MEMORY = REPORT_AFTER[1] + timedelta(days=3)
DRAFT_RESTS = timedelta(hours=24)
QUESTION_RESTS = timedelta(hours=48)
_TUESDAY = 1


class Season(StrEnum):
    """Letters about an edition as a whole, by their kind."""

    HOLD = "season_hold"
    OPEN = "season_open"
    DEADLINE = "season_deadline"
    REVIEW = "season_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A letter about an event: the day it belongs to, when it leaves, until when it makes sense (UTC).

    `step` is 7 or 1 (days before) for a check, 1 or 2 (first and last time) for the questions afterwards.
    """

    on: date
    step: int
    at: datetime
    until: datetime


def checks(details: EventDetails, zone: str) -> Iterator[Note]:
    """`Please check`, a week and a day before the first beginning, at ten by the clock of `zone`."""
    start = first_start(details)
    if start is None:
        return
    begins = moments.instant(start, details.time_zone)
    for days in CHECK_DAYS:
        on = start.date() - timedelta(days=days)
        at = moments.instant(datetime.combine(on, due.MORNING), _clock(zone, details))
        if at < begins:
            yield Note(on=on, step=days, at=at, until=begins)


def reports(details: EventDetails, zone: str) -> Iterator[Note]:
    """`How did it go`, twenty hours and seven days after the end, by day."""
    ends = due.over_at(details)
    if not details.starts and not details.occasions:
        return
    clock = _clock(zone, details)
    for step, after in enumerate(REPORT_AFTER, start=1):
        at = waking(ends + after, clock)
        yield Note(on=report_on(details, step), step=step, at=at, until=at + timedelta(days=4))


def report_on(details: EventDetails, step: int) -> date:
    """The day a question belongs to, on the event's own calendar: events of one evening are asked about together."""
    after = due.over_at(details) + REPORT_AFTER[step - 1]
    return after.astimezone(zones.zone(details.time_zone)).date()


def first_start(details: EventDetails) -> datetime | None:
    starts = [o.starts for o in details.occasions] or ([details.starts] if details.starts else [])
    return min(starts, default=None)


def _clock(zone: str, details: EventDetails) -> str:
    """The organiser's zone, or the event's where it is not known."""
    return zone if zones.is_zone(zone) else details.time_zone


def season(day: date) -> Iterator[tuple[Season, date, int]]:
    """(letter, the day it leaves, number) for the edition of this day of remembrance."""
    early = day - timedelta(weeks=16)
    yield Season.HOLD, early + timedelta(days=_TUESDAY - early.weekday()), 1
    yield Season.OPEN, opens_on(day), 1
    yield Season.DEADLINE, day - timedelta(weeks=5), 1
    yield Season.DEADLINE, day - timedelta(weeks=3), 2
    yield Season.REVIEW, day + timedelta(days=21), 1


def opens_on(day: date) -> date:
    return day - timedelta(weeks=12)


def submit_by(day: date, written: str) -> date:
    """Until when events are reviewed in time: `02-18` of the configuration, else eight days before."""
    try:
        month, number = (int(part) for part in written.split("-"))
        found = date(day.year, month, number)
    except (TypeError, ValueError):
        return day - timedelta(days=8)
    return found if found <= day else found.replace(year=day.year - 1)
