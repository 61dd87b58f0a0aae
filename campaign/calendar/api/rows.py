"""From listings and events to the values that the shapes of answers name; no queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import current_app, url_for

from campaign.calendar import context, presenting
from campaign.calendar.api.schemas.events import ATTENDANCE
from campaign.calendar.editions import Edition
from campaign.calendar.listed import Listed
from campaign.calendar.timing import Stream
from campaign.campaigns.models import Campaign
from campaign.events.details import EventDetails
from campaign.events.lifecycle import ACCESS, Answer, Mode
from campaign.events.models import Event
from campaign.media.models import Picture
from campaign.organizations.models import Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where addresses in an answer lead: the canonical host, and the language of its pages."""

    language: str

    def address(self, endpoint: str, **values: Any) -> str:
        return self.whole(url_for(endpoint, **values))

    def whole(self, path: str) -> str:
        return f"{current_app.extensions['settings'].public_url}{path}"


def utc(moment: datetime) -> str:
    """`2027-02-26T17:00:00Z` (RFC 3339)."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def event(listing: Listed, campaign: str, site: Site) -> dict[str, Any]:
    """What a list says of an event, by one of its dates."""
    card = listing.card
    return {
        **times(listing),
        "id": listing.ref,
        "url": site.whole(presenting.page_url(listing, site.language, campaign)),
        "name": card["title"],
        "language": card["language"],
        "translations": [{"language": code, "name": title} for code, title in card["titles"].items()],
        "type": listing.type,
        "status": listing.status,
        "status_note": card["note"],
        "duration": listing.duration,
        "inLanguage": card["spoken"],
        "eventAttendanceMode": ATTENDANCE[listing.mode],
        "location": _place(listing),
        "organizer": [{"name": name} for name in card["hosts"]],
        "isAccessibleForFree": listing.is_free,
        "entry": listing.entry,
        "has_content_note": card["content_note"],
        "is_demonstration": card["demonstration"],
        "updated": utc(listing.changed_at),
    }


def occurrence(listing: Listed, campaign: str, site: Site) -> dict[str, Any]:
    """One date of an event."""
    own = {"id": f"{listing.ref}-{listing.position}", "event_id": listing.ref}
    return event(listing, campaign, site) | own


def times(listing: Listed) -> dict[str, Any]:
    """When: instants, and what clocks at the place show; plain dates where there is no hour."""
    is_all_day = listing.is_run or not listing.card["time_known"]
    ends = datetime.fromisoformat(listing.card["ends"]) if listing.card["ends"] else None
    return {
        "starts_local": listing.starts_on.isoformat() if is_all_day else listing.starts_local.isoformat(),
        "ends_local": listing.ends_on.isoformat() if is_all_day else ends.isoformat() if ends else None,
        "zone": listing.time_zone,
        "starts_utc": utc(listing.starts_at),
        "ends_utc": utc(listing.ends_at) if is_all_day or ends else None,
        "is_all_day": is_all_day,
    }


def _place(listing: Listed) -> dict[str, Any] | None:
    if listing.mode is Mode.ONLINE:
        return None
    return {
        "name": listing.card["venue"] or listing.card["city"],
        "address": address(listing.card["city"], listing.country),
        "geo": geo(listing.latitude, listing.longitude),
    }


def address(city: str, country: str, street: str = "") -> dict[str, Any]:
    return {"streetAddress": street or None, "addressLocality": city, "addressCountry": country}


def geo(latitude: float | None, longitude: float | None) -> dict[str, float] | None:
    """Five decimals are a metre; more would only pretend."""
    if latitude is None or longitude is None:
        return None
    return {"latitude": round(latitude, 5), "longitude": round(longitude, 5)}


def event_in_full(
    event_: Event,
    dates: Sequence[Listed],
    hosts: Sequence[Organization],
    *,
    picture: Picture | None,
    stream: Stream,
    site: Site,
) -> dict[str, Any]:
    """Everything that is public of an event; its street only where it is for everybody."""
    details = event_.details
    first = event(dates[0], event_.campaign.slug, site)
    if first["location"] and details.is_address_public:
        first["location"]["address"] = address(details.city, details.country, details.address)
    return {
        **first,
        **_said(details, event_),
        "organizer": [host(one) for one in hosts],
        "creditText": ", ".join(one.name for one in hosts),
        "dates": [times(one) for one in dates],
        "image": _image(picture, details, site),
        "stream": {
            "state": stream.state,
            "opens_local": stream.opens.isoformat() if stream.opens else None,
            "url": stream.url or None,
        },
        "calendar_url": site.address("calendar.event_ics", ref=event_.ref),
        "datePublished": utc(event_.published_at) if event_.published_at else None,
    }


def _said(details: EventDetails, event_: Event) -> dict[str, Any]:
    """What the organiser wrote, as it was written."""
    texts = details.translations.items()
    return {
        "campaign": event_.campaign.slug,
        "description": details.description,
        "translations": [{"language": code, "name": t.title, "description": t.description} for code, t in texts],
        "citation": list(details.sources),
        "opening_hours": dict(details.opening_hours),
        "programme": [{"time": item.time, "text": item.text} for item in details.programme],
        "content_note": details.content_note,
        "access": {name: str(Answer(details.access.get(name) or Answer.UNKNOWN)) for name in ACCESS},
        "entry_checks": details.entry_checks,
        "price": "" if details.is_free else details.price,
        "registration_url": details.registration_url,
        "registration_by": details.registration_by.isoformat() if details.registration_by else None,
        "maximumAttendeeCapacity": details.capacity,
        "contact": {"email": details.contact_email, "telephone": details.contact_phone, "url": details.contact_url},
    }


def _image(picture: Picture | None, details: EventDetails, site: Site) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        "contentUrl": site.address("media.picture", name=picture.name),
        "caption": details.picture_alt,
        "creditText": details.picture_credit,
        "is_sensitive": details.is_picture_sensitive,
    }


def host(organization: Organization) -> dict[str, Any]:
    """An organisation as the host of an event."""
    return {
        "id": organization.slug,
        "name": organization.name,
        "url": organization.website,
        "is_verified": organization.verified_at is not None,
    }


def organisation(organization: Organization, events: int) -> dict[str, Any]:
    """An organisation by itself."""
    place = address(organization.city, organization.country)
    return host(organization) | {"type": organization.kind, "address": place, "events": events}


def edition(found: Edition) -> dict[str, Any]:
    days: dict[str, date] = {"day": found.day, "first": found.first, "last": found.last}
    return {"year": found.day.year} | {name: day.isoformat() for name, day in days.items()}


def campaign(found: Campaign, coming: Edition, site: Site) -> dict[str, Any]:
    """A campaign with the ways into its calendar."""
    return {
        "id": found.slug,
        "url": site.address("calendar.home", language=site.language, campaign=found.slug),
        "names": {code: context.in_language(found.names, code) for code in found.names},
        "day": {"month": found.month, "day": found.day},
        "edition": edition(coming),
        "events_url": site.address("api.events", campaign=found.slug),
        "calendar_url": site.address("calendar.feed", campaign=found.slug),
        "updated": utc(found.calendar_changed_at),
    }
