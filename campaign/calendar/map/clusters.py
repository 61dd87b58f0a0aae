"""Places that would overlap on the map, gathered into one circle around the largest of them; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from campaign.calendar.map.projection import mercator
from campaign.calendar.map.queries import Spot

# The squares of the grid to look at, the own one first: most find their circle there.
_AROUND = [(dx, dy) for dx in (0, -1, 1) for dy in (0, -1, 1)]


@dataclass(slots=True, kw_only=True)
class Cluster:
    """A circle: where its largest place is, in the Mercator square; `places` the largest first."""

    x: float
    y: float
    places: list[Spot] = field(default_factory=list)

    @property
    def events(self) -> int:
        return sum(place.events for place in self.places)


def clustered(spots: Iterable[Spot], reach: float) -> list[Cluster]:
    """Circles no two of which are closer than `reach`, in units of the Mercator square.

    Places are taken in order of their events, so that a circle keeps the position and the name of its largest one.
    Each looks only at the squares of a grid around it.
    """
    found: list[Cluster] = []
    grid: dict[tuple[int, int], list[Cluster]] = {}
    within = reach**2
    for spot in sorted(spots, key=lambda spot: (-spot.events, spot.key)):
        if spot.latitude is None or spot.longitude is None:
            continue
        x, y = mercator(spot.latitude, spot.longitude)
        column, row = int(x / reach), int(y / reach)
        for dx, dy in _AROUND:
            near = next(
                (c for c in grid.get((column + dx, row + dy), ()) if (c.x - x) ** 2 + (c.y - y) ** 2 < within), None
            )
            if near is not None:
                break
        else:
            near = Cluster(x=x, y=y)
            grid.setdefault((column, row), []).append(near)
            found.append(near)
        near.places.append(spot)
    return found
