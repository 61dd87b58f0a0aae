"""The quiet of the night: when a letter may come by its reader's clock. Pure."""

from datetime import datetime, time, timedelta

from campaign.places import moments, zones

SLEEP, WAKE = time(21), time(8)


def waking(at: datetime, zone: str) -> datetime:
    """The instant itself, or eight in the morning after it where it falls between 21:00 and 08:00 in this zone.

    An unknown zone knows no night.
    """
    if not zones.is_zone(zone):
        return at
    there = at.astimezone(zones.zone(zone))
    if WAKE <= there.time() < SLEEP:
        return at
    day = there.date() + timedelta(days=1 if there.time() >= SLEEP else 0)
    return moments.instant(datetime.combine(day, WAKE), zone)
