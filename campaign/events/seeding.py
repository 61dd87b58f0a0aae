"""Synthetic published events for load tests; the same numbers give the same events."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.db import db
from campaign.events import queries, service
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Answer, Entry, Mode, Status, Type
from campaign.places.models import City

BATCH = 500
_HOURS = (10, 12, 15, 17, 18, 19)
_STEP = 7919  # A prime: days and cities do not repeat in step.
_SPOKEN = (("en",), ("az", "en"), ("az",), ("tr",), ("de", "en"), ("fr",), ("ar",), ("es", "en"))


def cities(limit: int = 1000) -> list[City]:
    """The largest cities of the gazetteer."""
    return list(db.session.scalars(select(City).order_by(City.population.desc(), City.id).limit(limit)))


def seed(campaign: Campaign, places: list[City], first: int, last: int) -> int:
    """Publish the events numbered `first` to `last` - 1; numbers that exist already are left out."""
    made = 0
    for number in range(first, last):
        key = f"seed:{number}"
        if queries.find_imported(campaign.id, key) is None:
            details = _details(number, places[number * _STEP % len(places)], campaign)
            event = service.draft(details, campaign=campaign, by=None, organization_id=None)
            event.external_id, event.is_demonstration = key, True
            event.move_to(Status.SUBMITTED)
            service.publish(event, by=None)
            made += 1
    return made


def _details(number: int, city: City, campaign: Campaign) -> EventDetails:
    starts = datetime.combine(_day(number, campaign), time(_HOURS[number % len(_HOURS)]))
    kinds = [kind for kind in Type if kind is not Type.ONLINE]
    return EventDetails(
        title=f"Evening of remembrance in {city.name}, no. {number + 1}",
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
        entry=(Entry.OPEN, Entry.REGISTRATION)[number % 2],
        access={"step_free": (Answer.YES, Answer.UNKNOWN)[number % 2].value},
    )


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
