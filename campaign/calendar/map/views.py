"""The map: a page whose table says the same, and the answers a script asks for when somebody moves it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template, request, url_for

from campaign.accounts.gates import cached_public
from campaign.accounts.looks import viewer_zone
from campaign.calendar import context, finder, pages, presenting, queries
from campaign.calendar.filters import Filter
from campaign.calendar.map import land, picture, sheets, table
from campaign.calendar.map import queries as places
from campaign.calendar.map.projection import mercator
from campaign.calendar.map.sheets import Sheet, Window
from campaign.calendar.sharing import links
from campaign.calendar.store import Kept, Store
from campaign.campaigns.models import Campaign
from campaign.core.faults import NotFound
from campaign.core.security import policy_with_pictures_of
from campaign.places import countries

bp = Blueprint("map", __name__)
MOST_IN_CITY = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An event of one city: its row, its address and the ways there."""

    row: presenting.Row
    address: str
    directions: dict[str, str]
    is_hidden: bool


@bp.get("/<language>/<campaign>/map/")
@cached_public
def page(language: str, campaign: str) -> Response:
    return show(context.enter(language, campaign), language)


def show(campaign: Campaign, language: str) -> Response:
    """The page, under its own address and as one of the views of the list."""
    wanted = Filter.read(request.args)
    tiles = _street_tiles()
    response = pages.answer(campaign, lambda: _page(campaign, wanted, language, tiles))
    origin = urlsplit(tiles)
    if origin.netloc:
        policy = policy_with_pictures_of(f"{origin.scheme}://{origin.netloc}")
        response.headers["Content-Security-Policy"] = policy
    return response


def _street_tiles() -> str:
    return str(current_app.extensions["settings"].map_tile_url)


def _page(campaign: Campaign, asked: Filter, language: str, tiles: str) -> str:
    wanted = queries.resolved(asked)
    shown = queries.coming(wanted, context.today_anywhere())
    spots = places.shared(campaign, shown)
    window = Window.read(request.args.get("at", "")) or _fitting(wanted, spots)
    home: dict[str, Any] = {"language": language, "campaign": campaign.slug}
    here = url_for("map.page", **home)
    listed = table.build(spots, wanted, language, campaign.slug)
    is_city = bool(wanted.city) and listed.cities == 1
    return render_template(
        "calendar/map.html",
        picture=picture.draw(spots, window, language, wanted, here),
        table=listed,
        visits=_visits(campaign, shown, language) if is_city else [],
        city=next((spot for spot in spots if spot.key), None) if is_city else None,
        count=queries.Counted(listed.events),
        wanted=wanted,
        finder=finder.choices(campaign, wanted, language, here),
        chips=finder.chips(wanted, language, here),
        page_url=url_for("map.page", **home, **wanted.query()),
        page_query=wanted.query(),
        sheets_url=url_for("map.sheet", **home, zoom=0, x=0, y=0, **wanted.query()).replace("0/0/0", "{z}/{x}/{y}"),
        list_url=url_for("calendar.events", **home, **wanted.query()),
        month_url=url_for("calendar.events", **home, **wanted.query(), view="month"),
        land_url=url_for("map.coasts", zoom=0, x=0, y=0, v=land.version()).replace("0/0/0", "{z}/{x}/{y}"),
        world_url=url_for("map.page", **home),
        tiles=tiles,
        last_zoom=sheets.LAST_ZOOM_OF_STREETS if tiles else sheets.LAST_ZOOM,
        canonical_url=current_app.extensions["settings"].public_url + here,
    )


def _fitting(wanted: Filter, spots: Sequence[places.Spot]) -> Window:
    """What is asked for where a place is asked for; else the world."""
    if not (wanted.country or wanted.city or wanted.centre):
        return Window.of_world()
    points = [mercator(s.latitude, s.longitude) for s in spots if s.latitude is not None and s.longitude is not None]
    if wanted.centre:
        points.append(mercator(wanted.centre.latitude, wanted.centre.longitude))
    return Window.around(points)


def _visits(campaign: Campaign, shown: Filter, language: str) -> list[Visit]:
    found = places.in_city(campaign.id, shown, limit=MOST_IN_CITY)
    viewer = viewer_zone()
    return [
        Visit(
            row=presenting.row(listing, language, campaign.slug, viewer),
            address=links.place_text(event.details, country),
            directions=links.directions(event.details, country),
            is_hidden=not event.details.is_address_public,
        )
        for listing, event in found
        for country in [countries.name(event.details.country, language)]
    ]


@bp.get("/<language>/<campaign>/map/<int:zoom>/<int:x>/<int:y>.json")
@cached_public
def sheet(language: str, campaign: str, zoom: int, x: int, y: int) -> Response:
    """The circles of one sheet, for the same filters as the page."""
    found = context.enter(language, campaign)
    asked = _real(zoom, x, y)
    wanted = Filter.read(request.args)

    def make() -> str:
        spots = places.shared(found, queries.coming(wanted, context.today_anywhere()))
        return _written({"circles": [circle.to_json() for circle in picture.circles(spots, asked, language)]})

    return pages.answer(found, make, mimetype="application/json")


@bp.get("/land/<int:zoom>/<int:x>/<int:y>.json")
@cached_public
def coasts(zoom: int, x: int, y: int) -> Response:
    """The land of one sheet. Its address changes with the land, so whoever has it keeps it for good."""
    response = Response(mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    pages.fill(response, _land(_real(zoom, x, y)))
    return response


@lru_cache(maxsize=200)
def _land(asked: Sheet) -> Kept:
    return Store.unkept(inf, lambda: _written({"land": [[t.level, t.x, t.y, t.path] for t in land.of_sheet(asked)]}))


def _real(zoom: int, x: int, y: int) -> Sheet:
    asked = Sheet(zoom=zoom, x=x, y=y) if zoom <= sheets.LAST_ZOOM_OF_STREETS else None
    if asked is None or not asked.is_real:
        raise NotFound
    return asked


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
