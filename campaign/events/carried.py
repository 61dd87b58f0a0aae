"""The public fields of an event that neither calendars nor tables have a place for, as one JSON text.

Written and read here alone, so that both sides know the same fields. What is read anybody may have written.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

from campaign.core.folding import clean, one_line
from campaign.events.details import EventDetails, ProgrammeItem, Wording
from campaign.events.labels import LANGUAGES
from campaign.events.lifecycle import ACCESS, Answer, Duration, Entry, Mode

_T = TypeVar("_T")
_LONGEST = 100_000
_WEEKDAYS = ("0", "1", "2", "3", "4", "5", "6")
_NOTHING = EventDetails()


def write(details: EventDetails, *, title: str = "", note: str = "") -> str:
    """What differs from an event of which nothing is said; never an address for few, never a stream's.

    `title` is that of the event, where the text beside it bears more; `note` is what the description begins with.
    """
    said = {"title": title, "note": note} | {name: getattr(details, name) for name in _shown(details)}
    said["access"] = {name: answer for name, answer in details.access.items() if answer != Answer.UNKNOWN}
    plain = {name: getattr(_NOTHING, name, "") for name in _FIELDS} | {"title": "", "note": ""}
    differs = {name: value for name, value in said.items() if value != plain[name]}
    return json.dumps(differs, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _shown(details: EventDetails) -> list[str]:
    hidden = set() if details.is_address_public else {"room", "address"}
    hidden |= {"price"} if details.is_free else set()
    hidden |= set() if has_stream(details) else {"stream_opens_minutes"}
    return [name for name in _FIELDS if name not in hidden]


def has_stream(details: EventDetails) -> bool:
    """Whether people can follow it online by an address that its page shows in time."""
    return bool(details.stream_url) and details.mode is not Mode.IN_PERSON


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else asdict(value)


def read(text: str) -> tuple[dict[str, Any], list[str]]:
    """(fields of EventDetails, with `note` where there is one; the names of what cannot be read)."""
    if not text:
        return {}, []
    try:
        found = json.loads(text[:_LONGEST])
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return {}, ["details"]
    said: dict[str, Any] = {"mode": Mode.IN_PERSON, "duration": Duration.SINGLE}
    strange = []
    for name, value in found.items():
        if name in _READERS:
            try:
                said[name] = _READERS[name](value)
            except (ValueError, TypeError, KeyError, AttributeError):
                strange.append(name)
    return said, strange


def _text(value: Any) -> str:
    return one_line(_is_a(str, value))


def _long(value: Any) -> str:
    return clean(_is_a(str, value))


def _flag(value: Any) -> bool:
    return _is_a(bool, value)


def _is_a(kind: type[_T], value: Any) -> _T:
    if not isinstance(value, kind):
        raise TypeError
    return value


def _number(highest: int) -> Callable[[Any], int]:
    def number(value: Any) -> int:
        if isinstance(value, bool) or not 0 <= _is_a(int, value) <= highest:
            raise ValueError
        return int(value)

    return number


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError
    return code


def _translations(value: Mapping[str, Any]) -> dict[str, Wording]:
    return {
        _language(code): Wording(title=_text(one["title"]), description=_long(one["description"]))
        for code, one in value.items()
    }


def _hours(value: Mapping[str, Any]) -> dict[str, str]:
    return {_WEEKDAYS[_WEEKDAYS.index(day)]: _text(hours) for day, hours in value.items()}


def _programme(value: Sequence[Any]) -> tuple[ProgrammeItem, ...]:
    return tuple(ProgrammeItem(time=_clock(one["time"]), text=_text(one["text"])) for one in value)


def _clock(value: Any) -> str:
    if not re.fullmatch(r"([0-9]{1,2}:[0-9]{2})?", value):
        raise ValueError
    return str(value)


def _sources(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, _is_a(list, value)))


def _access(value: Mapping[str, Any]) -> dict[str, str]:
    return {ACCESS[ACCESS.index(name)]: Answer(answer).value for name, answer in value.items()}


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "translations": _translations,
    "duration": Duration,
    "opening_hours": _hours,
    "mode": Mode,
    "room": _text,
    "address": _text,
    "city_id": _number(999_999_999),
    "is_address_public": _flag,
    "stream_opens_minutes": _number(1440),
    "programme": _programme,
    "content_note": _text,
    "sources": _sources,
    "entry": Entry,
    "registration_url": _text,
    "registration_by": date.fromisoformat,
    "is_free": _flag,
    "price": _text,
    "capacity": _number(1_000_000),
    "access": _access,
    "entry_checks": _text,
}
_READERS = {**_FIELDS, "title": _text, "note": _long}
