"""Places that would overlap on the map, gathered into one circle around the largest of them; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from campaign.calendar.map.projection import mercator
from campaign.calendar.map.queries import Spot

# Squares of the grid are numbered column by column; a column has fewer than this.
_COLUMN = 1 << 20
# The squares to look at, the own one first: most find their circle there.
_AROUND = [dx * _COLUMN + dy for dx in (0, -1, 1) for dy in (0, -1, 1)]


@dataclass(slots=True, kw_only=True)
class Cluster:
    """A circle: where its largest place is, in the Mercator square; `places` the largest first, `events` of all."""

    x: float
    y: float
    places: list[Spot]
    events: int


def clustered(spots: Iterable[Spot], reach: float) -> list[Cluster]:
    """Circles no two of which are closer than `reach`, in units of the Mercator square; spots come in order of keys.

    Places are taken in order of their events, so that a circle keeps the position and the name of its largest one.
    Each looks only at the squares of a grid around it.
    """
    found: list[Cluster] = []
    grid: dict[int, list[Cluster]] = {}
    within = reach**2
    for spot in sorted(spots, key=lambda spot: -spot.events):
        if spot.latitude is None or spot.longitude is None:
            continue
        x, y, square = _placed(spot.latitude, spot.longitude, reach)
        near = _near(grid, square, x, y, within)
        if near is None:
            near = Cluster(x=x, y=y, places=[], events=0)
            grid.setdefault(square, []).append(near)
            found.append(near)
        near.places.append(spot)
        near.events += spot.events
    return found


def _near(grid: dict[int, list[Cluster]], square: int, x: float, y: float, within: float) -> Cluster | None:
    for step in _AROUND:
        for cluster in grid.get(square + step, ()):
            if (cluster.x - x) ** 2 + (cluster.y - y) ** 2 < within:
                return cluster
    return None


@lru_cache(maxsize=20_000)
def _placed(latitude: float, longitude: float, reach: float) -> tuple[float, float, int]:
    """A position in the Mercator square, and the square of the grid it lies in."""
    x, y = mercator(latitude, longitude)
    return x, y, int(x / reach) * _COLUMN + int(y / reach)
