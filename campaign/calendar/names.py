"""What the addresses in a filter are called: the organiser of `org`, the city of `city`."""

from campaign.calendar.filters import Filter
from campaign.organizations import queries as organizations
from campaign.places import queries as places


def organiser(wanted: Filter) -> str:
    """The organiser's name; empty where nobody has this address."""
    organization = organizations.find_by_slug(wanted.organizer) if wanted.organizer else None
    return organization.name if organization else ""


def city(wanted: Filter) -> str:
    """The city's name in the gazetteer, for a key such as `de/berlin` or a name as typed; empty where it has none."""
    country, _slash, name = wanted.city.rpartition("/")
    number = name.rpartition("-")[2]
    # The key of a smaller namesake ends in its GeoNames id.
    found = places.find_city_by_id(int(number)) if country and number.isdecimal() and len(number) < 12 else None
    found = found or places.find_city(name.replace("-", " "), wanted.country or country)
    return found.name if found else ""


def known(wanted: Filter, parameter: str) -> str:
    """What the value of a parameter is called; empty for what is neither an organiser nor a city, or unknown."""
    named = {"org": organiser, "city": city}.get(parameter)
    return named(wanted) if named else ""
