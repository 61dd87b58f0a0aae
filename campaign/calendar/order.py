"""The order of lists as one number: event-local start to the minute, then the event, then which of its dates. Pure.

One number makes a page key one comparison, and a list of any filter one range of an index on either engine.
"""

from datetime import date, datetime, time, timedelta

_BEGIN = datetime(1900, 1, 1)
_MINUTE_BITS, _EVENT_BITS, _DATE_BITS = 28, 26, 8
_MOST_MINUTES = (1 << _MINUTE_BITS) - 2 * 1440
MOST_DATES = 1 << _DATE_BITS
_SPAN = 1 << (_EVENT_BITS + _DATE_BITS)
LAST_KEY = 2**63 - 1


def sort_key(starts: datetime, event_id: int, position: int) -> int:
    """The place of one date of an event (`position` counts them from 0) among all listings; `starts` is wall time."""
    return _minutes(starts) * _SPAN + event_id % (1 << _EVENT_BITS) * MOST_DATES + position


def from_day(day: date) -> int:
    """The first key of a day."""
    return _minutes(datetime.combine(day, time())) * _SPAN


def to_day(day: date) -> int:
    """The last key of a day."""
    return from_day(day) + 1440 * _SPAN - 1


def _minutes(wall: datetime) -> int:
    """Minutes since 1900, within the centuries that fit into a signed number of 64 bits."""
    minutes = (wall - _BEGIN) // timedelta(minutes=1)
    return max(-_MOST_MINUTES, min(minutes, _MOST_MINUTES))
