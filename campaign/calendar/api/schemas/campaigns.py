"""Campaigns, and the counts of their editions."""

from marshmallow import Schema

from campaign.calendar.api.schemas import fields
from campaign.calendar.api.schemas.lists import AnswerSchema
from campaign.events.lifecycle import Type


class IndexSchema(Schema):
    """The ways in."""

    version = fields.text("Of this API; the first number changes only when something would break.", example="1.0.0")
    campaigns_url = fields.address("All campaigns.")
    document_url = fields.address("The description of everything (OpenAPI 3.1).")
    documentation_url = fields.address("Examples, limits, promises; for people.")


class DaySchema(Schema):
    """A day that comes every year."""

    month = fields.number("1 to 12.")
    day = fields.number("1 to 31.")


class EditionSchema(Schema):
    """One year's calendar around the day of remembrance."""

    year = fields.number("The year of the day.")
    day = fields.text("The day of remembrance.", format="date")
    first = fields.text("First day of the edition.", format="date")
    last = fields.text("Last day of the edition.", format="date")


class CampaignSchema(Schema):
    """A campaign and its calendar."""

    id = fields.text("Stands in addresses.", example="khojaly")
    url = fields.address("Its home, for people.")
    names = fields.words("Its name by language (BCP 47).")
    day = fields.one(DaySchema, "Its day of remembrance.")
    edition = fields.one(EditionSchema, "The coming edition.")
    events_url = fields.address("Its coming events.")
    calendar_url = fields.address("Its coming events as iCalendar (RFC 5545).")
    updated = fields.moment("When its calendar last changed.")


class CampaignsSchema(AnswerSchema):
    """All open campaigns."""

    items = fields.many(CampaignSchema, "In the order in which they were set up.")


class CountryNumberSchema(Schema):
    """Events of a country."""

    country = fields.text("ISO 3166-1 alpha-2.")
    events = fields.number("Events in it.")


class TypeNumberSchema(Schema):
    """Events of a kind."""

    type = fields.one_of("Kind of event.", Type)
    events = fields.number("Events of this kind.")


class LanguageNumberSchema(Schema):
    """Events in a language."""

    language = fields.text("BCP 47.")
    events = fields.number("Events at which it is spoken.")


class MonthNumberSchema(Schema):
    """Dates of a month."""

    month = fields.text("The month in which they begin.", example="2027-02")
    dates = fields.number("Dates that begin in it; an event with three dates counts three times.")


class StatisticsSchema(AnswerSchema):
    """Counts of one edition."""

    campaign = fields.text("The campaign.", example="khojaly")
    edition = fields.one(EditionSchema, "What was counted.")
    events = fields.number("Published events that begin in the edition; not cancelled, not postponed.")
    demonstration_events = fields.number("How many of them are invented, to show how the calendar works.")
    by_country = fields.many(CountryNumberSchema, "Each event once; most first.")
    by_type = fields.many(TypeNumberSchema, "Each event once; most first.")
    by_language = fields.many(LanguageNumberSchema, "An event in two languages counts in both; most first.")
    by_month = fields.many(MonthNumberSchema, "In order.")
    updated = fields.moment("When the calendar last changed.")
