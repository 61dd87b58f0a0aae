"""What all lists have in common."""

from marshmallow import Schema
from marshmallow import fields as kinds

from campaign.calendar.api.schemas import fields


class AnswerSchema(Schema):
    """What an answer says of the parameters it was asked with."""

    ignored_filters = fields.many(
        kinds.String(), "Parameters that were left out: their value means nothing, or nobody knows their name."
    )


class FilteredSchema(AnswerSchema):
    """What an answer says of the filters it was asked with."""

    filter = fields.words(
        "The filters in force, as they can be asked for again; without dates a list begins today.",
        values=kinds.List(kinds.String()),
    )


class PageSchema(AnswerSchema):
    """A page of a list."""

    next = fields.address("The next page; null on the last one. Also in the Link header (RFC 8288).", is_null=True)
