"""The VTIMEZONE of an IANA zone (RFC 5545, 3.6.5), for a span of years, from the rules of the pinned tzdata."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from campaign.calendar.contentlines import line, wall
from campaign.places.zones import zone as rules_of

# No zone changes its clocks twice within it.
_STEP = timedelta(days=1)
_NONE = timedelta()


class _Clocks(NamedTuple):
    """How a zone's clocks go for a while; `saved` is what daylight saving adds."""

    offset: timedelta
    saved: timedelta
    name: str


class _Change(NamedTuple):
    """What clocks do at an onset; those that do the same stand together."""

    before: timedelta
    after: _Clocks


@lru_cache(maxsize=1024)
def render(name: str, first_year: int, last_year: int) -> str:
    """All changes of the zone's clocks within these years, and how they go when the first one begins."""
    begin, end = datetime(first_year, 1, 1, tzinfo=UTC) - _STEP, datetime(last_year + 1, 1, 1, tzinfo=UTC) + _STEP
    first = _clocks(begin, name)
    onsets: dict[_Change, list[str]] = {_Change(first.offset, first): [_local(begin, first.offset)]}
    for moment, change in _changes(begin, end, name):
        onsets.setdefault(change, []).append(_local(moment, change.before))
    parts = "".join(_observance(change, when) for change, when in onsets.items())
    return f"BEGIN:VTIMEZONE\r\n{line('TZID', name)}{parts}END:VTIMEZONE\r\n"


def _clocks(moment: datetime, name: str) -> _Clocks:
    there = moment.astimezone(rules_of(name))
    return _Clocks(there.utcoffset() or _NONE, there.dst() or _NONE, there.tzname() or "")


def _changes(begin: datetime, end: datetime, name: str) -> Iterator[tuple[datetime, _Change]]:
    """(the instant of a change, the change), in order."""
    known, moment = _clocks(begin, name), begin
    while moment < end:
        later = moment + _STEP
        found = _clocks(later, name)
        if found != known:
            yield _first(moment, later, name), _Change(known.offset, found)
        known, moment = found, later


def _first(before: datetime, after: datetime, name: str) -> datetime:
    """The first second of the new clocks between two instants."""
    old = _clocks(before, name)
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (middle, after) if _clocks(middle, name) == old else (before, middle)
    return after


def _local(moment: datetime, offset: timedelta) -> str:
    """An onset as the clocks show it that are about to change."""
    return wall(moment + offset)


def _observance(change: _Change, onsets: list[str]) -> str:
    """DTSTART is the first onset anyway; ical.js forgets it where RDATE does not name it again."""
    kind = "DAYLIGHT" if change.after.saved else "STANDARD"
    lines = [
        ("BEGIN", kind),
        ("DTSTART", onsets[0]),
        *(("RDATE", onset) for onset in onsets if len(onsets) > 1),
        ("TZOFFSETFROM", _offset(change.before)),
        ("TZOFFSETTO", _offset(change.after.offset)),
        ("TZNAME", change.after.name),
        ("END", kind),
    ]
    return "".join(line(name, value) for name, value in lines)


def _offset(offset: timedelta) -> str:
    """`+0100`; with seconds where old local times have them."""
    sign, seconds = "-" if offset < _NONE else "+", abs(int(offset.total_seconds()))
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{sign}{hours:02}{minutes:02}" + (f"{rest:02}" if rest else "")
