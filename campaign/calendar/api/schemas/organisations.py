"""Organisations that hold public events."""

from campaign.calendar.api.schemas import fields
from campaign.calendar.api.schemas.event import HostInFullSchema
from campaign.calendar.api.schemas.lists import PageSchema
from campaign.calendar.api.schemas.places import AddressSchema
from campaign.organizations.models import Kind


class OrganisationSchema(HostInFullSchema):
    """An organisation that holds public events."""

    type = fields.one_of("What it is.", Kind)
    address = fields.one(AddressSchema, "Where it is; a street is never told.")
    events = fields.number("Public events it holds, alone or with others.")


class OrganisationsSchema(PageSchema):
    """A page of organisations."""

    items = fields.many(OrganisationSchema, "By id.")
