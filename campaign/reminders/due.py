"""When the reminders of an event fall due. Pure arithmetic on its details."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from campaign.events.details import EventDetails
from campaign.events.lifecycle import Duration
from campaign.places import moments

OFFSETS = ("P7D", "P1D")
# Where nobody said at what hour something begins, letters are meant to come in the morning.
MORNING = timedelta(hours=10)
UNKNOWN_LENGTH = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One reminder: for which date of the event, how long before, and from when until when it makes sense (UTC)."""

    position: int
    offset: str
    at: datetime
    until: datetime


def reminders(details: EventDetails, after: datetime, *, also: Collection[tuple[int, str]] = ()) -> Iterator[Due]:
    """Every reminder that falls due after a moment: 7 days and 1 day before, in the event's wall time.

    `also` names reminders (position, offset) that fell due already and still wait to be sent.
    """
    for position, start in enumerate(_starts(details)):
        start_at = moments.instant(start, details.time_zone)
        due_at = [moments.before(start, details.time_zone, offset) for offset in OFFSETS]
        for offset, at, until in zip(OFFSETS, due_at, [*due_at[1:], start_at], strict=True):
            if at > after or (until > after and (position, offset) in also):
                yield Due(position=position, offset=offset, at=at, until=until)


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
    return starts if has_hour(details) else [start + MORNING for start in starts]
