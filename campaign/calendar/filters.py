"""The public filter: one frozen value from a query string, behind page, month, map, feed and API alike. Pure."""

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self, TypeVar
from urllib.parse import quote_plus, urlencode

from werkzeug.datastructures import MultiDict

from campaign.calendar.order import LAST_KEY
from campaign.core import paging
from campaign.core.folding import clean, fold
from campaign.events.lifecycle import ACCESS, Entry, Mode, Type
from campaign.places.countries import is_country, locale_of
from campaign.places.distances import is_position

NAMES = (
    "on", "from", "to", "month", "near", "r", "country", "city", "type", "spoken", "mode", "access", "free", "entry",
    "org", "q", "page",
)  # fmt: skip
RADII = (10, 50, 200)
RADIUS = 50
LONGEST_WORDS, MOST_WORDS = 100, 8
FIRST_YEAR, LAST_YEAR = 1900, 2100

_POSITION = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*[,;]\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YES, _NO = frozenset({"1", "yes", "on", "true"}), frozenset({"0", "no", "off", "false"})
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """Where `near` is, in degrees; `name` and `country` where it was a place of the gazetteer."""

    latitude: float
    longitude: float
    name: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What somebody looks for. `first`/`last` are event-local dates; `city` a name or a `cc/city` key as typed.

    `near` is a place as typed, or a position rounded to a tenth of a degree. `centre` and `city_keys` are what the
    gazetteer makes of `near` and `city` (`conditions.resolved`). `page` is the key of a page, no part of what is looked
    for. `unknown` names parameters whose value means nothing; they are shown and left out.
    """

    first: date | None = None
    last: date | None = None
    near: str = ""
    radius: int = RADIUS
    centre: Centre | None = None
    country: str = ""
    city: str = ""
    city_keys: tuple[str, ...] = ()
    types: tuple[Type, ...] = ()
    spoken: tuple[str, ...] = ()
    mode: Mode | None = None
    access: tuple[str, ...] = ()
    is_free: bool = False
    entry: Entry | None = None
    organizer: str = ""
    words: str = ""
    page: str = ""
    unknown: tuple[str, ...] = ()

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> Self:
        """Parse a query string; never fails."""
        typed = _Typed(args)
        first, last = _dates(typed)
        near, centre = _near(typed)
        return cls(
            first=first,
            last=last,
            near=near,
            radius=typed.one("r", lambda text: int(text) if text in map(str, RADII) else None) or RADIUS,
            centre=centre,
            country=typed.one("country", lambda text: text.upper() if is_country(text.upper()) else None) or "",
            city=typed.text("city", 80),
            types=typed.several("type", _member(Type)),
            spoken=typed.several("spoken", _language),
            mode=typed.one("mode", _member(Mode)),
            access=typed.several("access", lambda text: text if text in ACCESS else None),
            is_free=typed.one("free", lambda text: text in _YES if text in _YES | _NO else None) or False,
            entry=typed.one("entry", _member(Entry)),
            organizer=typed.one("org", lambda text: text if _is_slug(text) else None) or "",
            words=typed.text("q", LONGEST_WORDS),
            page=typed.one("page", lambda text: text if is_page(text) else None) or "",
            unknown=tuple(dict.fromkeys(typed.unknown)),
        )

    @property
    def folded_words(self) -> list[str]:
        return fold(self.words).split()[:MOST_WORDS]

    @property
    def is_empty(self) -> bool:
        """Whether this asks for everything."""
        return not self.query()

    def query(self) -> dict[str, Any]:
        """The parameters that give this filter again, in one order; without the page."""
        values: Mapping[str, Iterable[str]] = {
            **self._dates(),
            "near": [self.near],
            "r": [str(self.radius)] if self.near and self.radius != RADIUS else [],
            "country": [self.country],
            "city": [self.city],
            "type": [t.value for t in self.types],
            "spoken": self.spoken,
            "mode": [self.mode.value] if self.mode else [],
            "access": self.access,
            "free": ["1"] if self.is_free else [],
            "entry": [self.entry.value] if self.entry else [],
            "org": [self.organizer],
            "q": [self.words],
        }
        return {name: [v for v in value if v] for name, value in values.items() if any(value)}

    def _dates(self) -> dict[str, list[str]]:
        first, last = self.first, self.last
        if first and first == last:
            return {"on": [first.isoformat()]}
        if first and last and (first, last) == month_of(first.year, first.month):
            return {"month": [f"{first:%Y-%m}"]}
        return {"from": [first.isoformat()] if first else [], "to": [last.isoformat()] if last else []}

    def query_string(self) -> str:
        return urlencode(self.query(), doseq=True)

    def at(self, path: str) -> str:
        """The address of a page with this filter."""
        return f"{path}?{query}" if (query := self.query_string()) else path

    def each(self, path: str, name: str) -> Callable[[str], str]:
        """The address of a page with one more filter (`country`, `city`), for every value of it that a page names."""
        asked: dict[str, Any] = {name: "?"}
        query = replace(self, **asked).query()
        names = list(query)
        before, after = names[: names.index(name)], names[names.index(name) + 1 :]
        head, tail = (urlencode({other: query[other] for other in part}, doseq=True) for part in (before, after))
        head, tail = f"{head}&" if head else "", f"&{tail}" if tail else ""
        return lambda value: f"{path}?{head}{name}={_quoted(value)}{tail}"

    def without(self, name: str, value: str = "") -> "Filter":
        """The same filter less one parameter, or less one of its values; for removable chips."""
        if name in ("on", "from", "to", "month"):
            return replace(self, first=None, last=None)
        if name in ("near", "r"):
            return replace(self, near="", radius=RADIUS, centre=None)
        if name == "city":
            return replace(self, city="", city_keys=())
        field = {"type": "types", "free": "is_free", "org": "organizer", "q": "words"}.get(name, name)
        kept: Any = {"mode": None, "entry": None, "free": False}.get(name, "")
        if name in ("type", "spoken", "access"):
            kept = tuple(v for v in getattr(self, field) if v != value)
        changes: dict[str, Any] = {field: kept}
        return replace(self, **changes)


@lru_cache(maxsize=5000)
def _quoted(value: str) -> str:
    return quote_plus(value)


def is_page(key: str) -> bool:
    """Whether this is the key of a page that a list may have given out."""
    values = paging.decode(key, int)
    return values is not None and abs(int(values[0])) <= LAST_KEY


def month_of(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


class _Typed:
    """The query string as typed; what means nothing is noted by its name."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.args = args
        self.unknown: list[str] = []

    def text(self, name: str, limit: int) -> str:
        return clean(self.args.get(name, "")[: 4 * limit])[:limit]

    def one(self, name: str, read: Callable[[str], Any]) -> Any:
        """The value that `read` makes of the text; None where there is no text or no sense in it."""
        text = self.text(name, 200)
        if not text:
            return None
        found = read(text)
        if found is None:
            self.unknown.append(name)
        return found

    def several(self, name: str, read: Callable[[str], Any]) -> tuple[Any, ...]:
        """Every value that `read` knows, each once, in the order of the address."""
        texts = [text for text in self.args.getlist(name)[:50] if text]
        found = [read(text.strip()) for text in texts]
        if None in found:
            self.unknown.append(name)
        return tuple(dict.fromkeys(value for value in found if value is not None))


