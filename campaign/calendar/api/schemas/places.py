"""Places: where something is, and how much there is where."""

from marshmallow import Schema

from campaign.calendar.api.schemas import fields
from campaign.calendar.api.schemas.lists import FilteredSchema


class GeoSchema(Schema):
    """schema.org GeoCoordinates: degrees, WGS 84."""

    latitude = fields.degrees("North of the equator.")
    longitude = fields.degrees("East of Greenwich.")


class AddressSchema(Schema):
    """schema.org PostalAddress."""

    streetAddress = fields.text("Street and number; null where they are not for everybody.", is_null=True)  # noqa: N815
    addressLocality = fields.text("The city as the organiser wrote it; may be empty.")  # noqa: N815
    addressCountry = fields.text("ISO 3166-1 alpha-2; may be empty.", example="DE")  # noqa: N815


class PlaceSchema(Schema):
    """schema.org Place."""

    name = fields.text("The venue; the city where the venue is not public.")
    address = fields.one(AddressSchema, "Where it is.")
    geo = fields.one(GeoSchema, "The venue; the middle of the city where the address is not public.", is_null=True)


class CityCountSchema(Schema):
    """A city with its events."""

    id = fields.text("For the filter `city`.", example="de/berlin")
    name = fields.text("As organisers write it.")
    geo = fields.one(GeoSchema, "The middle of the city; null where the gazetteer does not know it.", is_null=True)
    zone = fields.text("Time zone (IANA).", example="Europe/Berlin")
    events = fields.number("Dates of events there, neither cancelled nor postponed, exhibitions included.")


class CountryCountSchema(Schema):
    """A country with its events."""

    id = fields.text("For the filter `country` (ISO 3166-1 alpha-2).", example="DE")
    name = fields.text("In the language asked for (CLDR).")
    events = fields.number("The sum of its cities.")
    cities = fields.many(CityCountSchema, "By name.")


class PlacesSchema(FilteredSchema):
    """Where the events are that a filter finds."""

    events = fields.number("Dates of events, all places and what is only online together.")
    online = fields.number("Those that are only online and therefore nowhere.")
    countries = fields.many(CountryCountSchema, "By name.")
