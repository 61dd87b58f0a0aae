"""From the clock on the wall to the instant: gaps, folds and the reminder arithmetic; pure.

The rules are those of RFC 5545, 3.3.5: a time that a clock change skips is read with the offset before the change,
so it moves forward; a time that happens twice means the first.
"""

import calendar
import re
from datetime import UTC, datetime, timedelta

from campaign.places.zones import zone as rules_of

_CODE = re.compile(
    r"""P(?: (?P<days>[0-9]{1,4})D | (?P<weeks>[0-9]{1,3})W | (?P<months>[0-9]{1,3})M
        | T(?=[0-9]) (?:(?P<hours>[0-9]{1,5})H)? (?:(?P<minutes>[0-9]{1,6})M)? )""",
    re.VERBOSE,
)


def instant(wall: datetime, zone: str) -> datetime:
    """The UTC instant (aware) at which a zone's clocks show `wall` (naive).

    Raises ValueError for an aware `wall` or an unknown zone.
    """
    return _placed(wall, zone, fold=0).astimezone(UTC)


def is_gap(wall: datetime, zone: str) -> bool:
    """Whether a clock change skips this wall time, so that no clock in the zone ever shows it."""
    shown = instant(wall, zone).astimezone(rules_of(zone))
    return shown.replace(tzinfo=None, fold=0) != wall.replace(fold=0)


def is_fold(wall: datetime, zone: str) -> bool:
    """Whether clocks in the zone show this wall time twice."""
    first, second = _placed(wall, zone, fold=0), _placed(wall, zone, fold=1)
    return first.utcoffset() != second.utcoffset() and not is_gap(wall, zone)


def before(wall: datetime, zone: str, offset_code: str) -> datetime:
    """The UTC instant that lies `offset_code` (ISO 8601 duration) before a wall time.

    `P7D`, `P1W` and `P1M` keep the wall time; a day that the earlier month lacks becomes its last. `PT2H` and `PT30M`
    are elapsed time. Raises ValueError for anything else.
    """
    found = _CODE.fullmatch(offset_code)
    if found is None:
        raise ValueError(f"not an offset: {offset_code[:20]!r}")
    parts = {unit: int(number) for unit, number in found.groupdict(default="0").items()}
    elapsed = timedelta(hours=parts["hours"], minutes=parts["minutes"])
    earlier = _months_before(wall, parts["months"]) - timedelta(days=parts["days"], weeks=parts["weeks"])
    return instant(earlier, zone) - elapsed


def _placed(wall: datetime, zone: str, *, fold: int) -> datetime:
    if wall.tzinfo is not None:
        raise ValueError("wall time carries no zone")
    return wall.replace(tzinfo=rules_of(zone), fold=fold)


def _months_before(wall: datetime, months: int) -> datetime:
    year, month = divmod(wall.year * 12 + wall.month - 1 - months, 12)
    if year < 1:
        raise ValueError("before the calendar begins")
    last = calendar.monthrange(year, month + 1)[1]
    return wall.replace(year=year, month=month + 1, day=min(wall.day, last))
