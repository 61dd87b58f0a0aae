"""Frames and fragments of list, month, map and single events, the page that makes their code, and oEmbed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.gates import cached_public
from campaign.calendar import context, finder, months, pages, presenting, queries
from campaign.calendar.embeds import oembed
from campaign.calendar.embeds.frames import Look, framed
from campaign.calendar.filters import Filter
from campaign.calendar.map import picture, table
from campaign.calendar.map import queries as places
from campaign.calendar.map.sheets import Window
from campaign.campaigns.models import Campaign
from campaign.core import clock, languages
from campaign.core.faults import NotFound
from campaign.events import queries as events
from campaign.events.lifecycle import PUBLIC

bp = Blueprint("embeds", __name__)


@bp.get("/embed/<campaign>/list", defaults={"is_fragment": False})
@bp.get("/embed/<campaign>/list.html", defaults={"is_fragment": True})
@cached_public
def agenda(campaign: str, is_fragment: bool) -> Response:
    """The coming events of a filter; with `.html` a fragment to put into a page, without frame or style."""
    return _framed(*_entered(campaign), "list", _agenda, is_fragment=is_fragment)


def _entered(slug: str) -> tuple[Campaign, Look]:
    """The campaign of an address, and how the site around it wants to see it. Raises NotFound."""
    look = Look.read()
    return context.enter(look.language, slug), look


def _framed(
    campaign: Campaign,
    look: Look,
    view: str,
    values: Callable[[Campaign, Look], dict[str, Any]],
    *,
    is_fragment: bool = False,
) -> Response:
    """A view for other sites, made once per version of the calendar; `values` are what its template asks for."""

    def make() -> str:
        with languages.speaking(look.language):
            name = context.in_language(campaign.names, look.language)
            template = f"embeds/{view}_fragment.html" if is_fragment else f"embeds/{view}.html"
            return render_template(template, name=name, **values(campaign, look), **look.names)

    return framed(pages.answer(campaign, make))


def _agenda(campaign: Campaign, look: Look) -> dict[str, Any]:
    wanted = Filter.read(request.args)
    today = context.today_anywhere()
    shown = queries.coming(wanted, today)
    search = queries.Search(campaign.id, shown)
    rows = queries.page(search).rows
    runs = (queries.beside if rows else queries.alone)(search, today, limit=8)
    home: dict[str, Any] = {"language": look.language, "campaign": campaign.slug}
    return {
        "groups": presenting.by_day(rows, campaign.month, campaign.day, look.language, campaign.slug, ""),
        "on_view": presenting.on_view(runs, look.language, campaign.slug),
        "more_url": url_for("calendar.events", **home, **wanted.query()),
    }


@bp.get("/embed/<campaign>/month", defaults={"is_fragment": False})
@bp.get("/embed/<campaign>/month.html", defaults={"is_fragment": True})
@cached_public
def month(campaign: str, is_fragment: bool) -> Response:
    """One month of a filter as a grid, or its days as a plain list; the month of `month=`, else the one of the day."""
    return _framed(*_entered(campaign), "month", _month, is_fragment=is_fragment)


def _month(campaign: Campaign, look: Look) -> dict[str, Any]:
    asked = Filter.read(request.args)
    on = asked.first or context.next_day(campaign)
    wanted = replace(queries.resolved(asked), first=None, last=None)
    # Whose clock a visitor lives by is not asked in a frame.
    return {"month": months.grid(campaign, wanted, look.language, on, clock.now().date())}


@bp.get("/embed/<campaign>/map", defaults={"is_fragment": False})
@bp.get("/embed/<campaign>/map.html", defaults={"is_fragment": True})
@cached_public
def world(campaign: str, is_fragment: bool) -> Response:
    """Where the events of a filter are: drawing and table, or the table alone."""
    return _framed(*_entered(campaign), "map", _world, is_fragment=is_fragment)


def _world(campaign: Campaign, look: Look) -> dict[str, Any]:
    wanted = queries.resolved(Filter.read(request.args))
    spots = places.shared(campaign, queries.coming(wanted, context.today_anywhere()))
    world_url = url_for("map.page", language=look.language, campaign=campaign.slug)
    return {
        "picture": picture.draw(spots, Window.of_world(), look.language, wanted, world_url),
        "table": table.build(spots, wanted, look.language, campaign.slug),
        "wanted": wanted,
        "world_url": world_url,
    }


@bp.get("/embed/<campaign>/event/<ref>")
@cached_public
def single(campaign: str, ref: str) -> Response:
    """One event as a card; oEmbed gives out this address. One that was withdrawn says so where its card was."""
    found, look = _entered(campaign)
    event = events.get(ref)
    is_gone = events.is_withdrawn(event)
    if event.campaign_id != found.id or (event.status not in PUBLIC and not is_gone):
        raise NotFound

    def values(_campaign: Campaign, _look: Look) -> dict[str, Any]:
        listings = queries.of_event(event.id)
        return {
            "groups": presenting.by_day(listings, found.month, found.day, look.language, found.slug, ""),
            "more_url": url_for("calendar.events", language=look.language, campaign=found.slug),
        }

    answer = _framed(found, look, "event", values)
    if is_gone and answer.status_code == 200:
        answer.status_code = 410
    return answer


@bp.get("/<language>/<campaign>/embed/")
@cached_public
def builder(language: str, campaign: str) -> Response:
    """Choose a filter, take the code for one's own site."""
    found = context.enter(language, campaign)
    wanted = Filter.read(request.args)
    return pages.answer(found, lambda: _builder(found, wanted, language))


def _builder(campaign: Campaign, asked: Filter, language: str) -> str:
    wanted = queries.resolved(asked)
    site = current_app.extensions["settings"].public_url
    action = url_for("embeds.builder", language=language, campaign=campaign.slug)
    query = {**wanted.query(), "lang": language}
    views = (("agenda", _("List")), ("month", _("Month")), ("world", _("Map")))
    addresses = [
        (
            label,
            *(site + url_for(f"embeds.{view}", campaign=campaign.slug, is_fragment=f, **query) for f in (False, True)),
        )
        for view, label in views
    ]
    return render_template(
        "calendar/embed.html",
        finder=finder.choices(campaign, wanted, language, action),
        name=context.in_language(campaign.names, language),
        addresses=addresses,
        frame_code=oembed.iframe,
        wanted=wanted,
    )


@bp.get("/oembed")
@cached_public
def describe() -> ResponseReturnValue:
    """oEmbed 1.0 (JSON): the frame that belongs to the address of an event or a list of ours."""
    if request.args.get("format", "json") != "json":
        return jsonify(error=_("Only JSON is offered.")), 501
    site = current_app.extensions["settings"].public_url
    answer = jsonify(oembed.describe(request.args, site))
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
