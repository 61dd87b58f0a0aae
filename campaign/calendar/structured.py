"""Events, places and organisers for machines: schema.org as JSON-LD."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.numbers import get_territory_currencies
from markupsafe import Markup

from campaign.calendar.changes import Story
from campaign.calendar.listed import Listed
from campaign.calendar.presenting import iso
from campaign.events.details import EventDetails, Wording
from campaign.events.lifecycle import Duration, Entry, Mode, Status
from campaign.events.models import Event
from campaign.media.models import Picture
from campaign.organizations.models import Kind, Organization

_MODE = {
    Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.HYBRID: "MixedEventAttendanceMode",
}
_KIND = {"exhibition": "ExhibitionEvent", "screening": "ScreeningEvent", "concert": "MusicEvent"}
_BODY = {
    Kind.EMBASSY: "GovernmentOrganization",
    Kind.CONSULATE: "GovernmentOrganization",
    Kind.PERMANENT_MISSION: "GovernmentOrganization",
    Kind.MUNICIPALITY: "GovernmentOrganization",
    Kind.PARLIAMENT: "GovernmentOrganization",
    Kind.UNIVERSITY: "EducationalOrganization",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page that the facts stand on; `address` and `picture` are paths, `picture` the one made for sharing."""

    site: str
    address: str
    picture: str = ""
    wording: Wording


def event(
    event: Event,
    dates: Sequence[Listed],
    hosts: Sequence[Organization],
    *,
    picture: Picture | None,
    story: Story,
    stream_url: str,
    page: Page,
) -> dict[str, Any]:
    """All facts of an event. Times carry their offset, a day without an hour is a plain date.

    An event with several dates spans them and names each as a `subEvent`; opening hours are an `eventSchedule`. The
    stream's own address stands here only while the page shows it.
    """
    details = event.details
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _KIND.get(str(details.type), "Event"),
        "@id": f"{page.site}/e/{event.ref}",
        "url": f"{page.site}{page.address}",
        "name": page.wording.title,
        "description": page.wording.description,
        "inLanguage": list(details.spoken),
        "eventStatus": _url(_status(event, story)),
        "eventAttendanceMode": _url(_MODE[details.mode]),
        "location": _location(event, stream_url or f"{page.site}{page.address}"),
        "organizer": [_host(host) for host in hosts],
        "isAccessibleForFree": details.is_free,
        "image": _images(details, picture, page),
    }
    if story.previous_start:
        found["previousStartDate"] = story.previous_start
    if details.capacity:
        found["maximumAttendeeCapacity"] = details.capacity
    found |= _dates(found, details, dates) | _offer(details, f"{page.site}{page.address}")
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def _dates(common: dict[str, Any], details: EventDetails, dates: Sequence[Listed]) -> dict[str, Any]:
    """When: from the first start to the last end, every date by itself where there are several, opening hours."""
    if not dates:
        return {}
    found: dict[str, Any] = _span(dates[0], dates[-1])
    if len(dates) > 1:
        shared = {name: common[name] for name in ("name", "eventStatus", "eventAttendanceMode", "location")}
        found["subEvent"] = [{"@type": "Event", **shared, **_span(one, one)} for one in dates]
    if details.duration is Duration.RUN:
        found["eventSchedule"] = _schedule(details, dates[0])
    return found


def _url(name: str) -> str:
    return f"https://schema.org/{name}"


def _status(event: Event, story: Story) -> str:
    if event.status is Status.CANCELLED:
        return "EventCancelled"
    if event.status is Status.POSTPONED:
        return "EventPostponed"
    if story.previous_start:
        return "EventRescheduled"
    return "EventMovedOnline" if story.is_moved_online else "EventScheduled"


def _span(first: Listed, last: Listed) -> dict[str, Any]:
    """Start and end; no end where the organiser gave none."""
    if first.is_run or not first.card["time_known"]:
        return {"startDate": first.starts_on.isoformat(), "endDate": last.ends_on.isoformat()}
    span: dict[str, Any] = {"startDate": iso(first.starts_local, first.time_zone)}
    if last.card["ends"]:
        span["endDate"] = iso(datetime.fromisoformat(last.card["ends"]), last.time_zone)
    return span


