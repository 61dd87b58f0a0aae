"""When a row of a table takes place: its days, its hours, and what of them cannot be read."""

from collections.abc import Mapping
from datetime import date, datetime, time

from campaign.events import parsing
from campaign.events.details import EventDetails, Occasion
from campaign.events.lifecycle import Duration
from campaign.events.reading import cell


def dated(details: EventDetails, row: Mapping[str, str], doubts: list[str], duration: Duration | None) -> EventDetails:
    """With the dates of a row, and a doubt for each that cannot be read; `duration` where the row says it by itself."""
    found = _first(details, row, doubts)
    if duration is None or found.starts is None:
        return found
    if duration is Duration.RUN:
        return found.with_changes(duration=duration, ends=found.ends or found.starts)
    if duration is Duration.SINGLE:
        return found.with_changes(duration=duration)
    dates = {Occasion(starts=found.starts, ends=found.ends), *_further(row, doubts)}
    occasions = tuple(sorted(dates, key=lambda one: one.starts))
    first = occasions[0]
    return found.with_changes(duration=duration, starts=first.starts, ends=first.ends, occasions=occasions)


def _further(row: Mapping[str, str], doubts: list[str]) -> list[Occasion]:
    """Intervals of ISO 8601 in the event's zone, such as `2027-02-27T17:00/2027-02-27T19:00`, between semicolons."""
    found = []
    for text in filter(None, (part.strip() for part in cell(row, "further_dates").split(";"))):
        starts, _slash, ends = text.partition("/")
        try:
            last = datetime.fromisoformat(ends).replace(tzinfo=None) if ends else None
            found.append(Occasion(starts=datetime.fromisoformat(starts).replace(tzinfo=None), ends=last))
        except ValueError:
            doubts.append(f"the date {text[:40]} cannot be read")
    return found


def _first(details: EventDetails, row: Mapping[str, str], doubts: list[str]) -> EventDetails:
    precision, first = cell(row, "date_precision") or "day", cell(row, "start_date")
    if precision != "day":
        doubts.append(f"only the {precision} is known: {first}")
        return details
    starts, ends = _day(first, doubts), _day(cell(row, "end_date"), doubts)
    if starts is None:
        if not doubts:
            doubts.append("the date is missing")
        return details
    until = cell(row, "end_time")
    if ends is not None and ends != starts and not until:
        return details.with_changes(duration=Duration.RUN, starts=_midnight(starts), ends=_midnight(ends))
    timed = _timed(details, starts, cell(row, "local_time"), doubts)
    if not until or not timed.is_time_known:
        return timed
    return timed.with_changes(ends=_timed(details, ends or starts, until, doubts).starts)


def _day(text: str, doubts: list[str]) -> date | None:
    try:
        return parsing.read_date(text) if text else None
    except parsing.UnreadableError as problem:
        doubts.append(f"{text[:40]}: {problem.sentence}")
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _timed(details: EventDetails, day: date, text: str, doubts: list[str]) -> EventDetails:
    """With the hours of `18:30` or `12:00-13:00`; a time that cannot be read is a doubt, none at all is not."""
    begin, _dash, end = text.replace("–", "-").partition("-")
    try:
        starts = datetime.combine(day, parsing.read_time(begin)) if begin else None
        ends = datetime.combine(day, parsing.read_time(end)) if end.strip() else None
    except parsing.UnreadableError:
        doubts.append(f"the time {text[:40]} cannot be read")
        starts = ends = None
    if starts is None:
        return details.with_changes(starts=_midnight(day), is_time_known=False)
    return details.with_changes(starts=starts, ends=ends, is_time_known=True)
