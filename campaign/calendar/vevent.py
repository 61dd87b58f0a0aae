"""The VEVENT of a listing as finished text (RFC 5545), and the calendar around many of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from campaign.calendar import contentlines, vtimezone
from campaign.events import carried
from campaign.events.details import EventDetails
from campaign.events.labels import LANGUAGES
from campaign.events.lifecycle import Duration, Status
from campaign.events.models import Event as Listed
from campaign.places import moments, zones

PRODID = "-//Campaign//Remembrance Calendar//EN"
_END = "END:VEVENT\r\n"
# Stands in stored texts for what comes before the ref in an event's short link; no property has control characters.
_SITE = "\x1a"
_STATUS = {Status.CANCELLED: "CANCELLED", Status.POSTPONED: "TENTATIVE"}


def render(
    event: Listed,
    starts: datetime,
    ends: datetime | None,
    *,
    position: int,
    prefix: str = "",
    hosts: Sequence[str] = (),
) -> str:
    """One VEVENT, folded at 75 octets, CRLF line ends. `starts` and `ends` are wall times; a run is whole days.

    What iCalendar has no property for stands in `X-CAMPAIGN-…`, so that another installation reads back every public
    field (`events.reading`); other programs pass over it. Further dates of an event are RELATED-TO the first.

    The UID never changes, whatever address the installation moves to. What the page's address (URL; ASCII, shorter
    than a line) begins with is filled in where a file is put together (see `calendar`).
    """
    details = event.details
    language = f";LANGUAGE={details.language}" if details.language in LANGUAGES else ""
    words = "\n\n".join(part for part in (event.public_note, details.description) if part)
    lines = [
        ("UID", f"{event.uid}-{position}" if position else event.uid),
        ("DTSTAMP", contentlines.utc(event.changed_at)),
        ("LAST-MODIFIED", contentlines.utc(event.changed_at)),
        ("CREATED", contentlines.utc(event.created_at)),
        ("SEQUENCE", str(event.sequence)),
        ("STATUS", _STATUS.get(event.status, "CONFIRMED")),
        (f"SUMMARY{language}", contentlines.text(f"{prefix} {details.title}".strip())),
        *_times(details, starts, ends),
        ("LOCATION", contentlines.text(", ".join(filter(None, _place(details))))),
        ("GEO", _geo(details)),
        ("CATEGORIES", contentlines.text(details.type.value.replace("_", " ")) if details.type else ""),
        (f"DESCRIPTION{language}", contentlines.text(words)),
        *(("CONTACT", contentlines.text(way)) for way in _contacts(details)),
        ("RELATED-TO;RELTYPE=SIBLING", event.uid if position else ""),
        ("X-CAMPAIGN-TIME-ZONE;VALUE=TEXT", details.time_zone if _is_zone_unsaid(details, starts) else ""),
        *_ours(event, prefix, hosts),
    ]
    written = (contentlines.line(name, value) for name, value in lines if value)
    return "".join(("BEGIN:VEVENT\r\n", *written, _conference(event), f"URL:{_SITE}{event.ref}\r\n{_END}"))


def _contacts(details: EventDetails) -> tuple[str, ...]:
    return (details.contact_email, details.contact_phone, details.contact_url)


def _ours(event: Listed, prefix: str, hosts: Sequence[str]) -> list[tuple[str, str]]:
    title = event.details.title if prefix else ""
    return [
        ("X-CAMPAIGN-CITY;VALUE=TEXT", contentlines.text(_city(event.details))),
        ("X-CAMPAIGN-LANGUAGES;VALUE=TEXT", contentlines.text(";".join(event.details.spoken))),
        ("X-CAMPAIGN-ORGANIZER;VALUE=TEXT", contentlines.text("; ".join(hosts))),
        (
            "X-CAMPAIGN-DETAILS;VALUE=TEXT",
            contentlines.text(carried.write(event.details, title=title, note=event.public_note)),
        ),
    ]


def _conference(event: Listed) -> str:
    """Where to follow it online (RFC 7986, 5.11): the event's page, which shows the stream's address in time.

    Folded before the address, whose length is not known here.
    """
    if not carried.has_stream(event.details):
        return ""
    return f"CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:\r\n {_SITE}{event.ref}\r\n"


def _place(details: EventDetails) -> tuple[str, ...]:
    if not details.is_address_public:
        return (details.city,)
    return (details.venue, details.room, details.address, details.city)


def _city(details: EventDetails) -> str:
    """`Berlin, DE`: which part of the LOCATION is the city, and of which country."""
    return ", ".join(part for part in (details.city, details.country) if part)


def _geo(details: EventDetails) -> str:
    if details.latitude is None or details.longitude is None or not details.is_address_public:
        return ""
    return f"{round(details.latitude, 5)};{round(details.longitude, 5)}"


def _is_all_day(details: EventDetails) -> bool:
    return not details.is_time_known or details.duration is Duration.RUN


def _is_zone_unsaid(details: EventDetails, starts: datetime) -> bool:
    """Whether DTSTART names no zone, being a date or in UTC."""
    return _is_all_day(details) or moments.is_fold(starts, details.time_zone)


def _times(details: EventDetails, starts: datetime, ends: datetime | None) -> list[tuple[str, str]]:
    if _is_all_day(details):
        after = (ends or starts).date() + timedelta(days=1)
        return [
            ("DTSTART;VALUE=DATE", contentlines.day(starts)),
            ("DTEND;VALUE=DATE", contentlines.day(after)),
            ("TRANSP", "TRANSPARENT"),
        ]
    return [
        _moment("DTSTART", starts, details.time_zone),
        *([_moment("DTEND", ends, details.time_zone)] if ends else []),
    ]


def _moment(name: str, wall: datetime, zone: str) -> tuple[str, str]:
    """A wall time with its zone, or its instant in UTC.

    Programs disagree about wall times that clocks skip or show twice, whatever RFC 5545, 3.3.5 says: what is skipped is
    written as the clocks show that instant, what happens twice as the instant of the first.
    """
    if zone == "UTC" or moments.is_fold(wall, zone):
        return name, contentlines.utc(moments.instant(wall, zone))
    if moments.is_gap(wall, zone):
        wall = moments.instant(wall, zone).astimezone(zones.zone(zone))
    return f"{name};TZID={zone}", contentlines.wall(wall)


def calendar(
    vevents: Iterable[bytes], zones: Iterable[str], *, years: tuple[int, int], name: str, about: str = "", site: str
) -> Iterator[bytes]:
    """A whole VCALENDAR as pieces to be joined or streamed: stored VEVENTs, many in a piece, are joined as they are.

    `site` is what short links begin with, `about` what is said of the whole. It is no message of iTIP: METHOD:PUBLISH
    would ask for an ORGANIZER (RFC 5546, 3.2.1), and programs take an event with one for an invitation that wants an
    answer.
    """
    named, told = contentlines.text(name), contentlines.text(about)
    head = (
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", PRODID),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", named),
        ("X-WR-CALNAME", named),
        ("DESCRIPTION", told),
        ("X-WR-CALDESC", told),
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"),
        ("X-PUBLISHED-TTL", "PT1H"),
    )
    yield "".join(contentlines.line(name, value) for name, value in head if value).encode()
    for zone in sorted(set(zones)):
        yield vtimezone.render(zone, *years).encode()
    mark, address = _SITE.encode(), site.encode()
    for some in vevents:
        yield some.replace(mark, address)
    yield b"END:VCALENDAR\r\n"
