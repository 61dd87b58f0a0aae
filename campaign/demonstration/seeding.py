"""Synthetic published events for load tests, many at once; the same numbers give the same events."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select

from campaign.calendar import listings, terms
from campaign.calendar.listings import Place
from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.db import db
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Answer, Duration, Entry, Mode, Status, Type
from campaign.events.models import Event
from campaign.places.models import City

BATCH = 5000
_HOURS = (10, 12, 15, 17, 18, 19)
_STEP = 7919  # A prime: days and cities do not repeat in step.
_SPOKEN = (("en",), ("az", "en"), ("az",), ("tr",), ("de", "en"), ("fr",), ("ar",), ("es", "en"))
_TITLES = (
    "Evening of remembrance in {city}, no. {number}",
    "{city}: anım axşamı, № {number}",
    "Вечер памяти в {city}, № {number}",
    "أمسية تذكارية في {city}، رقم {number}",
    "{city} 追悼の夕べ 第{number}回",
)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_REFS = len(_ALPHABET) ** 6


def cities(limit: int = 1000) -> list[City]:
    """The largest cities of the gazetteer."""
    return list(db.session.scalars(select(City).order_by(City.population.desc(), City.id).limit(limit)))


def seed(campaign: Campaign, around: list[City], first: int, last: int) -> int:
    """Publish the events numbered `first` to `last` - 1; numbers that exist already are left out.

    Listings are prepared as for every event. Counts are not: `listings.recount` afterwards is one sum for all.
    """
    keys = [f"seed:{number}" for number in range(first, last)]
    known = set(
        db.session.scalars(
            select(Event.external_id).where(Event.campaign_id == campaign.id, Event.external_id.in_(keys))
        )
    )
    fresh = [n for n, key in zip(range(first, last), keys, strict=True) if key not in known]
    if not fresh:
        return 0
    refs = _free_refs(len(fresh), first)
    places = {city.id: Place(key=terms.city_key(city.country, city.name), city=city) for city in around}
    chosen = [around[number * _STEP % len(around)] for number in fresh]
    events = [_event(n, city, campaign, next(refs)) for n, city in zip(fresh, chosen, strict=True)]
    rows = [_row(event) for event in events]
    ids = db.session.scalars(insert(Event).returning(Event.id, sort_by_parameter_order=True), rows)
    prepared = []
    for event, city, event_id in zip(events, chosen, ids, strict=True):
        event.id = event_id
        prepared += listings.prepare(event, [], places[city.id] if event.details.city else Place())
    listings.store(prepared)
    return len(fresh)


def _free_refs(count: int, first: int) -> Iterator[str]:
    """References spread over all there are, without those that are taken."""
    wanted = [_ref(number) for number in range(first, first + 2 * count)]
    taken = set(db.session.scalars(select(Event.ref).where(Event.ref.in_(wanted))))
    return (ref for ref in wanted if ref not in taken)


def _ref(number: int) -> str:
    rest, letters = (number * 387_420_489 + 1) % _REFS, ""
    for _place in range(6):
        rest, letter = divmod(rest, len(_ALPHABET))
        letters += _ALPHABET[letter]
    return letters


def _event(number: int, city: City, campaign: Campaign, ref: str) -> Event:
    now = clock.now()
    event = Event(
        ref=ref,
        campaign_id=campaign.id,
        status=Status.PUBLISHED,
        external_id=f"seed:{number}",
        is_demonstration=True,
        sequence=1,
        schedule_version=1,
        submitted_at=now,
        published_at=now,
    )
    event.details = _details(number, city, campaign)
    return event


def _row(event: Event) -> dict[str, Any]:
    columns = [c.key for c in Event.__mapper__.column_attrs if c.key not in ("id", "version")]
    return {name: getattr(event, name) for name in columns} | {"version": 1}


def _details(number: int, city: City, campaign: Campaign) -> EventDetails:
    starts = datetime.combine(_day(number, campaign), time(_HOURS[number % len(_HOURS)]))
    kinds = [kind for kind in Type if kind is not Type.ONLINE]
    details = EventDetails(
        title=_TITLES[number // 7 % len(_TITLES)].format(city=city.name, number=number + 1),
        description=f"An invented event for load tests. People gather in {city.name}, hear music and testimony, and "
        "keep a minute of silence together.",
        type=kinds[number % len(kinds)],
        starts=starts,
        ends=starts + timedelta(hours=2),
        time_zone=city.time_zone,
        mode=(Mode.IN_PERSON, Mode.IN_PERSON, Mode.HYBRID)[number % 3],
        venue="City hall",
        city=city.name,
        city_id=city.geoname_id,
        country=city.country,
        latitude=city.latitude,
        longitude=city.longitude,
        stream_url="https://example.org/stream" if number % 3 == 2 else "",
        spoken=_SPOKEN[number % len(_SPOKEN)],
        entry=Entry.INVITATION if number % 97 == 0 else (Entry.OPEN, Entry.REGISTRATION)[number % 2],
        is_free=number % 10 > 0,
        access={
            "step_free": (Answer.YES, Answer.UNKNOWN)[number % 2].value,
            "sign_language": (Answer.YES if number % 53 == 0 else Answer.NO).value,
        },
    )
    return _varied(details, number)


def _varied(details: EventDetails, number: int) -> EventDetails:
    """Some are exhibitions of a few weeks, some take place only online."""
    assert details.starts is not None
    if number % 40 == 0:
        first = details.starts.replace(hour=0)
        last = first + timedelta(days=10 + number % 30)
        return details.with_changes(type=Type.EXHIBITION, duration=Duration.RUN, starts=first, ends=last)
    if number % 29 == 0:
        nowhere = {"venue": "", "city": "", "city_id": None, "country": "", "latitude": None, "longitude": None}
        stream = "https://example.org/stream"
        return details.with_changes(type=Type.ONLINE, mode=Mode.ONLINE, stream_url=stream, **nowhere)
    return details


def _day(number: int, campaign: Campaign) -> date:
    """Most on the next day of remembrance, the others in the sixty days around it; never past."""
    today = clock.now().date()
    tomorrow = today + timedelta(days=1)
    # A day of remembrance on 29 February is kept on the 28th in other years.
    year, day = today.year, min(campaign.day, 28) if campaign.month == 2 else campaign.day
    remembered = date(year, campaign.month, day)
    if remembered < tomorrow:
        remembered = date(year + 1, campaign.month, day)
    shift = number * _STEP % 61 - 30 if number % 3 else 0
    return max(remembered + timedelta(days=shift), tomorrow)
