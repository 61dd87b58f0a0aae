"""Preparing what the public reads, in the transaction that publishes: called for every public change."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert

from campaign.calendar import vevent
from campaign.calendar.map import counting
from campaign.calendar.models import Listing, ListingTerm
from campaign.campaigns import service as campaigns
from campaign.core import languages
from campaign.core.db import db
from campaign.core.folding import fold, slug
from campaign.events import queries as events
from campaign.events.consequences import Happening
from campaign.events.details import EventDetails
from campaign.events.lifecycle import PUBLIC, Answer, Duration, Status
from campaign.events.models import Event
from campaign.organizations.models import Organization
from campaign.places import countries, moments
from campaign.places.queries import find_city_by_id

UNKNOWN_LENGTH = timedelta(hours=2)


def follow(happening: Happening) -> None:
    """Write the listings of one event anew, and let every cache know."""
    event = happening.event
    before = counting.counted(event.id)
    db.session.execute(delete(Listing).where(Listing.event_id == event.id))
    if event.status in PUBLIC:
        hosts = [*([event.organization] if event.organization else []), *events.hosts(event.id)]
        for position, (starts, ends) in enumerate(_dates(event.details)):
            _write(event, starts, ends, position, hosts)
    counting.replace(event, before)
    campaigns.touch(event.campaign_id)


def _dates(details: EventDetails) -> list[tuple[datetime, datetime | None]]:
    if details.duration is Duration.DATES:
        return [(o.starts, o.ends) for o in details.occasions]
    return [(details.starts, details.ends)] if details.starts else []


def city_key(details: EventDetails) -> str:
    """`de/berlin`: country and folded city name; empty for online events."""
    return f"{details.country.lower()}/{slug(details.city) or fold(details.city)}" if details.city else ""


def _write(event: Event, starts: datetime, ends: datetime | None, position: int, hosts: list[Organization]) -> None:
    details = event.details
    assert details.type is not None
    starts_at = moments.instant(starts, details.time_zone)
    last = ends or starts
    is_run = details.duration is Duration.RUN
    whole_days = is_run or not details.is_time_known
    ends_at = moments.instant(last, details.time_zone) + (timedelta(days=1) if whole_days else timedelta())
    values = {
        "event_id": event.id,
        "campaign_id": event.campaign_id,
        "ref": event.ref,
        "position": position,
        "changed_at": event.changed_at,
        "status": event.status,
        "type": details.type,
        "duration": details.duration,
        "is_run": is_run,
        "mode": details.mode,
        "entry": details.entry,
        "is_free": details.is_free,
        "country": details.country,
        "city_key": city_key(details),
        **_position(details),
        "time_zone": details.time_zone,
        "starts_local": starts,
        "starts_on": starts.date(),
        "ends_on": last.date(),
        "starts_at": starts_at,
        "ends_at": ends_at if ends or whole_days else starts_at + UNKNOWN_LENGTH,
        "search_text": _search_text(event, details, hosts),
        "card": _card(event, details, ends, hosts),
        "vevent": _vevent(event, starts, ends, position),
    }
    listing_id = db.session.execute(insert(Listing).values(**values).returning(Listing.id)).scalar_one()
    terms = _terms(details, hosts)
    if terms:
        db.session.execute(insert(ListingTerm), [{"listing_id": listing_id, "term": t} for t in sorted(terms)])


def _position(details: EventDetails) -> dict[str, float | None]:
    """Where a map shows it: at the venue, or in the middle of its city where the address is not public."""
    if details.is_address_public:
        return {"latitude": details.latitude, "longitude": details.longitude}
    city = find_city_by_id(details.city_id) if details.city_id else None
    return {"latitude": city.latitude if city else None, "longitude": city.longitude if city else None}


def _vevent(event: Event, starts: datetime, ends: datetime | None, position: int) -> str:
    """Addresses inside are relative to the installation; the feed fills in `{site}` once for the whole answer."""
    prefix = ""
    if event.status is Status.CANCELLED:
        with languages.speaking(event.details.language):
            prefix = _("[Cancelled]")
    return vevent.render(event, starts, ends, position=position, prefix=prefix)


def _card(event: Event, details: EventDetails, ends: datetime | None, hosts: list[Organization]) -> dict[str, Any]:
    return {
        "title": details.title,
        "language": details.language,
        "titles": {code: wording.title for code, wording in details.translations.items()},
        "slug": slug(details.title),
        "ends": ends.isoformat() if ends else None,
        "time_known": details.is_time_known,
        "venue": details.venue if details.is_address_public else "",
        "city": details.city,
        "spoken": list(details.spoken),
        "step_free": details.access.get("step_free") == Answer.YES,
        "content_note": bool(details.content_note),
        "hours": dict(details.opening_hours),
        "hosts": [host.name for host in hosts],
        "note": event.public_note,
        "demonstration": event.is_demonstration,
    }


def _search_text(event: Event, details: EventDetails, hosts: list[Organization]) -> str:
    words = [details.title, details.description, details.venue, details.city, *(h.name for h in hosts)]
    words += [w for t in details.translations.values() for w in (t.title, t.description)]
    words += [countries.name(details.country, language) for language in languages.NAMES if details.country]
    return fold(" ".join(words))


def _terms(details: EventDetails, hosts: list[Organization]) -> set[str]:
    spoken = {f"spoken:{code}" for code in details.spoken}
    access = {f"access:{name}" for name, answer in details.access.items() if answer == Answer.YES}
    return spoken | access | {f"org:{host.slug}" for host in hosts}
