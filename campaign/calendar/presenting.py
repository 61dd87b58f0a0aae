"""From listings to what templates show: times by city, places, tags; one value per row, no queries."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_interval
from flask import url_for
from flask_babel import gettext as _

from campaign.calendar import timing
from campaign.calendar.listed import Listed
from campaign.core import clock
from campaign.core.languages import format_date, spoken
from campaign.events import labels
from campaign.events.lifecycle import Entry, Mode
from campaign.places import countries, zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the list: see `components/agenda.html`; `status` is empty unless it is called off or put off."""

    ref: str
    url: str
    title: str
    language: str
    day: date
    time: str
    ends: str
    zone_label: str
    zone_city: str
    starts_iso: str
    time_zone: str
    second: str
    type_icon: str
    type_label: str
    place: str
    spoken: str
    status: str
    tags: tuple[tuple[str, str], ...]
    note: str
    city: str
    country: str
    until: date | None = None
    ends_iso: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnView:
    """An exhibition in the rail; `status` is empty unless it is called off or put off, and the tag says it then."""

    url: str
    title: str
    language: str
    period: str
    place: str
    status: str
    tag: str
    tag_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayGroup:
    """A day with its rows; `is_key` on the day of remembrance."""

    day: date
    is_key: bool
    rows: tuple[Row, ...]


_Shown = TypeVar("_Shown", Row, OnView)


def page_url(listing: Listed, language: str, campaign: str) -> str:
    """The canonical address of a listing's page."""
    tail = f"{listing.ref}-{listing.card['slug']}" if listing.card["slug"] else listing.ref
    return url_for("calendar.event", language=language, campaign=campaign, name=tail)


def title_of(listing: Listed, language: str) -> tuple[str, str]:
    """(title, its language): in the page's language where the organiser wrote one."""
    titles = listing.card["titles"]
    if language in titles and language != listing.card["language"]:
        return titles[language], language
    return listing.card["title"], listing.card["language"]


@lru_cache(maxsize=5000)
def _known(make: Callable[..., _Shown], listing: Listed, _spoken: Locale | None, *how: Hashable) -> _Shown:
    """What `make` gives of a listing; the same again while it says the same, whatever else changed in the calendar."""
    return make(listing, *how)


def row(listing: Listed, language: str, campaign: str, viewer: str = "") -> Row:
    """One listing as a row of a list."""
    return _known(_row, listing, spoken(), language, campaign, viewer)


def _row(listing: Listed, language: str, campaign: str, viewer: str) -> Row:
    title, spoken_in = title_of(listing, language)
    card = listing.card
    has_hour = card["time_known"] and not listing.is_run
    ends = datetime.fromisoformat(card["ends"]) if card["ends"] else None
    zone_city = card["city"] or zones.city_of(listing.time_zone, language)
    return Row(
        ref=listing.ref,
        url=page_url(listing, language, campaign),
        title=title,
        language=spoken_in,
        day=listing.starts_on,
        time=f"{listing.starts_local:%H:%M}" if has_hour else "",
        ends=f"{ends:%H:%M}" if has_hour and ends else "",
        zone_label=_(
            "%(city)s time (%(offset)s)",
            city=zone_city,
            offset=zones.offset_label(listing.time_zone, listing.starts_at),
        ),
        zone_city=zone_city,
        starts_iso=iso(listing.starts_local, listing.time_zone),
        time_zone=listing.time_zone,
        second=second_line(listing.starts_at, listing.starts_local, viewer, language) if has_hour else "",
        type_icon=labels.TYPE_ICON[listing.type],
        type_label=str(labels.TYPE[listing.type]),
        place=place_line(listing, language),
        spoken=_(", ").join(labels.language_name(code, language) for code in card["spoken"]),
        status=labels.mark(listing.status),
        tags=tags(listing),
        note=card["note"],
        city=card["city"],
        country=countries.name(listing.country, language),
        until=listing.ends_on if listing.is_run else None,
        ends_iso=iso(ends, listing.time_zone) if has_hour and ends else "",
    )


def iso(wall: datetime, zone: str) -> str:
    """The wall time with its offset, for `<time datetime>`."""
    return wall.replace(tzinfo=ZoneInfo(zone)).isoformat(timespec="minutes")


def second_line(starts_at: datetime, wall: datetime, viewer: str, language: str) -> str:
    """The visitor's own time, if it differs; with weekday and date when those differ too."""
    if not viewer or not zones.is_zone(viewer):
        return ""
    there = starts_at.astimezone(ZoneInfo(viewer))
    if there.replace(tzinfo=None) == wall:
        return ""
    city = zones.city_of(viewer, language)
    if there.date() == wall.date():
        return _("%(time)s in %(city)s", time=f"{there:%H:%M}", city=city)
    return _(
        "%(date)s, %(time)s in %(city)s", date=format_date(there.date(), "EEE d MMM"), time=f"{there:%H:%M}", city=city
    )


