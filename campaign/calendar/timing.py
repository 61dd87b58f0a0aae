"""When an event is on, when it is over, and when the link of its stream is shown; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from campaign.events.details import EventDetails, Occasion
from campaign.events.lifecycle import UNKNOWN_LENGTH, Duration, Mode, Status
from campaign.places import moments, zones


@dataclass(frozen=True, slots=True)
class Span:
    """One date of an event as two instants (aware, UTC)."""

    starts_at: datetime
    ends_at: datetime


def spans(details: EventDetails) -> list[Span]:
    """Every date of an event, in order; whole days where it is a run or the hour is not known."""
    dates = details.occasions or ((Occasion(starts=details.starts, ends=details.ends),) if details.starts else ())
    return [Span(moments.instant(one.starts, details.time_zone), _end(one, details)) for one in dates]


def _end(one: Occasion, details: EventDetails) -> datetime:
    if details.duration is Duration.RUN or not details.is_time_known:
        midnight = datetime.combine((one.ends or one.starts).date() + timedelta(days=1), time())
        return moments.instant(midnight, details.time_zone)
    if one.ends is None:
        return moments.instant(one.starts, details.time_zone) + UNKNOWN_LENGTH
    return moments.instant(one.ends, details.time_zone)


def is_over(known: Sequence[Span], now: datetime) -> bool:
    return all(span.ends_at <= now for span in known)


def is_on(known: Sequence[Span], now: datetime) -> bool:
    return any(span.starts_at <= now < span.ends_at for span in known)


def today(zone: str, now: datetime) -> date:
    """The date on the event's own calendar."""
    return now.astimezone(zones.zone(zone)).date()


def midnights(now: datetime) -> tuple[datetime, ...]:
    """Instants within this hour at which a day begins in some zone: quarters of it, for what begins with it is past."""
    return _quarters_at_midnight(now.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=8)
def _quarters_at_midnight(hour: datetime) -> tuple[datetime, ...]:
    quarters = [hour + timedelta(minutes=minutes) for minutes in (15, 30, 45)]
    minute = timedelta(minutes=1)
    return tuple(q for q in quarters if any(today(zone, q) != today(zone, q - minute) for zone in zones.names()))


def turns(details: EventDetails, now: datetime) -> list[datetime]:
    """Instants at which the event's page says something else: a stream opens, a date begins or ends, a day begins."""
    known = spans(details)
    here = today(details.time_zone, now)
    midnights = (datetime.combine(here + timedelta(days=n), time()) for n in (0, 1))
    return [
        *(opens for opens, _closes in _windows(details, known)),
        *(moment for span in known for moment in (span.starts_at, span.ends_at)),
        *(moments.instant(midnight, details.time_zone) for midnight in midnights),
    ]


class State(StrEnum):
    """What the page says of the stream."""

    NONE = "none"
    WAITING = "waiting"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The stream at one moment: the addresses are empty unless it is open; `opens` is on the event's own clock."""

    state: State
    opens: datetime | None = None
    url: str = ""
    fallback_url: str = ""


def stream(details: EventDetails, status: Status, now: datetime) -> Stream:
    """What the page says of the stream now."""
    known = _windows(details, spans(details))
    if not known or status is not Status.PUBLISHED:
        return Stream(state=State.NONE)
    if any(opens <= now < closes for opens, closes in known):
        return Stream(state=State.OPEN, url=details.stream_url, fallback_url=details.stream_fallback_url)
    coming = min((opens for opens, _closes in known if opens > now), default=None)
    if coming is None:
        return Stream(state=State.OVER)
    return Stream(state=State.WAITING, opens=coming.astimezone(zones.zone(details.time_zone)).replace(tzinfo=None))


def _windows(details: EventDetails, known: Sequence[Span]) -> list[tuple[datetime, datetime]]:
    """(opens, closes) of every date of an event with a stream."""
    if details.mode is Mode.IN_PERSON or not details.stream_url:
        return []
    before = timedelta(minutes=details.stream_opens_minutes)
    return [((span.starts_at - before).astimezone(UTC), span.ends_at) for span in known]
