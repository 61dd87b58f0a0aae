"""The configuration file of a campaign (YAML): shape, checks, and the one value made from it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from campaign.campaigns import silence


class ConfigurationError(ValueError):
    """The file cannot be used; the message says which line of thought to correct."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPlan:
    """Countries (ISO 3166-1 alpha-2) of one desk; `desk` maps languages to names."""

    key: str
    desk: Mapping[str, str]
    time_zone: str
    countries: tuple[str, ...]
    fallback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A checked configuration. `window` holds (month, day) pairs; `text` maps keys to wording per language."""

    slug: str
    names: Mapping[str, str]
    month: int
    day: int
    window: tuple[tuple[int, int], tuple[int, int]]
    outside: str
    event_types: tuple[str, ...]
    languages: tuple[str, ...]
    default_language: str
    regions: tuple[RegionPlan, ...]
    settings: Mapping[str, Any]


def read(text: str) -> Plan:
    """Parse and check a configuration file. Raises ConfigurationError with a sentence to act on."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"This is not valid YAML: {error}") from error
    raw = _plain(raw)
    if not isinstance(raw, dict):
        raise ConfigurationError("The file must be a mapping that begins with `campaign: <slug>`.")
    names = _words(raw.get("names"), "names")
    day = raw.get("day") or {}
    _calendar_day(day.get("month"), day.get("day"), "day")
    _silence(raw.get("silence"))
    window = raw.get("window") or {"from": "01-01", "to": "12-31"}
    sites = raw.get("languages") or {"site": ["en"], "default": "en"}
    plan = Plan(
        slug=_slug(raw.get("campaign")),
        names=names,
        month=day["month"],
        day=day["day"],
        window=(_month_day(window.get("from"), "window.from"), _month_day(window.get("to"), "window.to")),
        outside=window.get("outside", "warn"),
        event_types=tuple(raw.get("event_types") or ()),
        languages=tuple(sites["site"]),
        default_language=sites["default"],
        regions=tuple(_region(r) for r in raw.get("regions") or ()),
        settings=raw,
    )
    _check_regions(plan)
    return plan


def _plain(value: Any) -> Any:
    """YAML makes dates of what looks like one; the stored copy is JSON, so they go back to what was written."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def _slug(value: Any) -> str:
    slug = str(value or "")
    if not slug or not slug.replace("-", "").isalnum() or slug != slug.lower():
        raise ConfigurationError("`campaign` must be a short name of lower-case letters, digits and hyphens.")
    return slug


def _words(value: Any, name: str) -> dict[str, str]:
    if not isinstance(value, dict) or not value:
        raise ConfigurationError(f"`{name}` must map language codes to texts.")
    return {str(k): str(v) for k, v in value.items()}


def _calendar_day(month: Any, day: Any, name: str) -> None:
    try:
        date(2000, month, day)  # A leap year, so that 29 February may be a day of remembrance.
    except (TypeError, ValueError):
        raise ConfigurationError(f"`{name}` is not a day of the calendar: {month}-{day}.") from None


def _silence(value: Any) -> None:
    try:
        silence.read(value)
    except ValueError as problem:
        raise ConfigurationError(f"`silence`: {problem}") from problem


def _month_day(value: Any, name: str) -> tuple[int, int]:
    try:
        month, day = (int(part) for part in str(value).split("-"))
    except ValueError:
        raise ConfigurationError(f"`{name}` must look like 02-26.") from None
    _calendar_day(month, day, name)
    return month, day


def _region(raw: Any) -> RegionPlan:
    if not isinstance(raw, dict) or not raw.get("key"):
        raise ConfigurationError("Every region needs a `key`.")
    desk = raw.get("desk") or raw["key"]
    zone = str(raw.get("tz") or "UTC")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ConfigurationError(f"Region {raw['key']}: {zone} is not an IANA time zone.") from None
    return RegionPlan(
        key=str(raw["key"]),
        desk=desk if isinstance(desk, dict) else {"en": str(desk)},
        time_zone=zone,
        countries=tuple(str(c).upper() for c in raw.get("countries") or ()),
        fallback=str(raw.get("fallback") or "lead"),
    )


def _check_regions(plan: Plan) -> None:
    seen: dict[str, str] = {}
    for region in plan.regions:
        for country in region.countries:
            if country in seen:
                raise ConfigurationError(f"{country} is in two regions: {seen[country]} and {region.key}.")
            seen[country] = region.key
