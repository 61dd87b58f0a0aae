"""Events where clocks are difficult: every zone of a list, around each change of its offset, and on plain days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from campaign.events.details import EventDetails, Occasion
from campaign.events.lifecycle import Duration

# Half and quarter hours, the ends of the date line, winter time as the exception, changes at midnight, by half an hour
# and by two hours, rules that changed lately, and the usual ones.
ZONES = (
    "UTC", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "America/Asuncion", "America/Bogota",
    "America/Chicago", "America/Denver", "America/Halifax", "America/Havana", "America/Los_Angeles",
    "America/Mexico_City", "America/Miquelon", "America/New_York", "America/Nuuk", "America/Santiago",
    "America/Sao_Paulo", "America/Scoresbysund", "America/St_Johns", "Antarctica/Troll", "Asia/Almaty", "Asia/Baku",
    "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kabul", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tehran",
    "Asia/Tokyo", "Asia/Yangon", "Atlantic/Azores", "Australia/Adelaide", "Australia/Eucla", "Australia/Lord_Howe",
    "Australia/Sydney", "Europe/Berlin", "Europe/Chisinau", "Europe/Dublin", "Europe/Istanbul", "Europe/Lisbon",
    "Europe/London", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter", "Pacific/Honolulu",
    "Pacific/Kiritimati", "Pacific/Marquesas", "Pacific/Norfolk", "Pacific/Pago_Pago",
)  # fmt: skip
FIRST, LAST = datetime(2026, 6, 1, tzinfo=UTC), datetime(2028, 6, 1, tzinfo=UTC)


def changes(zone: str) -> Iterator[tuple[datetime, timedelta]]:
    """(the wall time at which the clocks of a zone change, by how much they go forward), of two years."""
    # No zone changes its clocks at other minutes, nor twice in a day.
    quarter, day = timedelta(minutes=15), timedelta(days=1)
    for days in range((LAST - FIRST).days):
        moment = FIRST + days * day
        before = _offset(moment, zone)
        if _offset(moment + day, zone) != before:
            while (after := _offset(moment + quarter, zone)) == before:
                moment += quarter
            yield (moment + quarter + before).replace(tzinfo=None), after - before


def _offset(moment: datetime, zone: str) -> timedelta:
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset


def walls(zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Start and end of dates of a zone: plain evenings, at midnight, and in, at and over each change of its clocks."""
    yield datetime(2027, 2, 26, 18), datetime(2027, 2, 26, 19, 30)
    yield datetime(2027, 2, 27), datetime(2027, 2, 27, 1)
    yield datetime(2027, 2, 26, 22), datetime(2027, 2, 27, 2)
    hours = timedelta(hours=3)
    for wall, by in changes(zone):
        # Forward: what comes after this wall time is skipped. Back: what came before it happens twice.
        inside = wall + by / 2
        yield inside, inside + hours
        yield inside - hours, inside
        yield wall, wall + hours
        yield wall - hours, wall + hours


def events(zone: str, plain: EventDetails) -> Iterator[EventDetails]:
    """Four events of a zone: all difficult times as dates of one, one without end, without hour, and an exhibition."""

    def made(title: str, **changes: Any) -> EventDetails:
        return plain.with_changes(title=f"{zone}: {title}", time_zone=zone, **changes)

    dates = tuple(Occasion(starts=starts, ends=ends) for starts, ends in walls(zone))
    yield made("dates", occasions=dates, starts=dates[0].starts, ends=dates[0].ends, duration=Duration.DATES)
    yield made("no end", starts=datetime(2027, 2, 26, 18), ends=None)
    yield made("no hour", starts=datetime(2027, 2, 26), ends=None, is_time_known=False)
    yield made("open", starts=datetime(2027, 2, 20), ends=datetime(2027, 4, 2), duration=Duration.RUN)
