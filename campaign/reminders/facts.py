"""What a letter says of an event, in the reader's language: the event's own time first, named by its city."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_date, format_skeleton
from flask_babel import gettext as _

from campaign.core import languages
from campaign.core.folding import fold, one_line
from campaign.events.details import EventDetails, Occasion
from campaign.events.lifecycle import Mode
from campaign.places import moments, zones
from campaign.reminders import due


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Finished phrases; `when` has a line per date, `there` is the reader's own time where it is another one."""

    title: str
    title_language: str
    when: tuple[str, ...]
    there: str
    day: str
    last_day: str
    time: str
    city: str
    place: str
    checks: str
    joining: str


def facts(details: EventDetails, language: str, *, position: int | None = None, reader_zone: str = "") -> Facts:
    """The facts of one date of an event, or of all its dates if `position` is None."""
    dates = details.occasions or ((Occasion(starts=details.starts, ends=details.ends),) if details.starts else ())
    told = dates if position is None or position >= len(dates) else dates[position : position + 1]
    wording = details.wording(language)
    is_timed = due.has_hour(details) and bool(told)
    with languages.speaking(language):
        clock_city = _clock_city(details, language)
        return Facts(
            title=one_line(wording.title),
            title_language=details.language if wording.title == details.title else language,
            when=tuple(_when(details, date, clock_city, language) for date in told),
            there=_there(told[0], details.time_zone, reader_zone, language) if is_timed and len(told) == 1 else "",
            day=str(format_skeleton("MMMMd", told[0].starts, locale=languages.locale(language))) if told else "",
            last_day=_last_day(told[-1], language) if told else "",
            time=f"{told[0].starts:%H:%M}" if is_timed else "",
            city=one_line(details.city) or clock_city,
            place=_place(details),
            checks=one_line(details.entry_checks),
            joining=_joining(details, told[0]) if is_timed else "",
        )


def _clock_city(details: EventDetails, language: str) -> str:
    """Whose time it is: the event's own city, in the reader's language where the zone is named after it."""
    named = zones.city_of(details.time_zone, language)
    if not details.city or fold(details.city) == fold(zones.city_of(details.time_zone)):
        return named
    return one_line(details.city)


def _last_day(date: Occasion, language: str) -> str:
    """Its weekday, for an exhibition that closes within the week: `Sunday`."""
    return format_date(date.ends or date.starts, "EEEE", locale=languages.locale(language))


def _when(details: EventDetails, date: Occasion, city: str, language: str) -> str:
    starts, ends = date.starts, date.ends
    day = format_date(starts, "full", locale=languages.locale(language))
    last = format_date(ends, "full", locale=languages.locale(language)) if ends and ends.date() != starts.date() else ""
    if not due.has_hour(details):
        return str(_("%(first)s to %(last)s", first=day, last=last)) if last else day
    if ends is None:
        return str(_("%(date)s, %(start)s %(city)s time", date=day, start=f"{starts:%H:%M}", city=city))
    start, end = f"{starts:%H:%M}", f"{ends:%H:%M}"
    if last:
        text = _(
            "%(date)s, %(start)s, until %(last)s, %(end)s %(city)s time",
            date=day,
            start=start,
            last=last,
            end=end,
            city=city,
        )
        return str(text)
    return str(_("%(date)s, from %(start)s to %(end)s %(city)s time", date=day, start=start, end=end, city=city))


def _there(date: Occasion, zone: str, reader_zone: str, language: str) -> str:
    """The reader's own time; with its date where that differs too."""
    if not zones.is_zone(reader_zone):
        return ""
    there = moments.instant(date.starts, zone).astimezone(zones.zone(reader_zone))
    if there.replace(tzinfo=None) == date.starts:
        return ""
    city = zones.city_of(reader_zone, language)
    if there.date() != date.starts.date():
        day = format_date(there, "full", locale=languages.locale(language))
        return str(_("%(time)s on %(date)s in %(city)s", time=f"{there:%H:%M}", date=day, city=city))
    if date.ends is None or date.ends.date() != date.starts.date():
        return str(_("%(time)s in %(city)s", time=f"{there:%H:%M}", city=city))
    ends = moments.instant(date.ends, zone).astimezone(zones.zone(reader_zone))
    return str(_("%(start)s to %(end)s in %(city)s", start=f"{there:%H:%M}", end=f"{ends:%H:%M}", city=city))


def _place(details: EventDetails) -> str:
    if details.mode is Mode.ONLINE:
        return str(_("online"))
    whole = (details.venue, details.room, details.address, details.city)
    parts = whole if details.is_address_public else (details.city,)
    return str(_(", ")).join(one_line(part) for part in parts if part)


def _joining(details: EventDetails, date: Occasion) -> str:
    """When the link appears; never the link itself, which may still change."""
    if details.mode is Mode.IN_PERSON or not details.stream_url:
        return ""
    opens = date.starts - timedelta(minutes=details.stream_opens_minutes)
    return str(_("Join online: the link will be on this page from %(time)s", time=f"{opens:%H:%M}"))


def days_until(starts: datetime, zone: str, reader_zone: str, now: datetime) -> int | None:
    """Whole days until then on the event's own calendar: 0 is today, 1 tomorrow.

    None where the reader's calendar counts differently: then only the date itself says the same to both.
    """
    clock = zones.zone(zone)
    days = (starts.date() - now.astimezone(clock).date()).days
    if not zones.is_zone(reader_zone):
        return days
    there = zones.zone(reader_zone)
    own = (moments.instant(starts, zone).astimezone(there).date() - now.astimezone(there).date()).days
    return days if own == days else None
