"""Preparing what the public reads, in the transaction that publishes: called for every public change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, text

from campaign.calendar import counts, order, terms, vevent
from campaign.calendar.map import counting
from campaign.calendar.models import Listing, listing_terms, listing_texts, listing_vevents
from campaign.campaigns import service as campaigns
from campaign.core import languages
from campaign.core.db import db
from campaign.core.folding import fold, slug
from campaign.events import labels, placing
from campaign.events import queries as events
from campaign.events.consequences import Happening
from campaign.events.details import EventDetails
from campaign.events.lifecycle import PUBLIC, UNKNOWN_LENGTH, Answer, Duration
from campaign.events.models import Event
from campaign.organizations.models import Organization
from campaign.places import countries, distances, moments
from campaign.places import queries as places
from campaign.places.models import City

# What lists and calendar files are kept in the order of, and what a file must know of its events.
_KEY = ("campaign_id", "is_run", "sort_key")
_OF_FILES = ("time_zone", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an event is: the key of its city, and the city if the gazetteer knows it."""

    key: str = ""
    city: City | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One date of an event ready to be stored: the row, the words it is found by, what the search reads, the VEVENT."""

    row: dict[str, Any]
    words: frozenset[str]
    text: str
    vevent: str


def follow(happening: Happening) -> None:
    """Write the listings of one event anew, and let every cache know."""
    event = happening.event
    # First, because it locks the campaign's row: whoever changes the same counts waits here.
    campaigns.touch(event.campaign_id)
    places_before, counts_before = counting.counted(event.id), counts.found(event.id)
    renew([event])
    counting.replace(event, places_before)
    counts.move(event.campaign_id, counts_before, counts.found(event.id))


def renew(changed: Sequence[Event]) -> None:
    """Write the listings of events anew; the counts are the caller's."""
    db.session.execute(delete(Listing).where(Listing.event_id.in_([event.id for event in changed])))
    prepared: list[Prepared] = []
    for event in changed:
        if event.status in PUBLIC:
            hosts = [*([event.organization] if event.organization else []), *events.hosts(event.id)]
            prepared += prepare(event, hosts, place_of(event.details))
    store(prepared)


def recount(campaign_id: int) -> None:
    """Count a campaign anew, after many listings were written at once, and let every cache know."""
    campaigns.touch(campaign_id)
    _settle("listings", "listing_terms", "listing_texts", "listing_vevents")
    counting.recount(campaign_id)
    counts.recount(campaign_id)
    _settle("term_counts", "listed_counts")


def _settle(*tables: str) -> None:
    """PostgreSQL learns of so many rows by itself only in a minute or two, and plans for an empty table until then.
    SQLite's text index keeps what was deleted, and reads it with every search, until it is told to forget."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text(f"ANALYZE {', '.join(tables)}"))
    elif "listing_texts" in tables:
        db.session.execute(text("INSERT INTO listing_search(listing_search) VALUES ('optimize')"))


def place_of(details: EventDetails) -> Place:
    """The place of an event. A smaller namesake in the same country has a key of its own."""
    if not details.city:
        return Place()
    city = placing.city_of(details)
    if city is None:
        return Place(key=terms.city_key(details.country, details.city))
    largest = places.find_city(city.name, city.country)
    is_largest = largest is None or largest.id == city.id
    return Place(key=terms.city_key(city.country, city.name, None if is_largest else city.geoname_id), city=city)


def city_key(details: EventDetails) -> str:
    """The key of an event's city; empty where it has none."""
    return place_of(details).key


def store(prepared: Sequence[Prepared]) -> None:
    """Write listings with their words and texts, in four statements whatever their number."""
    if not prepared:
        return
    statement = insert(Listing).returning(Listing.id, sort_by_parameter_order=True)
    ids = db.session.scalars(statement, [one.row for one in prepared]).all()
    pairs = list(zip(ids, prepared, strict=True))
    db.session.execute(insert(listing_texts), [{"listing_id": i, "search_text": one.text} for i, one in pairs])
    keys = [{name: one.row[name] for name in _KEY} | {"listing_id": i} for i, one in pairs]
    words = [key | {"term": word} for key, one in zip(keys, prepared, strict=True) for word in sorted(one.words)]
    db.session.execute(insert(listing_terms), words)
    texts = [
        key | {name: one.row[name] for name in _OF_FILES} | {"vevent": one.vevent.encode()}
        for key, one in zip(keys, prepared, strict=True)
    ]
    db.session.execute(insert(listing_vevents), texts)


