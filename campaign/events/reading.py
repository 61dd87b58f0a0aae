"""Turns files into rows with the same column names: CSV, Excel sheets and iCalendar. Bytes in, rows out.

`end_time` is the hour at which something ends on its `end_date`; without it an `end_date` makes a run of whole days.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Any

import icalendar
import openpyxl

from campaign.core.faults import Invalid
from campaign.core.folding import one_line
from campaign.places import zones

Row = dict[str, str]
LIMIT = 5000
LINE = "_line"
_COLUMNS = {
    "uid": "id",
    "external_id": "id",
    "date": "start_date",
    "type": "kind",
    "organiser": "organizer",
    "description": "summary",
}


def read(name: str, content: bytes) -> list[Row]:
    """Rows of a file, chosen by the ending of its name; `_line` counts as an editor does. Raises Invalid."""
    ending = PurePath(name).suffix.lower()
    readers = {".csv": _csv, ".xlsx": _xlsx, ".ics": _ics}
    if ending not in readers:
        raise Invalid(message="The file must end with .csv, .xlsx or .ics.")
    rows = list(readers[ending](content))
    if not rows:
        raise Invalid(message="There is no event in this file.")
    if len(rows) > LIMIT:
        raise Invalid(message=f"The file has more than {LIMIT} rows. Please split it.")
    return rows


def cell(row: Mapping[str, str], column: str) -> str:
    """What a row says in a column, on one line."""
    return one_line(str(row.get(column) or ""))


def _heading(cell: Any) -> str:
    name = str(cell or "").strip().lower().replace(" ", "_")
    return _COLUMNS.get(name, name)


def _csv(content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(message="The file is not UTF-8. In Excel choose “CSV UTF-8” when saving.") from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        headings = [_heading(cell) for cell in next(reader, [])]
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield dict(zip(headings, cells, strict=False)) | {LINE: str(line)}
            line = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(message=f"The table cannot be read: {error}") from error


def _xlsx(content: bytes) -> Iterator[Row]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = list(book.worksheets[0].iter_rows(values_only=True, max_row=LIMIT + 2))
    except Exception as error:
        # The library fails in many ways on broken or hostile bytes; for the person it is always the same.
        raise Invalid(message="This is not a readable Excel file (.xlsx).") from error
    headings = [_heading(cell) for cell in sheet[0]] if sheet else []
    for line, cells in enumerate(sheet[1:], start=2):
        texts = [_cell(cell) for cell in cells]
        if any(texts):
            yield (
                _clock(dict(zip(headings, cells, strict=False)))
                | dict(zip(headings, texts, strict=False))
                | {LINE: str(line)}
            )


def _clock(cells: Mapping[str, Any]) -> Row:
    """Excel keeps the hour in the same cell as the day, where somebody typed both."""
    starts = cells.get("start_date")
    has_hour = isinstance(starts, datetime) and starts.time() != time() and "local_time" not in cells
    return {"local_time": f"{starts:%H:%M}"} if has_hour else {}


def _cell(value: Any) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(value if value is not None else "").strip()


def _ics(content: bytes) -> Iterator[Row]:
    try:
        calendars = icalendar.Calendar.from_ical(content, multiple=True)
        components = [component for calendar in calendars for component in calendar.walk("VEVENT")]
    except Exception as error:
        # Calendars of the wild break the parser in many ways; for the person it is always the same.
        raise Invalid(message="This is not a readable calendar file (.ics).") from error
    ours: dict[str, Row] = {}
    rows = []
    for number, component in enumerate(components, start=1):
        row = _component(component) | {LINE: str(number)}
        first = ours.setdefault(row["id"], row) if "details" in row else row
        if first is row:
            rows.append(row)
        else:
            _further(first, row)
    yield from rows


def _further(first: Row, row: Row) -> None:
    """One event that our calendars wrote as several, because each has a date of its own."""
    first["further_dates"] = "; ".join(filter(None, (first.get("further_dates"), _interval(row))))
    if row.get("time_zone") != first.get("time_zone"):
        row["problem"] = row["problem"] or "its dates are in different time zones"
    first["problem"] = first["problem"] or row["problem"]


def _interval(row: Row) -> str:
    """`2027-02-26T18:00/2027-02-26T20:00`, or days without hours (ISO 8601)."""
    starts = "T".join(filter(None, (row.get("start_date"), row.get("local_time"))))
    if not row.get("end_date"):
        return starts
    return f"{starts}/{'T'.join(filter(None, (row['end_date'], row.get('end_time'))))}"


def _component(component: Any) -> Row:
    location, city, country = _said(component, "LOCATION"), *_city(_said(component, "X-CAMPAIGN-CITY"))
    row = {
        "id": _said(component, "UID"),
        "title": _said(component, "SUMMARY"),
        "summary": _said(component, "DESCRIPTION"),
        "location": "" if city else location,
        "venue": location.removesuffix(city).removesuffix(", ") if city else "",
        "city": city,
        "country": country,
        "languages": _said(component, "X-CAMPAIGN-LANGUAGES"),
        "organizer": _said(component, "X-CAMPAIGN-ORGANIZER"),
        "source_url": _said(component, "URL"),
        "kind": _kind(component),
        "problem": _problem(component),
        **_ours(component),
    }
    try:
        starts = component.decoded("DTSTART")
        ends = component.decoded("DTEND") if "DTEND" in component else None
    except Exception:
        # A date that the parser kept as broken text.
        starts = ends = None
    if not isinstance(starts, date):
        return row | {"problem": "its date cannot be read"}
    return row | _span(starts, ends, _said(component, "X-CAMPAIGN-TIME-ZONE"))


def _ours(component: Any) -> Row:
    """What only our calendars say (`calendar.vevent`): contacts and streams of others may not be for everybody."""
    details = _said(component, "X-CAMPAIGN-DETAILS")
    if not details:
        return {}
    contacts = {}
    for way in map(str, _all(component, "CONTACT")):
        is_link, is_mail = way.startswith(("https://", "http://")), "@" in way
        contacts["contact_url" if is_link else "contact_email" if is_mail else "contact_phone"] = way
    language = component["SUMMARY"].params.get("LANGUAGE", "") if "SUMMARY" in component else ""
    return {
        "id": _said(component, "RELATED-TO") or _said(component, "UID"),
        "details": details,
        "language": str(language),
        "stream_url": _said(component, "CONFERENCE"),
        **contacts,
    }


def _said(component: Any, name: str) -> str:
    return str(next(iter(_all(component, name)), "") or "")


def _all(component: Any, name: str) -> list[Any]:
    """The values of a property that may stand there several times."""
    value = component.get(name, [])
    return value if isinstance(value, list) else [value]


def _city(said: str) -> tuple[str, str]:
    """City and country of our own calendars (`calendar.vevent`), where a LOCATION only lists parts."""
    name, comma, country = said.rpartition(", ")
    if comma:
        return name, country
    return ("", said) if len(said) == 2 else (said, "")


def _kind(component: Any) -> str:
    """The first category, as the column of a table names it: `book_presentation`."""
    found = component.get("CATEGORIES")
    names = getattr(found[0] if isinstance(found, list) else found, "cats", ())
    return str(names[0]).strip().lower().replace(" ", "_") if names else ""


def _problem(component: Any) -> str:
    """What keeps an entry of a calendar from being listed as it is."""
    status = _said(component, "STATUS").upper()
    if status == "CANCELLED":
        return "it is cancelled"
    if status == "TENTATIVE":
        return "its date is not certain"
    return "it repeats; enter its dates one by one" if "RRULE" in component or "RDATE" in component else ""


def _span(starts: date, ends: Any, known_zone: str) -> Row:
    """The columns of date and time; `known_zone` is the event's where its times are whole days or in UTC."""
    known = {"time_zone": known_zone} if zones.is_zone(known_zone) else {}
    if not isinstance(starts, datetime):
        last = ends if isinstance(ends, date) and not isinstance(ends, datetime) else None
        # DTEND of whole days is the day after the last (RFC 5545, 3.6.1).
        final = date.fromordinal(last.toordinal() - 1) if last and last > starts else starts
        return known | {"start_date": starts.isoformat(), "end_date": final.isoformat() if final > starts else ""}
    zone = known_zone or getattr(starts.tzinfo, "key", "") or ""
    if starts.tzinfo:
        # A zone that only the file knows by this name: the import asks the place for its clocks.
        zone = zone if zones.is_zone(zone) else "UTC"
        starts = starts.astimezone(zones.zone(zone))
    row = {"start_date": starts.date().isoformat(), "local_time": f"{starts:%H:%M}", "time_zone": zone}
    if isinstance(ends, datetime) and (ends.tzinfo is None) == (starts.tzinfo is None):
        ends = ends.astimezone(starts.tzinfo) if ends.tzinfo else ends
        row |= {"end_date": ends.date().isoformat(), "end_time": f"{ends:%H:%M}"}
    return row
