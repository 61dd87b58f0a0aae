"""The day as it goes around the world: its beginning and end, the zones in order, the line between two dates; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from campaign.campaigns.silence import Silence
from campaign.places import zones

# One inhabited place for every hour of the globe, so that the row is whole wherever events are listed.
RING = (
    "Pacific/Kiritimati", "Pacific/Auckland", "Pacific/Fiji", "Pacific/Noumea", "Australia/Sydney",
    "Australia/Brisbane", "Asia/Tokyo", "Asia/Kuala_Lumpur", "Asia/Jakarta", "Asia/Dhaka", "Asia/Kolkata",
    "Asia/Tashkent", "Asia/Baku", "Europe/Istanbul", "Europe/Vilnius", "Europe/Berlin", "Europe/London",
    "Atlantic/Azores", "America/Noronha", "America/Sao_Paulo", "America/Caracas", "America/New_York",
    "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu",
    "Pacific/Pago_Pago",
)  # fmt: skip
FIRST_OFFSET, LAST_OFFSET = timedelta(hours=14), timedelta(hours=-12)
LASTS = timedelta(minutes=1)
# So long after the day its page sums it up; then it turns to the next one.
LOOKING_BACK = timedelta(days=30)


class Phase(StrEnum):
    """Where the world stands: nowhere yet that day, somewhere, nowhere any more."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class State(StrEnum):
    """Where a zone stands: the moment was kept, is being kept, is the next, or is to come."""

    KEPT = "kept"
    KEEPING = "keeping"
    NEXT = "next"
    COMING = "coming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A zone under the name of a place in it; `events` is how many are listed there that day."""

    zone: str
    name: str
    events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flame:
    """Places whose clocks agree; `at` is the instant at which they keep the moment, `offset` theirs from UTC then."""

    at: datetime
    offset: timedelta
    places: tuple[Place, ...]
    state: State

    @property
    def local(self) -> datetime:
        """What the clocks there show at the moment."""
        return (self.at + self.offset).replace(tzinfo=None)


def span(day: date) -> tuple[datetime, datetime]:
    """The instants at which a date begins first (UTC+14) and has ended everywhere (UTC−12)."""
    midnight = datetime.combine(day, time(), UTC)
    return midnight - FIRST_OFFSET, midnight + timedelta(days=1) - LAST_OFFSET


def phase(day: date, now: datetime) -> Phase:
    begins, ends = span(day)
    return Phase.BEFORE if now < begins else Phase.DURING if now < ends else Phase.AFTER


def day_to_show(days: Iterable[date], now: datetime) -> date:
    """Of the days of remembrance of several years the one that is not long past."""
    return min(day for day in days if now < span(day)[1] + LOOKING_BACK)


def flames(silence: Silence, day: date, places: Iterable[Place], now: datetime) -> list[Flame]:
    """The row of zones in the order in which the moment reaches them; in each the places with most events first.

    `places` are those with listings; the ring completes them.
    """
    known: dict[str, Place] = {}
    for place in (*places, *(Place(zone=zone, name="") for zone in RING)):
        known.setdefault(place.zone, place)
    groups: dict[tuple[datetime, timedelta], list[Place]] = {}
    for place in known.values():
        at = silence.kept_at(day, place.zone)
        offset = at.astimezone(zones.zone(place.zone)).utcoffset() or timedelta()
        groups.setdefault((at, offset), []).append(place)
    coming = min((at for at, _offset in groups if at > now), default=None)
    return [
        Flame(
            at=at,
            offset=offset,
            places=tuple(sorted(group, key=lambda place: -place.events)),
            state=_state(at, now, coming),
        )
        for (at, offset), group in sorted(groups.items(), key=lambda item: (item[0][0], -item[0][1]))
    ]


def _state(at: datetime, now: datetime, coming: datetime | None) -> State:
    if now < at:
        return State.NEXT if at == coming else State.COMING
    return State.KEEPING if now < at + LASTS else State.KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLine:
    """Where midnight is, about and by the sun: west of `longitude` it is still `west`, east of it already `east`.

    `offset` is the one whose clocks show midnight, to the half hour.
    """

    longitude: float
    offset: timedelta
    west: date
    east: date


def date_line(now: datetime) -> DateLine:
    """The meridian of midnight at an instant; at noon UTC it lies on the antimeridian and one date is everywhere."""
    since = timedelta(hours=now.hour, minutes=now.minute // 30 * 30)
    offset = -since if since <= timedelta(hours=12) else timedelta(days=1) - since
    west = (now.replace(hour=0, minute=0) + since + offset - timedelta(hours=1)).date()
    return DateLine(longitude=offset / timedelta(hours=1) * 15, offset=offset, west=west, east=west + timedelta(days=1))


def of_listings(rows: Sequence[tuple[str, str, int]]) -> list[Place]:
    """(zone, city, events) of listed places as one place a zone, under the name of the city with most events."""
    best: dict[str, Place] = {}
    for zone, name, events in sorted(rows, key=lambda row: (-row[2], row[1])):
        known = best.get(zone, Place(zone=zone, name=name))
        best[zone] = replace(known, events=known.events + events)
    return list(best.values())
