"""Between the boxes of the form and EventDetails, both ways; pure."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from campaign.events import parsing
from campaign.events.details import MOST_HOSTS, EventDetails, Host, Occasion, Wording
from campaign.events.labels import LANGUAGES
from campaign.events.lifecycle import ACCESS, Answer, Duration, Entry, Mode, Type

_PLAIN = (
    "title", "description", "language", "venue", "address", "room", "city", "country", "time_zone", "stream_url",
    "stream_fallback_url", "content_note", "picture_alt", "picture_credit", "registration_url", "price",
    "entry_checks", "contact_email", "contact_phone", "contact_url",
)  # fmt: skip

Boxes = Mapping[str, Any]


def details(boxes: Boxes, existing: EventDetails) -> EventDetails:
    """Read checked boxes. Text that changed the city gives up the old city's position; `placing` finds the new one."""
    plain: dict[str, Any] = {name: boxes[name] or "" for name in _PLAIN}
    city_id = boxes["city_id"] or ""
    return existing.with_changes(
        **plain,
        **_when(boxes),
        type=Type(boxes["type"]) if boxes["type"] else None,
        translations=_translations(boxes, existing),
        hosts=_hosts(boxes, existing),
        mode=Mode(boxes["mode"]) if boxes["mode"] else Mode.IN_PERSON,
        city_id=int(city_id) if city_id.isascii() and city_id.isdigit() and len(city_id) < 10 else None,
        latitude=None,
        longitude=None,
        is_address_public=bool(boxes["is_address_public"]),
        is_picture_sensitive=bool(boxes["is_picture_sensitive"]),
        stream_opens_minutes=parsing.read_number(boxes["stream_opens_minutes"] or "15", 1440),
        spoken=_spoken(boxes, existing),
        programme=parsing.read_programme(boxes["programme"] or ""),
        picture_id=None if boxes["has_no_picture"] else existing.picture_id,
        sources=parsing.read_lines(boxes["sources"] or ""),
        entry=Entry(boxes["entry"]) if boxes["entry"] else None,
        registration_by=_date(boxes["registration_by"]),
        is_free=boxes["is_free"] != "paid",
        capacity=parsing.read_number(boxes["capacity"], 1_000_000) if boxes["capacity"] else None,
        access={name: boxes[f"access_{name}"] or Answer.UNKNOWN.value for name in ACCESS},
    )


def _hosts(boxes: Boxes, existing: EventDetails) -> tuple[Host, ...]:
    """As they were typed, still to be found; further ones than the form asks for, from an import, are kept."""
    names = [boxes[f"host_{number}"] for number in range(1, MOST_HOSTS + 1)]
    return (*(Host(id=0, name=name) for name in names if name), *existing.hosts[MOST_HOSTS:])


def _when(boxes: Boxes) -> dict[str, Any]:
    duration = Duration(boxes["duration"]) if boxes["duration"] else Duration.SINGLE
    day, last = _date(boxes["date"]), _date(boxes["end_date"])
    start, end = _time(boxes["start"]), _time(boxes["end"])
    found: dict[str, Any] = {"duration": duration, "occasions": (), "is_time_known": start is not None}
    hours = {str(n): boxes[f"hours_{n}"] for n in range(7) if boxes[f"hours_{n}"]}
    if duration is Duration.RUN:
        starts = datetime.combine(day, time()) if day else None
        ends = datetime.combine(last, time()) if last else None
        return found | {"starts": starts, "ends": ends, "opening_hours": hours, "is_time_known": False}
    starts = datetime.combine(day, start or time()) if day else None
    ends = _end(day, last, end) if duration is Duration.SINGLE else _end(day, None, end)
    found |= {"starts": starts, "ends": ends, "opening_hours": {}}
    if duration is Duration.DATES:
        first = (Occasion(starts=starts, ends=ends),) if starts else ()
        further = parsing.read_occasions(boxes["further_dates"] or "")
        found["occasions"] = tuple(sorted({*first, *further}, key=lambda occasion: occasion.starts))
    return found


