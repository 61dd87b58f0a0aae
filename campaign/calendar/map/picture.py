"""The map as a drawing: land and circles of one sheet, in the words of the page. No queries."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from babel import Locale
from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.calendar.filters import RADII, Filter
from campaign.calendar.map import land, naming
from campaign.calendar.map.clusters import clustered
from campaign.calendar.map.projection import degrees_at, equal_earth
from campaign.calendar.map.queries import Spot
from campaign.calendar.map.sheets import HEIGHT, LAST_ZOOM, WIDTH, Sheet, Window, world
from campaign.core import languages
from campaign.places import countries

# Positions in answers are whole numbers of this part of the world's width: four metres.
UNIT = 10_000_000
MOST_DOTS = 300
# From this zoom on, names of places help to see where one is; before that, the coasts do.
NAMED_FROM = 3


class Circle(NamedTuple):
    """A circle of the map; `key` names its place where it is a single one. Positions in the Mercator square.

    `name` is written beside it where there is room.
    """

    x: float
    y: float
    events: int
    label: str
    key: str
    name: str

    @property
    def radius(self) -> int:
        """Room for the number; a single event is a point without one."""
        return 6 if self.events == 1 else (11, 13, 16, 20)[min(len(self.text), 4) - 1]

    @property
    def text(self) -> str:
        if self.events == 1:
            return ""
        return str(self.events) if self.events < 10_000 else f"{self.events // 1000}k"

    def to_json(self) -> list[Any]:
        return [
            round(self.x * UNIT),
            round(self.y * UNIT),
            self.events,
            self.radius,
            self.text,
            self.label,
            self.key,
            self.name,
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A place on the small figure of the world (Equal Earth); `is_lit` where its time zone is among the lit ones."""

    x: float
    y: float
    is_lit: bool


def dots(spots: Sequence[Spot], lit: Mapping[str, bool] | None = None) -> list[Dot]:
    """The largest places as points, the lit ones last and on top."""
    placed = [spot for spot in spots if spot.latitude is not None and spot.longitude is not None]
    found = [
        Dot(x=x, y=y, is_lit=(lit or {}).get(spot.time_zone, False))
        for spot in sorted(placed, key=lambda spot: -spot.events)[:MOST_DOTS]
        for x, y in [equal_earth(spot.latitude or 0, spot.longitude or 0)]
    ]
    return sorted(found, key=lambda dot: dot.is_lit)


def dots_path(spots: Sequence[Spot]) -> str:
    """The same points as one path of an SVG: lines without a length, which round ends make visible."""
    return "".join(f"M{dot.x:.0f} {dot.y:.0f}h0" for dot in dots(spots))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A sheet as it is drawn before a script moves it; positions in pixels of a drawing WIDTH × HEIGHT.

    `page` is the address of the map, `wanted` the filter that its circles keep, `of_city` the map of one city.
    """

    window: Window
    sheet: Sheet
    circles: tuple[Circle, ...]
    tiles: tuple[land.Tile, ...]
    page: str
    wanted: Filter
    of_city: Callable[[str], str]

    def place(self, x: float, y: float) -> tuple[float, float]:
        scale = WIDTH / self.window.width
        return (x - self.window.x) * scale + WIDTH / 2, (y - self.window.y) * scale + HEIGHT / 2

    def matrix(self, tile: land.Tile) -> str:
        """What puts a tile's units into the drawing."""
        side = 1 / 2**tile.level
        x, y = self.place(tile.x * side, tile.y * side)
        scale = side / 1024 * WIDTH / self.window.width
        return f"matrix({scale:.5f} 0 0 {scale:.5f} {x:.2f} {y:.2f})"

    def links(self, is_framed: bool) -> Iterator[tuple[Circle, tuple[float, float], str, bool]]:
        """Each circle, where it is in the drawing, what it leads to, and whether that is shown outside of a frame."""
        return ((circle, self.place(circle.x, circle.y), self.address(circle), is_framed) for circle in self.circles)

    def address(self, circle: Circle) -> str:
        """What a circle leads to: its place; a window that tells its places apart; at the last zoom what is around."""
        if circle.key:
            return self.of_city(circle.key)
        latitude, longitude = degrees_at(circle.x, circle.y)
        if self.sheet.zoom >= LAST_ZOOM:
            around = replace(self.wanted, near=f"{latitude:.1f},{longitude:.1f}", radius=RADII[0], centre=None)
            return around.at(self.page)
        here = self.wanted.at(self.page)
        closer = f"{min(LAST_ZOOM, self.sheet.zoom + 2)}/{latitude:.4f}/{longitude:.4f}"
        return f"{here}{'&' if '?' in here else '?'}at={closer}"


def draw(spots: Sequence[Spot], window: Window, language: str, wanted: Filter, page: str) -> Picture:
    """The part of the world in a window; `page` is the address of the map without a filter."""
    sheet = window.sheet
    return Picture(
        window=window,
        sheet=sheet,
        circles=tuple(circles(spots, sheet, language)),
        tiles=tuple(land.of_sheet(sheet)),
        page=page,
        wanted=wanted,
        of_city=wanted.each(page, "city"),
    )


def circles(spots: Sequence[Spot], sheet: Sheet, language: str) -> list[Circle]:
    """The circles whose middle lies on a sheet, the largest first; the smaller ones are drawn on top."""
    here = [c for c in clustered(spots, sheet.reach) if sheet.holds(c.x, c.y)]
    here.sort(key=lambda c: -c.events)
    named = naming.named(here, world(sheet.zoom)) if sheet.zoom >= NAMED_FROM else set()
    spoken = languages.spoken()
    return [
        Circle(
            x=c.x,
            y=c.y,
            events=c.events,
            label=_label(c.places[0].name, c.places[0].country, len(c.places) - 1, c.events, language, spoken),
            key="" if len(c.places) > 1 else c.places[0].key,
            name=c.places[0].name if index in named else "",
        )
        for index, c in enumerate(here)
    ]


@lru_cache(maxsize=10_000)
def _label(city: str, country: str, others: int, number: int, language: str, _spoken: Locale | None) -> str:
    """Kept by what it says: a publication changes one circle of a hundred."""
    events = ngettext("%(num)d event", "%(num)d events", number)
    if not others:
        where = countries.name(country, language)
        return _("%(city)s, %(country)s: %(events)s", city=city, country=where, events=events)
    around = ngettext("%(city)s and %(num)d other place", "%(city)s and %(num)d other places", others, city=city)
    return _("%(where)s: %(events)s", where=around, events=events)
