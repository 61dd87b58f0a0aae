"""What the finder offers, the chips of what was asked, and the campaign's sourced figures. Asks for names alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from campaign.calendar import names
from campaign.calendar.context import in_language, next_day, visitors_day
from campaign.calendar.filters import RADII, Filter, month_of
from campaign.campaigns.models import Campaign
from campaign.core.jinja import day_month, month_year
from campaign.core.languages import format_date
from campaign.events import labels
from campaign.events.lifecycle import ACCESS, Entry, Mode, Type
from campaign.places import countries

SPOKEN = ("az", "en", "tr", "ru", "de", "fr", "es", "ar", "he", "uk", "it", "fa")
# Filters behind “More filters”; the part opens when one of them is in force.
REMOTE = frozenset({"r", "country", "spoken", "from", "to", "month", "mode", "entry", "access", "free"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a field; `is_chosen` keeps what was asked. `number` is what it finds, 0 where nobody says it."""

    value: str
    label: str
    is_chosen: bool
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter in force; its address is the page without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A filter that is one step away."""

    label: str
    url: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """The GET form: where it leads and what each field offers; `kept` are filters without a field of their own."""

    action: str
    near: str
    words: str
    first: str
    last: str
    kept: tuple[tuple[str, str], ...]
    days: tuple[Option, ...]
    radii: tuple[Option, ...]
    countries: tuple[Option, ...]
    types: tuple[Option, ...]
    spoken: tuple[Option, ...]
    modes: tuple[Option, ...]
    entries: tuple[Option, ...]
    access: tuple[Option, ...]
    is_free: bool
    is_open: bool
    presets: tuple[Link, ...]

    def __hash__(self) -> int:
        """Of what people type; the choices are long, and compared only where this is the same."""
        return hash((self.action, self.near, self.words, self.first, self.last))


def choices(
    campaign: Campaign,
    wanted: Filter,
    language: str,
    action: str = "",
    numbers: Mapping[str, int] | None = None,
    *,
    dated: str = "",
) -> Finder:
    """The form as it stands over a page; `action` is the page it leads to, the list if it is left out.

    `dated` is the page that dates one step away lead to, where `action` has dates of its own.
    `numbers` are what choices find, by word (`country:DE`), as `calendar.offered` knows it.
    """
    types = campaign.settings.get("event_types") or [t.value for t in Type]
    action = action or url_for("calendar.events", language=language, campaign=campaign.slug)
    days = (next_day(campaign), visitors_day())
    asked = replace(wanted, page="", unknown=())
    return _form(asked, language, action, dated or action, days, tuple(types), tuple((numbers or {}).items()))


@lru_cache(maxsize=256)
def _form(
    wanted: Filter,
    language: str,
    action: str,
    dated: str,
    days: tuple[date, date],
    types: tuple[str, ...],
    numbers: tuple[tuple[str, int], ...],
) -> Finder:
    """The same form again for the same filter, on every page of it and after every change that leaves the numbers."""
    known = dict(numbers)

    def options(kind: str, labelled: Iterable[tuple[str, str]], *chosen: str) -> tuple[Option, ...]:
        return tuple(
            Option(value=value, label=label, is_chosen=value in chosen, number=known.get(f"{kind}:{value}", 0))
            for value, label in labelled
        )

    is_one_day = wanted.first is not None and wanted.first == wanted.last
    languages = dict.fromkeys((*SPOKEN, *wanted.spoken))
    return Finder(
        action=action,
        near=wanted.near,
        words=wanted.words,
        first=wanted.first.isoformat() if wanted.first and not is_one_day else "",
        last=wanted.last.isoformat() if wanted.last and not is_one_day else "",
        kept=tuple((name, value) for name in ("city", "org") for value in wanted.query().get(name, ())),
        days=_days(wanted, *days),
        radii=options("r", ((str(km), _("%(number)d km", number=km)) for km in RADII), str(wanted.radius)),
        countries=options("country", countries.options(language), wanted.country),
        types=options("type", ((t, str(labels.TYPE[t])) for t in Type if t in (*types, *wanted.types)), *wanted.types),
        spoken=options("spoken", ((code, labels.language_name(code, language)) for code in languages), *wanted.spoken),
        modes=options("mode", ((m, str(labels.MODE[m])) for m in Mode), wanted.mode or ""),
        entries=options("entry", ((e, str(labels.ENTRY[e])) for e in Entry), wanted.entry or ""),
        access=options("access", ((a, str(labels.ACCESS[a])) for a in ACCESS), *wanted.access),
        is_free=wanted.is_free,
        is_open=bool(wanted.query().keys() & REMOTE),
        presets=_presets(wanted, dated, *days),
    )


def _days(wanted: Filter, remembered: date, today: date) -> tuple[Option, ...]:
    """Single days worth a choice: the day of remembrance, today, and the day that is asked for."""
    named = {remembered: day_month(remembered), today: _("Today")}
    if wanted.first and wanted.first == wanted.last:
        named.setdefault(wanted.first, format_date(wanted.first, "long"))
    asked = wanted.first if wanted.first == wanted.last else None
    return tuple(Option(value=day.isoformat(), label=label, is_chosen=day == asked) for day, label in named.items())


def _presets(wanted: Filter, action: str, remembered: date, today: date) -> tuple[Link, ...]:
    """Today, this week until Sunday, and the day of remembrance; the other filters stay. Dates are event-local."""
    periods = {
        _("Today"): (today, today),
        _("This week"): (today, today + timedelta(days=6 - today.weekday())),
        day_month(remembered): (remembered, remembered),
    }
    return tuple(
        Link(
            label=label,
            url=replace(wanted, first=first, last=last).at(action),
            is_chosen=(wanted.first, wanted.last) == (first, last),
        )
        for label, (first, last) in periods.items()
    )


def chips(wanted: Filter, language: str, action: str) -> list[Chip]:
    """One removable chip per filter in force; each leads to the page `action` without it."""
    return [
        Chip(label=label, url=wanted.without(name, value).at(action)) for label, name, value in terms(wanted, language)
    ]


def terms(wanted: Filter, language: str) -> list[tuple[str, str, str]]:
    """(words, parameter, value) of every filter in force."""
    found = [(label, name, "") for name, label in _said_once(wanted, language).items() if label]
    found += [(str(labels.TYPE[t]), "type", t.value) for t in wanted.types]
    found += [(labels.language_name(code, language), "spoken", code) for code in wanted.spoken]
    return found + [(str(labels.ACCESS[name]), "access", name) for name in wanted.access]


def _said_once(wanted: Filter, language: str) -> dict[str, str]:
    """The words for every filter that has one value, by its name; empty where it is not in force."""
    return {
        "q": _("“%(words)s”", words=wanted.words) if wanted.words else "",
        "on": period(wanted) if wanted.first or wanted.last else "",
        "near": nearness(wanted, language) if wanted.centre else "",
        "country": countries.name(wanted.country, language) if wanted.country else "",
        "city": (names.city(wanted) if "/" in wanted.city else "") or wanted.city.rpartition("/")[2],
        "mode": str(labels.MODE[wanted.mode]) if wanted.mode else "",
        "entry": str(labels.ENTRY[wanted.entry]) if wanted.entry else "",
        "free": _("Free entry") if wanted.is_free else "",
        "org": names.organiser(wanted) or wanted.organizer,
    }


def nearness(wanted: Filter, language: str) -> str:
    """`Within 50 km of Berlin, Germany`: says which place was taken."""
    centre = wanted.centre
    assert centre is not None
    if not centre.name:
        return _("Within %(radius)d km of %(place)s", radius=wanted.radius, place=wanted.near.replace(",", ", "))
    place = _("%(city)s, %(country)s", city=centre.name, country=countries.name(centre.country, language))
    return _("Within %(radius)d km of %(place)s", radius=wanted.radius, place=place)


def period(wanted: Filter) -> str:
    """The dates of a filter in words."""
    first, last = wanted.first, wanted.last
    if first and first == last:
        return format_date(first, "long")
    if first and last and (first, last) == month_of(first.year, first.month):
        return month_year(first)
    if first and last:
        return _("%(first)s to %(last)s", first=format_date(first, "long"), last=format_date(last, "long"))
    if first:
        return _("From %(date)s", date=format_date(first, "long"))
    return _("Until %(date)s", date=format_date(last, "long") if last else "")


def figures(campaign: Campaign, language: str) -> list[dict[str, Any]]:
    """Claims with their rows as the campaign's file states them; every row names who says it."""
    claims = campaign.settings["source"].get("figures", [])
    return [
        {
            "claim": in_language(claim["claim"], language),
            "rows": [
                {
                    "value": str(row["value"]),
                    "wording": in_language(row["wording"], language),
                    "publisher": in_language(row["publisher"], language),
                    "url": row["url"],
                }
                for row in claim["rows"]
            ],
        }
        for claim in claims
    ]
