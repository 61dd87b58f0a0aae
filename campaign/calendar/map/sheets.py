"""How the Mercator square is cut into what one answer holds: zooms, sheets and windows; pure.

At zoom z the world is 256 · 2^z pixels wide, as everywhere on the web. A sheet is 2048 pixels on each side and begins
every 1024, so that any window of up to 1024 pixels lies within the sheet around it: one answer for each step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log2
from typing import Self

from campaign.calendar.map.projection import degrees_at, mercator

SHEET, STEP = 2048, 1024
# Circles this many pixels apart do not overlap; at the last zoom neighbours are told apart as far as they can be.
REACH, LAST_REACH = 40, 14
WIDTH, HEIGHT = 880, 500
# Without streets the coast is all there is to see, and it is not known more closely than this.
LAST_ZOOM, LAST_ZOOM_OF_STREETS = 7, 14
WORLD_NORTH, WORLD_SOUTH = 75.0, -57.0


def world(zoom: int) -> int:
    """Width of the world in pixels."""
    return 256 * 2**zoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one answer holds. Up to zoom 3 there is one sheet, the whole world."""

    zoom: int
    x: int
    y: int

    @property
    def is_real(self) -> bool:
        most = max(0, world(self.zoom) // STEP - 2)
        return 0 <= self.zoom <= LAST_ZOOM_OF_STREETS and 0 <= self.x <= most and 0 <= self.y <= most

    @property
    def edges(self) -> tuple[float, float, float]:
        """Left and top edge and the length of a side, in the Mercator square."""
        if self.zoom <= 3:
            return 0.0, 0.0, 1.0
        step = STEP / world(self.zoom)
        return self.x * step, self.y * step, SHEET / world(self.zoom)

    def holds(self, x: float, y: float) -> bool:
        left, top, side = self.edges
        return left <= x <= left + side and top <= y <= top + side

    @property
    def reach(self) -> float:
        return (REACH if self.zoom < LAST_ZOOM else LAST_REACH) / world(self.zoom)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The part of the Mercator square that a picture shows: its middle and its width; height follows the picture's."""

    x: float
    y: float
    width: float

    @property
    def zoom(self) -> int:
        """The zoom whose circles fit; where sheets matter, one at which the window lies within its sheet."""
        exact = log2(WIDTH / self.width / 256)
        return max(0, min(LAST_ZOOM, round(exact), max(3, floor(exact + 0.2))))

    @property
    def sheet(self) -> Sheet:
        """The sheet around the middle."""
        zoom = self.zoom
        most = max(0, world(zoom) // STEP - 2)
        column, row = (round(at * world(zoom) / STEP - 1) for at in (self.x, self.y))
        return Sheet(zoom=zoom, x=max(0, min(most, column)), y=max(0, min(most, row)))

    @property
    def centre(self) -> tuple[float, float]:
        """(latitude, longitude) of the middle."""
        return degrees_at(self.x, self.y)

    @classmethod
    def of_world(cls) -> Self:
        north, south = mercator(WORLD_NORTH, 0)[1], mercator(WORLD_SOUTH, 0)[1]
        return cls(x=0.5, y=(north + south) / 2, width=max(1.0, (south - north) * WIDTH / HEIGHT))

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]]) -> Self:
        """The window that shows all these positions, the world if there are none; never closer than a region."""
        if not points:
            return cls.of_world()
        xs, ys = [x for x, _y in points], [y for _x, y in points]
        width = max(max(xs) - min(xs), (max(ys) - min(ys)) * WIDTH / HEIGHT) * 1.25
        return cls(
            x=(min(xs) + max(xs)) / 2,
            y=(min(ys) + max(ys)) / 2,
            width=min(1.0, max(width, WIDTH / world(LAST_ZOOM - 1))),
        )

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From `zoom/latitude/longitude` in an address; None where that is nonsense."""
        try:
            zoom, latitude, longitude = (float(part) for part in text.split("/"))
        except ValueError:
            return None
        if not (0 <= zoom <= LAST_ZOOM_OF_STREETS and abs(latitude) <= 85 and abs(longitude) <= 180):
            return None
        x, y = mercator(latitude, longitude)
        return cls(x=x, y=y, width=min(1.0, WIDTH / (256 * 2**zoom)))

    def zoomed(self, by: int) -> "Window":
        return Window(x=self.x, y=self.y, width=max(WIDTH / world(LAST_ZOOM), min(1.0, self.width / 2**by)))

    def __str__(self) -> str:
        """As `read` takes it."""
        latitude, longitude = self.centre
        return f"{round(log2(WIDTH / self.width / 256), 2):g}/{latitude:.4f}/{longitude:.4f}"
