"""Organisations that hold public events."""

from flask import Response, request

from campaign.accounts.gates import cached_public
from campaign.calendar.api import answers, parameters, queries, rows
from campaign.calendar.api.blueprint import resource
from campaign.calendar.api.faults import NoSuchOrganisation, NoSuchPage, campaign_of
from campaign.calendar.api.rows import Site
from campaign.calendar.api.schemas.organisations import OrganisationSchema, OrganisationsSchema
from campaign.core import paging
from campaign.core.faults import NotFound
from campaign.places.countries import is_country

_PARAMETERS = ("country", "page", "limit")


@resource(
    "/campaigns/<campaign>/organisations",
    OrganisationsSchema,
    about="organisations",
    parameters=_PARAMETERS,
    codes=(404, 422),
)
@cached_public
def organisations(campaign: str) -> Response:
    """Organisations that hold public events of a campaign

    `country` is where the organisation is, not where its events are.
    """
    found, limit = campaign_of(campaign), parameters.whole_number("limit", parameters.USUAL_LIMIT)
    asked = request.args.get("country", "").strip().upper()
    country = asked if is_country(asked) else ""
    page = queries.hosts(found.id, after=_after(request.args.get("page", "")), country=country, limit=limit)
    more = {"country": country or None, "limit": request.args.get("limit")}
    key = paging.encode(page.next_key) if page.next_key else None
    address = Site(language="").address("api.organisations", campaign=campaign, **more, page=key)
    value = {
        "next": address if key else None,
        "ignored_filters": (["country"] if asked and not country else []) + parameters.ignored(None, _PARAMETERS),
        "items": [rows.organisation(host.organization, host.events) for host in page.rows],
    }
    return answers.fresh(OrganisationsSchema(), value)


def _after(page: str) -> str:
    """The slug that a page begins after. Raises NoSuchPage."""
    values = paging.decode(page, str)
    if page and (values is None or "\0" in str(values[0])):
        raise NoSuchPage
    return str(values[0]) if values else ""


@resource("/organisations/<id>", OrganisationSchema, about="organisations", codes=(404,))
@cached_public
def organisation(id: str) -> Response:  # noqa: A002 - The name stands in the document.
    """One organisation, with its public events in all campaigns counted"""
    try:
        found = queries.host(id)
    except NotFound:
        raise NoSuchOrganisation from None
    return answers.fresh(OrganisationSchema(), rows.organisation(found.organization, found.events))