def prepare(event: Event, hosts: Sequence[Organization], place: Place) -> list[Prepared]:
    """Everything the public reads of an event, one for each of its dates; asks the database nothing."""
    details = event.details
    names = [details.title, _venue(details), details.city, *(host.name for host in hosts)]
    names += [wording.title for wording in details.translations.values()]
    words = frozenset(terms.of_listing(details, place.key, [host.slug for host in hosts], names))
    search_text = _search_text(details, hosts)
    return [
        Prepared(
            row=_row(event, hosts, place, position, starts, ends),
            words=words,
            text=search_text,
            vevent=_vevent(event, hosts, starts, ends, position),
        )
        for position, (starts, ends) in enumerate(_dates(details)[: order.MOST_DATES])
    ]


def _dates(details: EventDetails) -> list[tuple[datetime, datetime | None]]:
    if details.duration is Duration.DATES:
        return [(o.starts, o.ends) for o in details.occasions]
    return [(details.starts, details.ends)] if details.starts else []


def _row(
    event: Event, hosts: Sequence[Organization], place: Place, position: int, starts: datetime, ends: datetime | None
) -> dict[str, Any]:
    details = event.details
    assert details.type is not None
    starts_at = moments.instant(starts, details.time_zone)
    last = ends or starts
    # What lasts longer than a night stands with the exhibitions, or it would be missed on its later days.
    is_run = details.duration is Duration.RUN or last.date() > starts.date() + timedelta(days=1)
    whole_days = is_run or not details.is_time_known
    ends_at = moments.instant(last, details.time_zone) + (timedelta(days=1) if whole_days else timedelta())
    return {
        "sort_key": order.sort_key(starts, event.id, position),
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
        "city_key": place.key,
        **_position(details, place.city),
        "time_zone": details.time_zone,
        "starts_local": starts,
        "starts_on": starts.date(),
        "ends_on": last.date(),
        "starts_at": starts_at,
        "ends_at": ends_at if ends or whole_days else starts_at + UNKNOWN_LENGTH,
        "card": _card(event, details, ends, hosts),
    }


def _position(details: EventDetails, city: City | None) -> dict[str, float | None]:
    """Where a map shows it: at the venue, or in the middle of its city where the address is not public or not known."""
    latitude, longitude = details.latitude, details.longitude
    if not details.is_address_public or latitude is None or longitude is None:
        if city is None or not details.city:
            return dict.fromkeys(("latitude", "longitude", "unit_x", "unit_y", "unit_z"))
        latitude, longitude = city.latitude, city.longitude
    x, y, z = distances.unit_vector(latitude, longitude)
    return {"latitude": latitude, "longitude": longitude, "unit_x": x, "unit_y": y, "unit_z": z}


def _vevent(event: Event, hosts: Sequence[Organization], starts: datetime, ends: datetime | None, position: int) -> str:
    with languages.speaking(event.details.language):
        word = labels.mark(event.status)
    prefix = f"[{word}]" if word else ""
    return vevent.render(event, starts, ends, position=position, prefix=prefix, hosts=[host.name for host in hosts])


def _card(event: Event, details: EventDetails, ends: datetime | None, hosts: Sequence[Organization]) -> dict[str, Any]:
    return {
        "title": details.title,
        "language": details.language,
        "titles": {code: wording.title for code, wording in details.translations.items()},
        "slug": slug(details.title),
        "ends": ends.isoformat() if ends else None,
        "time_known": details.is_time_known,
        "venue": _venue(details),
        "city": details.city,
        "spoken": list(details.spoken),
        "step_free": details.access.get("step_free") == Answer.YES,
        "content_note": bool(details.content_note),
        "hours": dict(details.opening_hours),
        "hosts": [host.name for host in hosts],
        "note": event.public_note,
        "demonstration": event.is_demonstration,
    }


def _venue(details: EventDetails) -> str:
    """Where an event is, if everybody may know: what is not shown must not be found by guessing either."""
    return details.venue if details.is_address_public else ""


def _search_text(details: EventDetails, hosts: Sequence[Organization]) -> str:
    words = [details.title, details.description, _venue(details), details.city, *(host.name for host in hosts)]
    words += [w for t in details.translations.values() for w in (t.title, t.description)]
    words += [countries.name(details.country, language) for language in languages.NAMES if details.country]
    return fold(" ".join(words))
