"""Events and their dates, as lists of a filter, and one event in full."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from flask import Response, request
from marshmallow import Schema

from campaign.accounts.gates import cached_public
from campaign.calendar import context, timing
from campaign.calendar import queries as calendar
from campaign.calendar.api import answers, parameters, queries, rows, whole
from campaign.calendar.api.blueprint import resource
from campaign.calendar.api.faults import NoSuchEvent, NoSuchPage, WithdrawnEvent, campaign_of
from campaign.calendar.api.rows import Site
from campaign.calendar.api.schemas.event import EventInFullSchema
from campaign.calendar.api.schemas.events import EventSchema, EventsSchema, OccurrenceSchema, OccurrencesSchema
from campaign.calendar.filters import Filter
from campaign.calendar.listed import Listed
from campaign.core import clock
from campaign.core.faults import Gone, NotFound
from campaign.events import queries as published

_Row = Callable[[Listed, str, Site], Mapping[str, Any]]
# What stands before the items of both lists.
_HEAD = EventsSchema(exclude=("items",))
_EVENT, _OCCURRENCE = EventSchema(), OccurrenceSchema()


@resource("/campaigns/<campaign>/events", EventsSchema, about="events", parameters=parameters.LIST, codes=(404, 422))
@cached_public
def events(campaign: str) -> Response:
    """Events of a campaign, each once

    All filters of the calendar, as they stand in the addresses of its pages; they can be combined. Without dates the
    list begins today. Exhibitions stand where they open. Cancelled and postponed events are listed and say so.
    """
    return _list(campaign, "api.events", _EVENT, rows.event, is_once=True)


@resource(
    "/campaigns/<campaign>/occurrences",
    OccurrencesSchema,
    about="occurrences",
    parameters=parameters.LIST,
    codes=(404, 422),
)
@cached_public
def occurrences(campaign: str) -> Response:
    """Dates of events of a campaign

    The same filters as for events. An event with several dates stands there once for each; for calendars and for
    what is on now.
    """
    return _list(campaign, "api.occurrences", _OCCURRENCE, rows.occurrence, is_once=False)


def _list(slug: str, endpoint: str, shape: Schema, row: _Row, *, is_once: bool) -> Response:
    campaign, asked = campaign_of(slug), Filter.read(request.args)
    limit = parameters.whole_number("limit", parameters.USUAL_LIMIT)
    if "page" in asked.unknown:
        raise NoSuchPage
    site = Site(language=parameters.language())

    def make() -> tuple[Mapping[str, Any], list[str]]:
        shown = calendar.coming(asked, context.today_anywhere())
        page = queries.page_of(campaign.id, shown, limit=limit, is_once=is_once)
        more = {name: request.args[name] for name in ("limit", "lang") if name in request.args}
        address = site.address(endpoint, campaign=slug, **shown.query(), **more, page=page.next_key)
        head = {
            "next": address if page.next_key else None,
            "filter": shown.query(),
            "ignored_filters": parameters.ignored(shown, parameters.LIST),
        }
        return head, [_written(shape, row, listing, slug, site, site.whole("")) for listing in page.rows]

    return answers.kept_list(campaign, _HEAD, make)


@lru_cache(maxsize=2000)
def _written(shape: Schema, row: _Row, listing: Listed, campaign: str, site: Site, _root: str) -> str:
    """An item as JSON: the same text while its listing says the same, which is then the same object."""
    return answers.written(shape, row(listing, campaign, site))


@resource("/events/<id>", EventInFullSchema, about="events", parameters=("lang",), codes=(404, 410))
@cached_public
def event(id: str) -> Response:  # noqa: A002 - The name stands in the document.
    """One event in full

    Texts are the organiser's, in the language they were written in, with further languages beside them; show
    `creditText` with them. 410 for an event that was public and was withdrawn.
    """
    try:
        found = published.get_public(id)
    except Gone:
        raise WithdrawnEvent from None
    except NotFound:
        raise NoSuchEvent from None
    details, now = found.details, clock.now()

    def make() -> Mapping[str, Any]:
        return whole.event(found, now=now, language=parameters.language())

    campaign = campaign_of(found.campaign.slug)
    return answers.kept(campaign, EventInFullSchema(), make, turns=timing.turns(details, now))
