"""The public filter: one frozen value from a query string, behind page, month, feed and subscription alike. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from campaign.core.folding import clean, fold
from campaign.events.lifecycle import ACCESS, Entry, Mode, Type

NAMES = (
    "on",
    "from",
    "to",
    "month",
    "country",
    "city",
    "type",
    "spoken",
    "mode",
    "access",
    "free",
    "entry",
    "org",
    "q",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What somebody looks for. `first`/`last` are event-local dates; `city` a name or a `cc/city` key as typed.

    `unknown` names parameters whose value means nothing; they are shown and left out.
    """

    first: date | None = None
    last: date | None = None
    country: str = ""
    city: str = ""
    types: tuple[Type, ...] = ()
    spoken: tuple[str, ...] = ()
    mode: Mode | None = None
    access: tuple[str, ...] = ()
    is_free: bool = False
    entry: Entry | None = None
    organizer: str = ""
    words: str = ""
    unknown: tuple[str, ...] = ()

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> Self:
        """Parse a query string; never fails."""
        unknown: list[str] = []
        first, last = _dates(args, unknown)
        modes = _members(Mode, args, "mode", unknown)
        entries = _members(Entry, args, "entry", unknown)
        country = args.get("country", "").strip().upper()
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            unknown.append("country")
            country = ""
        access = tuple(dict.fromkeys(a for a in args.getlist("access") if a in ACCESS))
        if len(access) != len({a for a in args.getlist("access") if a}):
            unknown.append("access")
        return cls(
            first=first,
            last=last,
            country=country,
            city=clean(args.get("city", ""))[:80],
            types=_members(Type, args, "type", unknown),
            spoken=tuple(
                dict.fromkeys(s for s in args.getlist("spoken") if s.isascii() and s.isalpha() and len(s) < 4)
            ),
            mode=modes[0] if modes else None,
            access=access,
            is_free=args.get("free") in ("1", "yes", "on"),
            entry=entries[0] if entries else None,
            organizer=args.get("org", "").strip()[:80],
            words=clean(args.get("q", ""))[:100],
            unknown=tuple(unknown),
        )

    @property
    def folded_words(self) -> list[str]:
        return fold(self.words).split()[:8]

    def query(self) -> dict[str, Any]:
        """The parameters that give this filter again."""
        is_one_day = self.first is not None and self.first == self.last
        values: Mapping[str, list[str]] = {
            "on": [self.first.isoformat()] if self.first and is_one_day else [],
            "from": [self.first.isoformat()] if self.first and not is_one_day else [],
            "to": [self.last.isoformat()] if self.last and not is_one_day else [],
            "country": [self.country],
            "city": [self.city],
            "type": [t.value for t in self.types],
            "spoken": list(self.spoken),
            "mode": [self.mode.value] if self.mode else [],
            "access": list(self.access),
            "free": ["1"] if self.is_free else [],
            "entry": [self.entry.value] if self.entry else [],
            "org": [self.organizer],
            "q": [self.words],
        }
        return {name: [v for v in value if v] for name, value in values.items() if any(value)}

    def query_string(self) -> str:
        return urlencode(self.query(), doseq=True)

    def without(self, name: str, value: str = "") -> "Filter":
        """The same filter less one parameter, for removable chips."""
        if name in ("on", "from", "to"):
            return replace(self, first=None, last=None)
        if name == "type":
            return replace(self, types=tuple(t for t in self.types if t.value != value))
        if name in ("spoken", "access"):
            return _with(self, name, tuple(v for v in getattr(self, name) if v != value))
        empty = {"mode": None, "entry": None, "free": False}
        field = {"free": "is_free", "org": "organizer", "q": "words"}.get(name, name)
        return _with(self, field, empty.get(name, ""))


def _with(wanted: Filter, field: str, value: Any) -> Filter:
    changed: dict[str, Any] = {field: value}
    return replace(wanted, **changed)


def _dates(args: MultiDict[str, str], unknown: list[str]) -> tuple[date | None, date | None]:
    on = _date(args, "on", unknown)
    if on:
        return on, on
    return _date(args, "from", unknown), _date(args, "to", unknown)


def _date(args: MultiDict[str, str], name: str, unknown: list[str]) -> date | None:
    text = args.get(name, "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        unknown.append(name)
        return None
    if not 1900 <= found.year <= 2100:
        unknown.append(name)
        return None
    return found


def _members(kind: type, args: MultiDict[str, str], name: str, unknown: list[str]) -> tuple:  # type: ignore[type-arg]
    asked = [v for v in args.getlist(name) if v]
    known = {member.value: member for member in kind}  # type: ignore[attr-defined]
    if any(v not in known for v in asked):
        unknown.append(name)
    return tuple(dict.fromkeys(known[v] for v in asked if v in known))
