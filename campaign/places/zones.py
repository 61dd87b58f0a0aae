"""Time zones: which names are valid, what they are called, and which release of the rules is in use."""

import zoneinfo
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import get_timezone_name

from campaign.core.folding import fold
from campaign.places.countries import locale_of

# The pinned tzdata package is the one source of rules, even if the standard library looked at the system's before.
zoneinfo.reset_tzpath(to=())
ZoneInfo.clear_cache()

_NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})


@cache
def names() -> frozenset[str]:
    """Every IANA zone name of the pinned tzdata, old links such as `Asia/Calcutta` included."""
    return frozenset(zoneinfo.available_timezones()) - _NOT_PLACES


def tz_version() -> str:
    """The IANA release of the rules, like `2026f`."""
    with files("tzdata.zoneinfo").joinpath("tzdata.zi").open(encoding="utf-8") as rules:
        return rules.readline().removeprefix("# version").strip()


def is_zone(name: str) -> bool:
    """Whether this is an IANA zone name, spelled exactly."""
    return name in names()


@cache
def zone(name: str) -> ZoneInfo:
    """The rules of a zone. Raises ValueError for a name that is none.

    Kept, because the standard library forgets all but the last eight and reads their files again.
    """
    if not is_zone(name):
        raise ValueError(f"not a time zone: {name[:60]!r}")
    return ZoneInfo(name)


def city_of(zone: str, language: str = "en") -> str:
    """The place a zone is named after: `Asia/Baku` is `Baku`; in this language where CLDR knows it."""
    aliases = get_global("zone_aliases")
    current = aliases.get(zone, zone)
    # CLDR keeps the oldest spelling of a zone as its key (Asia/Calcutta), so every spelling is looked up.
    spellings = [zone, current, *(old for old, new in aliases.items() if new == current)]
    known = locale_of(language).time_zones
    for spelling in spellings:
        if spelling in known and "city" in known[spelling]:
            return str(known[spelling]["city"])
    return zone.rpartition("/")[2].replace("_", " ")


def long_name(name: str, language: str) -> str:
    """The zone's own name in this language (CLDR), for screen readers and letters."""
    return get_timezone_name(zone(name), locale=locale_of(language))


def offset_label(name: str, at: datetime) -> str:
    """How a zone's clock is set at an aware instant: `CET, UTC+1`, or `UTC+4` where the zone has no letters."""
    local = at.astimezone(zone(name))
    letters, offset = local.tzname() or "", local.utcoffset() or timedelta()
    plain = written(offset)
    return f"{letters}, {plain}" if letters.isalpha() and letters != plain else plain


def written(offset: timedelta) -> str:
    """UTC with a true minus sign and without idle zeros: `UTC`, `UTC+1`, `UTC+5:45`."""
    minutes = abs(offset) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    sign = "+" if offset > timedelta() else "\N{MINUS SIGN}"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


@cache
def _inhabited() -> tuple[tuple[str, str], ...]:
    """(country, zone) of every row of tzdata's zone.tab, the largest zone of a country first."""
    lines = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple((row[0], row[2]) for row in rows if row[2] in names())


def only_zone_of(country: str) -> str:
    """The zone of a country (ISO 3166-1 alpha-2) that has one; empty where it has several, or is none."""
    found = [zone for code, zone in _inhabited() if code == country]
    return found[0] if len(found) == 1 else ""


@cache
def options(language: str) -> tuple[tuple[str, str], ...]:
    """(zone, place name): UTC, then every inhabited zone of tzdata's zone.tab, sorted by place name."""
    listed = {zone for _country, zone in _inhabited()}
    named = [(name, city_of(name, language)) for name in listed]
    return (("UTC", "UTC"), *sorted(named, key=lambda pair: (fold(pair[1]), pair[0])))
