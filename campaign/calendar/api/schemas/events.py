"""What a list says of events and of their dates."""

from typing import Any

from marshmallow import Schema
from marshmallow import fields as kinds

from campaign.calendar.api.schemas import fields
from campaign.calendar.api.schemas.lists import FilteredSchema, PageSchema
from campaign.calendar.api.schemas.places import PlaceSchema
from campaign.events.lifecycle import PUBLIC, Duration, Entry, Mode, Type

# schema.org EventAttendanceModeEnumeration.
ATTENDANCE = {
    Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.HYBRID: "MixedEventAttendanceMode",
}
_WALL: dict[str, Any] = {"example": "2027-02-26T18:00:00", "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?$"}


class HostSchema(Schema):
    """schema.org Organization."""

    name = fields.text("As the organisation calls itself.")


class NamedTextSchema(Schema):
    """A title in a further language, by the organiser."""

    language = fields.text("BCP 47.")
    name = fields.text("The title in this language.")


class TimesSchema(Schema):
    """When something is. An exhibition, and a day whose hour is not known, are plain dates."""

    starts_local = fields.text("What a clock on the wall of the place shows.", **_WALL)
    ends_local = fields.text(
        "The same for the end; for plain dates the last day. Null where it is not known.", is_null=True, **_WALL
    )
    zone = fields.text("Time zone of the place (IANA).", example="Europe/Berlin")
    starts_utc = fields.moment("The same instant in UTC.")
    ends_utc = fields.moment("The end in UTC; null where it is not known.", is_null=True)
    is_all_day = fields.yes("Whether there are only dates.")


class EventSchema(TimesSchema):
    """What a list says of an event."""

    id = fields.text("Short, public, never changes.", example="7KQ2AB")
    url = fields.address("Its page, for people.")
    name = fields.text("The organiser's title, in `language`.")
    language = fields.text("Language of the organiser's own text (BCP 47).", example="de")
    translations = fields.many(NamedTextSchema, "The title in further languages, by the organiser.")
    type = fields.one_of("Kind of event.", Type)
    status = fields.one_of("A cancelled or postponed event stays listed and says so.", sorted(PUBLIC))
    status_note = fields.text("Why it was cancelled or postponed, in the organiser's words; else empty.")
    duration = fields.one_of("Once, a run of days, or several dates.", Duration)
    inLanguage = fields.many(kinds.String(), "Languages spoken at the event (BCP 47).")  # noqa: N815
    eventAttendanceMode = fields.one_of("schema.org eventAttendanceMode.", ATTENDANCE.values())  # noqa: N815
    location = fields.one(PlaceSchema, "Where it is; null where it is only online.", is_null=True)
    organizer = fields.many(HostSchema, "Who holds it; the first one answers for it.")
    isAccessibleForFree = fields.yes("Whether there is no entrance fee.")  # noqa: N815
    entry = fields.one_of("Who may come; null where nothing was said.", Entry, is_null=True)
    has_content_note = fields.yes("Whether the organiser warns of distressing content; the event says of what.")
    is_demonstration = fields.yes("Invented, to show how the calendar works. Never show it as real.")
    updated = fields.moment("When the public listing last changed.")


class OccurrenceSchema(EventSchema):
    """One date of an event."""

    id = fields.text("The event and which of its dates.", example="7KQ2AB-0")
    event_id = fields.text("The event it belongs to.", example="7KQ2AB")


class EventsSchema(PageSchema, FilteredSchema):
    """A page of events, each once, by its first date within the filter."""

    items = fields.many(EventSchema, "In the order in which they begin, by the clocks of their places.")


class OccurrencesSchema(PageSchema, FilteredSchema):
    """A page of dates."""

    items = fields.many(OccurrenceSchema, "In the order in which they begin, by the clocks of their places.")
