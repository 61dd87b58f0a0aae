"""The VEVENT of a listing as finished text (RFC 5545), and the calendar around many of them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone

from campaign.calendar import contentlines
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Status
from campaign.events.models import Event as Listed

PRODID = "-//Campaign//Remembrance Calendar//EN"
_END = "END:VEVENT\r\n"
_STATUS = {Status.CANCELLED: "CANCELLED", Status.POSTPONED: "TENTATIVE"}


def render(event: Listed, starts: datetime, ends: datetime | None, *, position: int, prefix: str = "") -> str:
    """One VEVENT, folded at 75 octets, CRLF line ends. `starts` and `ends` are wall times; a run is whole days.

    The UID never changes, whatever address the installation moves to. The page's address is not in the stored text;
    it is added as the last line where a feed is put together (see `with_site`).
    """
    details = event.details
    suffix = f"-{position}" if position else ""
    place = ", ".join(part for part in _place(details) if part)
    words = "\n\n".join(part for part in (event.public_note, details.description) if part)
    lines = [
        ("UID", f"{event.uid}{suffix}"),
        ("DTSTAMP", contentlines.utc(event.changed_at)),
        ("LAST-MODIFIED", contentlines.utc(event.changed_at)),
        ("CREATED", contentlines.utc(event.created_at)),
        ("SEQUENCE", str(event.sequence)),
        ("STATUS", _STATUS.get(event.status, "CONFIRMED")),
        ("SUMMARY", contentlines.text(f"{prefix} {details.title}".strip())),
        *_times(details, starts, ends),
        ("LOCATION", contentlines.text(place)),
        ("GEO", _geo(details)),
        ("CATEGORIES", contentlines.text(details.type.value.replace("_", " ")) if details.type else ""),
        ("DESCRIPTION", contentlines.text(words)),
    ]
    return "".join(("BEGIN:VEVENT\r\n", *(contentlines.line(name, value) for name, value in lines if value), _END))


def with_site(stored: str, address: str) -> str:
    """A stored VEVENT with the address of its page (URL); addresses are ASCII and shorter than a line."""
    return f"{stored.removesuffix(_END)}URL:{address}\r\n{_END}"


def _place(details: EventDetails) -> tuple[str, ...]:
    if not details.is_address_public:
        return (details.city,)
    return (details.venue, details.room, details.address, details.city)


def _geo(details: EventDetails) -> str:
    if details.latitude is None or details.longitude is None or not details.is_address_public:
        return ""
    return f"{round(details.latitude, 5)};{round(details.longitude, 5)}"


def _times(details: EventDetails, starts: datetime, ends: datetime | None) -> list[tuple[str, str]]:
    if not details.is_time_known or details.duration.value == "run":
        after = (ends or starts).date() + timedelta(days=1)
        return [
            ("DTSTART;VALUE=DATE", contentlines.day(starts)),
            ("DTEND;VALUE=DATE", contentlines.day(after)),
            ("TRANSP", "TRANSPARENT"),
        ]
    zone = f";TZID={details.time_zone}" if details.time_zone != "UTC" else ""
    found = [(f"DTSTART{zone}", contentlines.wall(starts)), (f"DTEND{zone}", contentlines.wall(ends) if ends else "")]
    return found if zone else [(name, f"{value}Z" if value else "") for name, value in found]


@lru_cache(maxsize=1024)
def timezone_text(name: str, first_year: int, last_year: int) -> str:
    """The VTIMEZONE of an IANA zone for these years; its rules come from the pinned tzdata."""
    zone = Timezone.from_tzinfo(
        ZoneInfo(name), name, first_date=date(first_year, 1, 1), last_date=date(last_year + 1, 12, 31)
    )
    return zone.to_ical().decode()


def calendar(vevents: Iterable[str], zones: Iterable[str], *, years: tuple[int, int], name: str) -> Iterator[str]:
    """A whole VCALENDAR as pieces to be joined or streamed; the stored VEVENTs are not touched."""
    head = Calendar()
    head.add("prodid", PRODID)
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    head.add("method", "PUBLISH")
    head.add("x-wr-calname", name)
    head.add("name", name)
    head.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    head.add("x-published-ttl", "PT1H")
    yield head.to_ical().decode().removesuffix("END:VCALENDAR\r\n")
    for zone in sorted(set(zones)):
        yield timezone_text(zone, *years)
    yield from vevents
    yield "END:VCALENDAR\r\n"