def _location(event: Event, address: str) -> list[dict[str, Any]]:
    details = event.details
    places: list[dict[str, Any]] = []
    if details.mode is not Mode.ONLINE:
        places.append(_place(details))
    if details.mode is not Mode.IN_PERSON:
        places.append({"@type": "VirtualLocation", "url": address})
    return places


def _place(details: EventDetails) -> dict[str, Any]:
    """Where it takes place: no more than the city where the address is not for everybody."""
    postal = {"@type": "PostalAddress", "addressLocality": details.city, "addressCountry": details.country}
    if not details.is_address_public:
        return {"@type": "Place", "name": details.city, "address": postal}
    if details.address:
        postal["streetAddress"] = details.address
    place: dict[str, Any] = {"@type": "Place", "name": details.venue or details.city, "address": postal}
    if details.latitude is not None and details.longitude is not None:
        position = {"latitude": round(details.latitude, 5), "longitude": round(details.longitude, 5)}
        place["geo"] = {"@type": "GeoCoordinates", **position}
    return place


def _host(host: Organization) -> dict[str, str]:
    found = {"@type": "Organization", "name": host.name}
    return found | {"url": host.website} if host.website else found


def _images(details: EventDetails, picture: Picture | None, page: Page) -> list[str]:
    """The organiser's picture, unless it may distress, and the one made for sharing."""
    own = [f"{page.site}/media/{picture.name}.webp"] if picture and not details.is_picture_sensitive else []
    return own + ([f"{page.site}{page.picture}"] if page.picture else [])


def _schedule(details: EventDetails, run: Listed) -> list[dict[str, str]]:
    """The opening hours that can be read as `10:00-18:00`, one weekly schedule a day."""
    found = []
    for day, hours in sorted(details.opening_hours.items()):
        opens, _dash, closes = (part.strip() for part in hours.replace("–", "-").partition("-"))
        if _is_clock(opens) and _is_clock(closes) and day in set("0123456"):
            found.append(
                {
                    "@type": "Schedule",
                    "repeatFrequency": "P1W",
                    "byDay": _url(_DAYS[int(day)]),
                    "startTime": opens,
                    "endTime": closes,
                    "startDate": run.starts_on.isoformat(),
                    "endDate": run.ends_on.isoformat(),
                    "scheduleTimezone": run.time_zone,
                }
            )
    return found


def _is_clock(text: str) -> bool:
    return re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None


def _offer(details: EventDetails, address: str) -> dict[str, Any]:
    """How to get in: nothing is said where only invited people may come. A price is a text, so only 0 is a number."""
    if details.entry in (None, Entry.INVITATION):
        return {}
    offer: dict[str, Any] = {"@type": "Offer", "url": details.registration_url or address}
    if details.is_free:
        currencies = get_territory_currencies(details.country) if details.country else []
        offer |= {"price": 0, "priceCurrency": currencies[-1] if currencies else "EUR"}
    if details.registration_by:
        offer["validThrough"] = details.registration_by.isoformat()
    return {"offers": offer}


def city(
    name: str, country: str, latitude: float | None, longitude: float | None, *, url: str, inside: str
) -> dict[str, Any]:
    """A city; `country` is an ISO 3166-1 code, `inside` its name, degrees are WGS 84."""
    found: dict[str, Any] = {"@context": "https://schema.org", "@type": "City", "@id": url, "url": url, "name": name}
    if country:
        found["containedInPlace"] = {"@type": "Country", "identifier": country, "name": inside}
    if latitude is not None and longitude is not None:
        found["geo"] = {"@type": "GeoCoordinates", "latitude": round(latitude, 5), "longitude": round(longitude, 5)}
    return found


def country(name: str, code: str, *, url: str) -> dict[str, Any]:
    kind = {"@context": "https://schema.org", "@type": "Country"}
    return {**kind, "@id": url, "url": url, "name": name, "identifier": code}


def organisation(organization: Organization, *, url: str) -> dict[str, Any]:
    """An organiser; its own site, if it has one, is the same thing under another address."""
    postal = {"addressLocality": organization.city, "addressCountry": organization.country}
    known = {name: value for name, value in postal.items() if value}
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _BODY.get(organization.kind, "Organization"),
        "@id": url,
        "url": url,
        "name": organization.name,
        "sameAs": organization.website,
        "address": {"@type": "PostalAddress", **known} if known else None,
    }
    return {name: value for name, value in found.items() if value}


def inline(value: dict[str, Any]) -> Markup:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
