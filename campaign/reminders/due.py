"""When the reminders of an event fall due. Pure arithmetic on its details and on a reader's wishes.

Letters of a day leave at ten in the morning by the reader's clock, or by the event's where the reader's zone is not
known; the letter of the day itself at eight, when the night's quiet ends, or the day before where that is too late.
Only "two hours before" is elapsed time.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from campaign.events.details import EventDetails
from campaign.events.lifecycle import UNKNOWN_LENGTH, Duration, Mode
from campaign.places import moments, zones

USUAL = (7, 1)
MORNING, EARLY = time(10), time(8)
HOURS_BEFORE, LAST_DAYS = "PT2H", "LAST"
# Where nobody said at what hour something begins, the day is reckoned from the morning.
DAYTIME = timedelta(hours=10)
# An exhibition's last letter comes on the first of its last three days.
LAST = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One reminder: for which date of the event, how long before, and from when until when it makes sense (UTC).

    `on` is the day it leaves, by the clock it was reckoned with. `offset` is `P7D`, `P1D`, `P0D`, `PT2H` or `LAST`.
    """

    position: int
    offset: str
    at: datetime
    until: datetime
    on: date


def reminders(
    details: EventDetails,
    after: datetime,
    *,
    zone: str = "",
    days: Collection[int] = USUAL,
    also: Collection[tuple[int, str]] = (),
) -> Iterator[Due]:
    """Every reminder that falls due after a moment, in the order they fall due for each date.

    `also` names reminders (position, offset) that fell due already and still wait to be sent. No `days` means that
    the reader wants to hear of changes only.
    """
    if not days:
        return
    clock = zone if zones.is_zone(zone) else details.time_zone
    for position, start in enumerate(_starts(details)):
        for one in _before(details, position, start, clock, days):
            if one.at > after or (one.until > after and (position, one.offset) in also):
                yield one


def _before(details: EventDetails, position: int, start: datetime, clock: str, days: Collection[int]) -> Iterator[Due]:
    start_at = moments.instant(start, details.time_zone)
    there = start_at.astimezone(zones.zone(clock))
    # Of what begins early, the letter of that morning would come too late: it comes the day before.
    morning = 0 if _morning(there.date(), 0, clock) < start_at else 1
    found = {n or morning for n in days}
    planned = [(_morning(there.date() - timedelta(days=n), n, clock), f"P{n}D") for n in found]
    if has_hour(details) and details.mode is not Mode.IN_PERSON:
        planned.append((moments.before(start, details.time_zone, HOURS_BEFORE), HOURS_BEFORE))
    planned = sorted((at, code) for at, code in planned if at < start_at)
    for (at, code), (until, _next) in pairwise([*planned, (start_at, "")]):
        yield Due(position=position, offset=code, at=at, until=until, on=at.astimezone(zones.zone(clock)).date())
    if details.duration is Duration.RUN and details.ends and details.ends - start > LAST:
        on = details.ends.date() - LAST
        yield Due(position=position, offset=LAST_DAYS, at=_morning(on, 1, clock), until=over_at(details), on=on)


def _morning(day: date, days_before: int, clock: str) -> datetime:
    return moments.instant(datetime.combine(day, MORNING if days_before else EARLY), clock)


def over_at(details: EventDetails) -> datetime:
    """The instant from which nobody needs to be told anything of it."""
    whole_days = details.duration is Duration.RUN or not details.is_time_known
    lasts = [o.ends or o.starts + UNKNOWN_LENGTH for o in details.occasions]
    if not lasts and details.starts:
        lasts = [details.ends or details.starts + UNKNOWN_LENGTH]
    if not lasts:
        return datetime.min.replace(tzinfo=UTC)
    return moments.instant(max(lasts), details.time_zone) + timedelta(days=1 if whole_days else 0)


def has_hour(details: EventDetails) -> bool:
    """Whether it begins at an hour; a run has opening hours instead."""
    return details.is_time_known and details.duration is not Duration.RUN


def _starts(details: EventDetails) -> list[datetime]:
    starts = [o.starts for o in details.occasions] or ([details.starts] if details.starts else [])
    return starts if has_hour(details) else [start + DAYTIME for start in starts]