def own_time(listing: Listed, viewer: str, language: str) -> str:
    """The visitor's own time from start to end, for the page of the event; empty where it is the same."""
    if not second_line(listing.starts_at, listing.starts_local, viewer, language):
        return ""
    starts = listing.starts_at.astimezone(ZoneInfo(viewer))
    ends = listing.ends_at.astimezone(ZoneInfo(viewer)) if listing.card["ends"] else None
    time = _("%(start)s – %(end)s", start=f"{starts:%H:%M}", end=f"{ends:%H:%M}") if ends else f"{starts:%H:%M}"
    city = zones.city_of(viewer, language)
    if starts.date() == listing.starts_on:
        return _("%(time)s in %(city)s, your time zone", time=time, city=city)
    day = format_date(starts.date(), "EEE d MMM")
    return _("%(date)s, %(time)s in %(city)s, your time zone", date=day, time=time, city=city)


def place_line(listing: Listed, language: str) -> str:
    if listing.mode is Mode.ONLINE and not listing.card["city"]:
        return _("Online")
    parts = [listing.card["venue"], listing.card["city"], countries.name(listing.country, language)]
    return _(", ").join(dict.fromkeys(p for p in parts if p))


def tags(listing: Listed) -> tuple[tuple[str, str], ...]:
    """(text, kind) of the small marks under a title."""
    found: list[tuple[str, str]] = []
    if word := labels.mark(listing.status):
        found.append((word, "warn"))
    if listing.card["demonstration"]:
        found.append((_("Demonstration"), "warn"))
    if listing.entry is not None:
        found.append((str(labels.ENTRY[listing.entry]), "" if listing.entry is Entry.OPEN else "info"))
    if listing.mode is Mode.HYBRID:
        found.append((_("Also online"), "info"))
    if listing.card["step_free"] and listing.mode is not Mode.ONLINE:
        found.append((_("Step-free"), "ok"))
    if listing.card["content_note"]:
        found.append((_("Content note"), "ember"))
    return tuple(found)


def by_day(rows: Iterable[Listed], month: int, day: int, language: str, campaign: str, viewer: str) -> list[DayGroup]:
    """Rows grouped by event-local date, in their order."""
    return [
        DayGroup(
            day=on,
            is_key=(on.month, on.day) == (month, day),
            rows=tuple(row(listing, language, campaign, viewer) for listing in group),
        )
        for on, group in groupby(rows, key=lambda listing: listing.starts_on)
    ]


def on_view(rows: Sequence[Listed], language: str, campaign: str, on: date | None = None) -> list[OnView]:
    """Exhibitions with the word whether they are open on a day; left out, that is today by the clocks of each."""
    now, locale = clock.now(), spoken()
    days = ((listing, timing.today(listing.time_zone, now)) for listing in rows)
    return [_known(_on_view, listing, locale, on or today, today, language, campaign) for listing, today in days]


def _on_view(listing: Listed, on: date, today: date, language: str, campaign: str) -> OnView:
    title, spoken_in = title_of(listing, language)
    text, kind = opening(listing, on, today)
    return OnView(
        url=page_url(listing, language, campaign),
        title=title,
        language=spoken_in,
        period=_(
            "%(first)s to %(last)s",
            first=format_date(listing.starts_on, "d MMMM"),
            last=format_date(listing.ends_on, "d MMMM yyyy"),
        ),
        place=place_line(listing, language),
        status=labels.mark(listing.status),
        tag=text,
        tag_kind=kind,
    )


def opening(listing: Listed, on: date, today: date) -> tuple[str, str]:
    """(text, kind) of the mark that says whether an exhibition is open on a day, and that it is the last.

    `today` is the date by its own clocks: of no other day does the mark say that it is today.
    """
    if word := labels.mark(listing.status):
        return word, "warn"
    if not listing.starts_on <= on <= listing.ends_on:
        return "", ""
    hours = listing.card["hours"]
    opened = hours.get(str(on.weekday()), "")
    if hours and not opened:
        return (_("Closed today") if on == today else _("Closed on this day")), ""
    if on == listing.ends_on:
        return (_("Last day: open %(hours)s", hours=opened) if opened else _("Last day")), "ember"
    if on == today:
        return (_("Open today %(hours)s", hours=opened) if opened else _("On view today")), "ok"
    return (_("Open %(hours)s", hours=opened) if opened else _("Open on this day")), "ok"


def days_between(first: date, last: date) -> str:
    """`10–28 Feb`, as the page's language writes a span of days; without the year."""
    return str(format_interval(first, last, "MMMd", locale=spoken()))
