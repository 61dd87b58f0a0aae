"""Finds the place of an event in the gazetteer: position, time zone and country of its city."""

from campaign.core.folding import fold
from campaign.events.details import EventDetails
from campaign.places import zones
from campaign.places.models import City
from campaign.places.queries import find_city, find_city_by_id


def city_of(details: EventDetails) -> City | None:
    """The city meant by name and country; the id that a script put beside the name decides between namesakes."""
    if not details.city:
        return None
    chosen = find_city_by_id(details.city_id) if details.city_id else None
    is_same = chosen is not None and fold(chosen.name) == fold(details.city)
    if chosen is not None and is_same and details.country in ("", chosen.country):
        return chosen
    return find_city(details.city, details.country)


def placed(details: EventDetails) -> EventDetails:
    """With city, position, country and zone filled in where they follow; an unknown city keeps its typed name.

    Where nobody knows the city, the zone still follows from a country that has one zone; more is not guessed.
    """
    city = city_of(details)
    if city is None:
        zone = details.time_zone if zones.is_zone(details.time_zone) else zones.only_zone_of(details.country)
        return details.with_changes(city_id=None, latitude=None, longitude=None, time_zone=zone)
    return details.with_changes(
        city_id=city.geoname_id,
        latitude=city.latitude,
        longitude=city.longitude,
        country=details.country or city.country,
        time_zone=details.time_zone if zones.is_zone(details.time_zone) else city.time_zone,
    )


def zone_of_place(details: EventDetails) -> str:
    """The zone that follows from the city, or from the country; empty where neither says it."""
    return placed(details.with_changes(time_zone="")).time_zone
