"""Where a program begins."""

from flask import Response, current_app

from campaign.accounts.gates import cached_public
from campaign.calendar.api import answers
from campaign.calendar.api.blueprint import resource
from campaign.calendar.api.rows import Site
from campaign.calendar.api.schemas.campaigns import IndexSchema
from campaign.core import languages


@resource("/", IndexSchema, about="campaigns")
@cached_public
def index() -> Response:
    """Where everything begins"""
    site = Site(language=languages.DEFAULT)
    value = {
        "version": current_app.extensions["api_document"].version,
        "campaigns_url": site.address("api.campaigns"),
        "document_url": site.address("api.openapi"),
        "documentation_url": site.whole("/developers/"),
    }
    return answers.fresh(IndexSchema(), value)
