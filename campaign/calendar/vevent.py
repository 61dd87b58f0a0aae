"""The VEVENT of a listing as finished text (RFC 5545), and the calendar around many of them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

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
    item = Event()
    suffix = f"-{position}" if position else ""
    item.add("uid", f"{event.uid}{suffix}")
    item.add("dtstamp", event.changed_at.astimezone(UTC))
    item.add("last-modified", event.changed_at.astimezone(UTC))
    item.add("created", event.created_at.astimezone(UTC))
    item.add("sequence", event.sequence)
    item.add("status", _STATUS.get(event.status, "CONFIRMED"))
    item.add("summary", f"{prefix} {details.title}".strip())
    _times(item, details, starts, ends)
    place = ", ".join(p for p in _place(details) if p)
    if place:
        item.add("location", place)
    if details.latitude is not None and details.longitude is not None and details.is_address_public:
        item.add("geo", (round(details.latitude, 5), round(details.longitude, 5)))
    if details.type:
        item.add("categories", [details.type.value.replace("_", " ")])
    item.add("description", "\n\n".join(p for p in (event.public_note, details.description) if p))
    return item.to_ical().decode()


def with_site(stored: str, address: str) -> str:
    """A stored VEVENT with the address of its page (URL); addresses are ASCII and shorter than a line."""
    return f"{stored.removesuffix(_END)}URL:{address}\r\n{_END}"


def _place(details: EventDetails) -> tuple[str, ...]:
    if not details.is_address_public:
        return (details.city,)
    return (details.venue, details.room, details.address, details.city)


def _times(item: Event, details: EventDetails, starts: datetime, ends: datetime | None) -> None:
    if not details.is_time_known or details.duration.value == "run":
        item.add("dtstart", starts.date())
        item.add("dtend", (ends or starts).date() + timedelta(days=1))
        item.add("transp", "TRANSPARENT")
        return
    zone = ZoneInfo(details.time_zone)
    item.add("dtstart", starts.replace(tzinfo=zone))
    if ends is not None:
        item.add("dtend", ends.replace(tzinfo=zone))


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