def _end(day: date | None, last: date | None, end: time | None) -> datetime | None:
    if end is None or (day is None and last is None):
        return None
    final = last or day
    return datetime.combine(final, end) if final else None


def _date(text: str | None) -> date | None:
    return parsing.read_date(text) if text else None


def _time(text: str | None) -> time | None:
    return parsing.read_time(text) if text else None


def _spoken(boxes: Boxes, existing: EventDetails) -> tuple[str, ...]:
    """In the order of the page, unless they are the ones that were there already in an order of their own."""
    codes = dict.fromkeys([*(boxes["spoken"] or ()), *parsing.read_languages(boxes["spoken_other"] or "")])
    return existing.spoken if set(codes) == set(existing.spoken) else tuple(codes)


def _translations(boxes: Boxes, existing: EventDetails) -> dict[str, Wording]:
    """The form asks for one further language; others, from an import, are kept."""
    kept = dict(list(existing.translations.items())[1:])
    code, title = boxes["second_language"], boxes["second_title"]
    if not code or not title or code == boxes["language"]:
        return kept
    return {code: Wording(title=title, description=boxes["second_description"] or ""), **kept}


def boxes_of(known: EventDetails, *, place_zone: str = "") -> dict[str, Any]:
    """What stands in the boxes for these details. `place_zone` follows from the place: it is not repeated."""
    second = next(iter(known.translations.items()), ("", Wording(title="")))
    boxes: dict[str, Any] = {name: getattr(known, name) for name in _PLAIN}
    return boxes | {
        "type": known.type.value if known.type else None,
        "second_language": second[0],
        "second_title": second[1].title,
        "second_description": second[1].description,
        **{f"host_{number}": host.name for number, host in enumerate(known.hosts[:MOST_HOSTS], start=1)},
        **_boxes_of_time(known),
        "mode": known.mode.value,
        "city_id": str(known.city_id or ""),
        "time_zone": "" if known.time_zone == place_zone else known.time_zone,
        "is_address_public": known.is_address_public,
        "is_picture_sensitive": known.is_picture_sensitive,
        "stream_opens_minutes": str(known.stream_opens_minutes),
        "spoken": [code for code in known.spoken if code in LANGUAGES],
        "spoken_other": ", ".join(code for code in known.spoken if code not in LANGUAGES),
        "programme": "\n".join(f"{item.time} {item.text}".strip() for item in known.programme),
        "sources": "\n".join(known.sources),
        "entry": known.entry.value if known.entry else None,
        "registration_by": known.registration_by.isoformat() if known.registration_by else "",
        "is_free": "free" if known.is_free else "paid",
        "capacity": str(known.capacity or ""),
        **{f"access_{name}": known.access.get(name, Answer.UNKNOWN.value) for name in ACCESS},
    }


def _boxes_of_time(known: EventDetails) -> dict[str, Any]:
    is_run = known.duration is Duration.RUN
    has_hour = known.is_time_known and not is_run
    starts, ends = known.starts, known.ends
    further = [o for o in known.occasions if o.starts != starts]
    if starts is None and further:
        starts, ends = further[0].starts, further[0].ends
        further = further[1:]
    is_other_day = bool(ends and starts and ends.date() != starts.date())
    return {
        "date": starts.date().isoformat() if starts else "",
        "start": f"{starts:%H:%M}" if starts and has_hour else "",
        "end": f"{ends:%H:%M}" if ends and has_hour else "",
        "duration": known.duration.value,
        "end_date": ends.date().isoformat() if ends and (is_run or is_other_day) else "",
        "further_dates": "\n".join(_line(occasion) for occasion in further),
        **{f"hours_{n}": known.opening_hours.get(str(n), "") for n in range(7)},
    }


def _line(occasion: Occasion) -> str:
    return f"{occasion.starts:%Y-%m-%d %H:%M}" + (f"-{occasion.ends:%H:%M}" if occasion.ends else "")
