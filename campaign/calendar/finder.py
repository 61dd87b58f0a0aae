"""What the finder offers, the chips of what was asked, and the campaign's sourced figures. No queries."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from campaign.calendar.context import in_language
from campaign.calendar.filters import Filter
from campaign.campaigns.models import Campaign
from campaign.events import labels
from campaign.events.lifecycle import ACCESS, Entry, Mode, Type
from campaign.places import countries

SPOKEN = ("az", "en", "tr", "ru", "de", "fr", "es", "ar", "he", "uk", "it", "fa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a select; `is_chosen` keeps what was asked."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """The GET form: where it leads and what each field offers."""

    action: str
    city: str
    words: str
    first: str
    last: str
    countries: tuple[Option, ...]
    types: tuple[Option, ...]
    spoken: tuple[Option, ...]
    modes: tuple[Option, ...]
    entries: tuple[Option, ...]
    access: tuple[Option, ...]
    is_free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter in force; its address is the page without it."""

    label: str
    url: str


def choices(campaign: Campaign, wanted: Filter, language: str) -> Finder:
    offered = campaign.settings.get("event_types") or [t.value for t in Type]
    return Finder(
        action=url_for("calendar.events", language=language, campaign=campaign.slug),
        city=wanted.city,
        words=wanted.words,
        first=wanted.first.isoformat() if wanted.first else "",
        last=wanted.last.isoformat() if wanted.last else "",
        countries=tuple(
            Option(value=code, label=name, is_chosen=code == wanted.country)
            for code, name in countries.options(language)
        ),
        types=tuple(
            Option(value=t.value, label=str(labels.TYPE[t]), is_chosen=t in wanted.types) for t in Type if t in offered
        ),
        spoken=tuple(
            Option(value=code, label=labels.language_name(code, language), is_chosen=code in wanted.spoken)
            for code in SPOKEN
        ),
        modes=tuple(Option(value=m.value, label=str(labels.MODE[m]), is_chosen=m is wanted.mode) for m in Mode),
        entries=tuple(Option(value=e.value, label=str(labels.ENTRY[e]), is_chosen=e is wanted.entry) for e in Entry),
        access=tuple(Option(value=a, label=str(labels.ACCESS[a]), is_chosen=a in wanted.access) for a in ACCESS),
        is_free=wanted.is_free,
    )


def chips(wanted: Filter, language: str, campaign: str) -> list[Chip]:
    """One removable chip per filter in force."""

    def chip(label: str, name: str, value: str = "") -> Chip:
        query = wanted.without(name, value).query()
        return Chip(label=label, url=url_for("calendar.events", language=language, campaign=campaign, **query))

    found = []
    if wanted.first or wanted.last:
        found.append(chip(_period(wanted), "on"))
    if wanted.country:
        found.append(chip(countries.name(wanted.country, language), "country"))
    if wanted.city:
        found.append(chip(wanted.city.rpartition("/")[2], "city"))
    found += [chip(str(labels.TYPE[t]), "type", t.value) for t in wanted.types]
    found += [chip(labels.language_name(code, language), "spoken", code) for code in wanted.spoken]
    found += [chip(str(labels.ACCESS[name]), "access", name) for name in wanted.access]
    if wanted.mode:
        found.append(chip(str(labels.MODE[wanted.mode]), "mode"))
    if wanted.entry:
        found.append(chip(str(labels.ENTRY[wanted.entry]), "entry"))
    if wanted.is_free:
        found.append(chip(_("Free entry"), "free"))
    if wanted.organizer:
        found.append(chip(wanted.organizer, "org"))
    if wanted.words:
        found.append(chip(_("“%(words)s”", words=wanted.words), "q"))
    return found


def _period(wanted: Filter) -> str:
    if wanted.first and wanted.first == wanted.last:
        return format_date(wanted.first, "long")
    if wanted.first and wanted.last:
        return _(
            "%(first)s to %(last)s", first=format_date(wanted.first, "long"), last=format_date(wanted.last, "long")
        )
    if wanted.first:
        return _("From %(date)s", date=format_date(wanted.first, "long"))
    return _("Until %(date)s", date=format_date(wanted.last, "long"))


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
