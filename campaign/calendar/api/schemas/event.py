"""Everything that is public of one event."""

from marshmallow import Schema
from marshmallow import fields as kinds

from campaign.calendar.api.schemas import fields
from campaign.calendar.api.schemas.events import EventSchema, HostSchema, NamedTextSchema, TimesSchema
from campaign.calendar.timing import State
from campaign.events.lifecycle import ACCESS, Answer


class TextSchema(NamedTextSchema):
    """Title and description in a further language, by the organiser."""

    description = fields.text("Plain text.")


class ProgrammeItemSchema(Schema):
    """A line of the programme."""

    time = fields.text("On the clock of the place; may be empty.")
    text = fields.text("What happens then.")


class ImageSchema(Schema):
    """schema.org ImageObject."""

    contentUrl = fields.address("A WebP picture.")  # noqa: N815
    caption = fields.text("What it shows, for those who do not see it.")
    creditText = fields.text("Who made it; show it beside the picture.")  # noqa: N815
    is_sensitive = fields.yes("It may distress: ask before you show it.")


class StreamSchema(Schema):
    """The stream, whose address is public only shortly before and during the event."""

    state = fields.one_of("`waiting` until it opens; `none` where there is no stream.", State)
    opens_local = fields.text("When the address appears, on the clock of the place.", is_null=True)
    url = fields.address("Only while it is open.", is_null=True)


class ContactSchema(Schema):
    """What the organiser published for questions."""

    email = fields.text("May be empty.")
    telephone = fields.text("May be empty.")
    url = fields.text("May be empty.")


class HostInFullSchema(HostSchema):
    """schema.org Organization."""

    id = fields.text("For the filter `org`.", example="embassy-berlin")
    url = fields.text("Its own website; may be empty.")
    is_verified = fields.yes("Whether a desk of the campaign verified it.")


class EventInFullSchema(EventSchema):
    """Everything that is public of one event. Its times are those of the first date."""

    campaign = fields.text("The campaign it belongs to.", example="khojaly")
    description = fields.text("The organiser's own text, in `language`.")
    translations = fields.many(TextSchema, "Title and description in further languages, by the organiser.")
    creditText = fields.text("Name these beside the text; it is theirs and not the calendar's.")  # noqa: N815
    citation = fields.many(kinds.String(), "Sources the organiser gives for statements of fact.")
    organizer = fields.many(HostInFullSchema, "Who holds it; the first one answers for it.")
    dates = fields.many(TimesSchema, "All its dates.")
    opening_hours = fields.words("For exhibitions: weekday (`0` is Monday) and the organiser's text.")
    programme = fields.many(ProgrammeItemSchema, "In order.")
    content_note = fields.text("What may distress; empty where nothing does.")
    access = fields.words(
        "What the organiser says about access. `unknown` is not `no`.",
        keys={"enum": list(ACCESS)},
        values=kinds.String(metadata={"enum": [str(answer) for answer in Answer]}),
    )
    entry_checks = fields.text("What to expect at the entrance; may be empty.")
    price = fields.text("The organiser's words; empty where entrance is free.")
    registration_url = fields.text("Where to register; may be empty.")
    registration_by = fields.text("Last day for it.", is_null=True, format="date")
    maximumAttendeeCapacity = fields.number("Seats; null where nobody said.", is_null=True)  # noqa: N815
    image = fields.one(ImageSchema, "The organiser's picture.", is_null=True)
    stream = fields.one(StreamSchema, "Where it can be followed online.")
    contact = fields.one(ContactSchema, "Public contact of the organiser.")
    calendar_url = fields.address("The event as iCalendar (RFC 5545).")
    datePublished = fields.moment("When it became public.", is_null=True)  # noqa: N815
