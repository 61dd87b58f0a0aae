"""Plain links that work without a script: into calendars, to messengers, to maps; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from campaign.calendar.listed import Listed
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Mode
from campaign.places import moments, zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What other programs are told of an event: in the page's language, with the address of its page."""

    title: str
    address: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLinks:
    """One date of an event in two calendars of the web; `starts` is its wall time, to name it among others."""

    starts: datetime
    google: str
    outlook: str


def calendars(dates: Sequence[Listed], said: Said) -> list[CalendarLinks]:
    """Links that open a filled-in entry."""
    return [
        CalendarLinks(starts=one.starts_local, google=_google(one, said), outlook=_outlook(one, said)) for one in dates
    ]


def is_whole_days(one: Listed) -> bool:
    return one.is_run or not one.card["time_known"]


def _google(one: Listed, said: Said) -> str:
    """Wall times with the zone beside them; whole days end on the day after the last.

    A time that clocks skip or show twice is written in UTC, where it has one meaning.
    """
    walls = (one.starts_local, _ends_local(one))
    if is_whole_days(one):
        first, last = f"{one.starts_on:%Y%m%d}", f"{one.ends_on + timedelta(days=1):%Y%m%d}"
    elif any(moments.is_gap(wall, one.time_zone) or moments.is_fold(wall, one.time_zone) for wall in walls):
        first, last = (f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in (one.starts_at, one.ends_at))
    else:
        first, last = (f"{wall:%Y%m%dT%H%M%S}" for wall in walls)
    query = {
        "action": "TEMPLATE",
        "text": said.title,
        "dates": f"{first}/{last}",
        "ctz": one.time_zone,
        "details": said.address,
        "location": said.place,
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(query, quote_via=quote)}"


def _outlook(one: Listed, said: Said) -> str:
    """Instants in UTC: this form knows no zones."""
    if is_whole_days(one):
        times = {
            "startdt": one.starts_on.isoformat(),
            "enddt": (one.ends_on + timedelta(days=1)).isoformat(),
            "allday": "true",
        }
    else:
        times = {"startdt": _utc(one.starts_at), "enddt": _utc(one.ends_at)}
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": said.title,
        **times,
        "body": said.address,
        "location": said.place,
    }
    return f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(query, quote_via=quote)}"


def _ends_local(one: Listed) -> datetime:
    """The wall time of the end; where none was given, as long as the calendar reckons with."""
    stored = one.card["ends"]
    if stored:
        return datetime.fromisoformat(stored)
    return one.ends_at.astimezone(zones.zone(one.time_zone)).replace(tzinfo=None)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def messengers(said: Said) -> dict[str, str]:
    """Links to tell somebody: WhatsApp, Telegram, a letter of one's own."""
    both = f"{said.title}\n{said.address}"
    telegram = urlencode({"url": said.address, "text": said.title}, quote_via=quote)
    return {
        "whatsapp": f"https://wa.me/?{urlencode({'text': both}, quote_via=quote)}",
        "telegram": f"https://t.me/share/url?{telegram}",
        "email": f"mailto:?{urlencode({'subject': said.title, 'body': both}, quote_via=quote)}",
    }


def place_text(details: EventDetails, country: str) -> str:
    """What a map or a calendar is told of the place: the address if it is public, else the city."""
    if details.mode is Mode.ONLINE:
        return ""
    parts = (details.venue, details.address) if details.is_address_public else ()
    return ", ".join(part for part in (*parts, details.city, country) if part)


def directions(details: EventDetails, country: str) -> dict[str, str]:
    """Links to maps; nothing where the address is not public or there is nothing to find.

    Positions in the gazetteer are those of the city, so the address is asked for, not the position.
    """
    if details.mode is Mode.ONLINE or not details.is_address_public or not (details.address or details.venue):
        return {}
    text = place_text(details, country)
    has_position = details.latitude is not None and details.longitude is not None
    point = f"{details.latitude:.5f},{details.longitude:.5f}" if has_position else "0,0"
    return {
        "geo": f"geo:{point}?q={quote(text)}",
        "openstreetmap": f"https://www.openstreetmap.org/search?query={quote(text)}",
        "google": f"https://www.google.com/maps/dir/?api=1&destination={quote(text)}",
        "apple": f"https://maps.apple.com/?daddr={quote(text)}",
    }
