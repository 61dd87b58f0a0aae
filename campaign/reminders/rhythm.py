"""When the letters about followed filters come, and which days each of them is about. Pure.

Mondays and Thursdays for what is coming, Mondays for the week, a week before the day of remembrance and its morning.
Nothing here depends on an event: whether there is something to tell is asked when a letter is planned.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaign.places import moments, zones
from campaign.reminders.due import EARLY, MORNING
from campaign.reminders.models import Kind

MONDAY, THURSDAY = 0, 3
WEEK = timedelta(days=7)
# The days of a letter lie at most so long after it, and somewhere it is a day earlier.
MEMORY = timedelta(days=9)
# Where the reader's zone is not known.
NOWHERE = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter: when it leaves and until when it makes sense (UTC), and the days (event-local) it tells of."""

    on: date
    at: datetime
    until: datetime
    first: date
    last: date


def between(kind: Kind, zone: str, day: date, since: datetime, until: datetime) -> Iterator[Letter]:
    """The letters of a followed filter that fall due in (since, until]; `day` is the coming day of remembrance."""
    clock = zone if zones.is_zone(zone) else NOWHERE
    on = since.astimezone(zones.zone(clock)).date()
    last = until.astimezone(zones.zone(clock)).date()
    while on <= last:
        found = _on(kind, on, day, clock)
        if found is not None and since < found.at <= until:
            yield found
        on += timedelta(days=1)


def telling(kind: Kind, dates: Collection[date], day: date, now: datetime) -> Iterator[Letter]:
    """The letters of the last days that told of one of these dates; their instants are those of UTC."""
    on = (now - MEMORY).date()
    while on <= (now + timedelta(days=1)).date():
        found = _on(kind, on, day, NOWHERE)
        if found is not None and any(found.first <= one <= found.last for one in dates):
            yield found
        on += timedelta(days=1)


def _on(kind: Kind, on: date, day: date, clock: str) -> Letter | None:
    weekday = on.weekday()
    if kind is Kind.COMING and weekday in (MONDAY, THURSDAY):
        return _letter(on, clock, timedelta(days=1), timedelta(days=3 if weekday == MONDAY else 4))
    if kind is Kind.WEEKLY and weekday == MONDAY:
        return _letter(on, clock, timedelta(0), timedelta(days=6))
    if kind is Kind.DAY and on in (day - WEEK, day):
        is_early = on == day
        at = moments.instant(datetime.combine(on, EARLY if is_early else MORNING), clock)
        until = moments.instant(datetime.combine(day + timedelta(days=1 if is_early else -1), MORNING), clock)
        return Letter(on=on, at=at, until=until, first=day, last=day)
    return None


def _letter(on: date, clock: str, first: timedelta, last: timedelta) -> Letter:
    """At ten; it makes sense until the days it tells of are over."""
    at = moments.instant(datetime.combine(on, MORNING), clock)
    until = moments.instant(datetime.combine(on + last, MORNING), clock)
    return Letter(on=on, at=at, until=until, first=on + first, last=on + last)
