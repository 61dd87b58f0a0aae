"""What is answered when something is wrong."""

from marshmallow import Schema
from marshmallow import fields as kinds

from campaign.calendar.api.schemas import fields


class ProblemSchema(Schema):
    """RFC 9457."""

    type = fields.address("Where this kind of problem is explained.")
    title = fields.text("What kind of problem it is.")
    status = fields.number("The status code again.")
    detail = fields.text("What to do.")
    instance = fields.text("The path that was asked for.")
    errors = kinds.Dict(
        keys=kinds.String(), values=kinds.String(), metadata={"description": "Parameter, and what is wrong with it."}
    )
