"""An event for machines: schema.org Event as JSON-LD."""

from collections.abc import Sequence
from typing import Any

from campaign.calendar.models import Listing
from campaign.calendar.presenting import iso
from campaign.events.lifecycle import Mode, Status
from campaign.events.models import Event
from campaign.media.models import Picture
from campaign.organizations.models import Organization

_STATUS = {Status.CANCELLED: "EventCancelled", Status.POSTPONED: "EventPostponed"}
_MODE = {
    Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.HYBRID: "MixedEventAttendanceMode",
}


def event(
    event: Event,
    listings: Sequence[Listing],
    hosts: Sequence[Organization],
    picture: Picture | None,
    site: str,
    language: str,
) -> dict[str, Any]:
    """The JSON-LD of the first date; times carry their offset, a day without a time is a plain date."""
    details, first = event.details, listings[0] if listings else None
    address = f"{site}/e/{event.ref}"
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": details.wording(language).title,
        "description": details.wording(language).description,
        "eventStatus": f"https://schema.org/{_STATUS.get(event.status, 'EventScheduled')}",
        "eventAttendanceMode": f"https://schema.org/{_MODE[details.mode]}",
        "url": address,
        "inLanguage": list(details.spoken),
        "isAccessibleForFree": details.is_free,
        "organizer": [{"@type": "Organization", "name": h.name} for h in hosts],
    }
    if first is not None:
        found["startDate"] = (
            iso(first.starts_local, first.time_zone) if details.is_time_known else first.starts_on.isoformat()
        )
        found["endDate"] = first.ends_on.isoformat()
        if details.is_time_known and details.ends:
            found["endDate"] = iso(details.ends, first.time_zone)
    found["location"] = _location(event, address)
    if picture is not None:
        found["image"] = f"{site}/media/{picture.name}"
    return found


def _location(event: Event, address: str) -> list[dict[str, Any]]:
    details = event.details
    places: list[dict[str, Any]] = []
    if details.mode is not Mode.ONLINE:
        postal = {"@type": "PostalAddress", "addressLocality": details.city, "addressCountry": details.country}
        if details.is_address_public and details.address:
            postal["streetAddress"] = details.address
        places.append({"@type": "Place", "name": details.venue or details.city, "address": postal})
    if details.mode is not Mode.IN_PERSON:
        places.append({"@type": "VirtualLocation", "url": details.stream_url or address})
    return places