def _dates(typed: _Typed) -> tuple[date | None, date | None]:
    """`on` before `month` before `from` and `to`; what says other days, or a last one before the first, is no sense."""
    on = typed.one("on", _date)
    month = typed.one("month", _month)
    first, last = typed.one("from", _date), typed.one("to", _date)
    chosen = (on, on) if on else month
    if chosen:
        said = {"month": (month, chosen), "from": (first, chosen[0]), "to": (last, chosen[1])}
        typed.unknown += [name for name, (value, meant) in said.items() if value and value != meant]
        return chosen
    if first and last and last < first:
        typed.unknown.append("to")
        last = None
    return first, last


def _date(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _month(text: str) -> tuple[date, date] | None:
    found = _MONTH.fullmatch(text)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    return month_of(year, month) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 else None


def _near(typed: _Typed) -> tuple[str, Centre | None]:
    """A position is rounded to a tenth of a degree, some ten kilometres, before anything keeps it."""
    text = typed.text("near", 80)
    position = _POSITION.fullmatch(text)
    if position is None:
        if text and not any(c.isalpha() for c in text):
            typed.unknown.append("near")
            return "", None
        return text, None
    latitude, longitude = (round(float(part), 1) + 0.0 for part in position.groups())
    if not is_position(latitude, longitude):
        typed.unknown.append("near")
        return "", None
    return f"{latitude:g},{longitude:g}", Centre(latitude=latitude, longitude=longitude)


def _member(kind: type[Choice]) -> Callable[[str], Choice | None]:
    known = {member.value: member for member in kind}
    return known.get


def _language(text: str) -> str | None:
    code = text.lower()
    return code if len(code) < 12 and code.replace("-", "_") in locale_of("en").languages else None


def _is_slug(text: str) -> bool:
    return len(text) <= 120 and text.isprintable() and not any(c.isspace() for c in text)
