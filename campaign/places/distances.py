"""Distances on the globe and the boxes that hold everything within one; pure, degrees WGS 84."""

from dataclasses import dataclass
from math import asin, cos, degrees, isfinite, pi, radians, sin, sqrt

EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Box:
    """Edges in degrees. `west` is greater than `east` where the box crosses the antimeridian."""

    south: float
    west: float
    north: float
    east: float

    @property
    def crosses_antimeridian(self) -> bool:
        return self.west > self.east


def is_position(lat: float, lon: float) -> bool:
    """Whether these are finite degrees on the globe."""
    return isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance of two positions in kilometres (haversine)."""
    a = sin(radians(other_lat - lat) / 2) ** 2
    b = sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(a + cos(radians(lat)) * cos(radians(other_lat)) * b)))


def unit_vector(lat: float, lon: float) -> tuple[float, float, float]:
    """A position as a vector of length 1; the product of two is the cosine of the angle between them."""
    north, east = radians(lat), radians(lon)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def cosine(km: float) -> float:
    """The cosine of the angle that spans so many kilometres on the globe; 1 for none, −1 for half the globe."""
    return cos(min(km / EARTH_KM, pi))


def box_around(lat: float, lon: float, km: float) -> Box:
    """The smallest box that holds everything within `km` kilometres. Raises ValueError for what is no position."""
    if not is_position(lat, lon) or not isfinite(km) or km < 0:
        raise ValueError("not a position on the globe")
    reach = km / EARTH_KM
    south, north = lat - degrees(reach), lat + degrees(reach)
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), -180.0, min(north, 90.0), 180.0)
    spread = degrees(asin(min(1.0, sin(reach) / cos(radians(lat)))))
    return Box(south, _wrapped(lon - spread), north, _wrapped(lon + spread))


def _wrapped(lon: float) -> float:
    return lon + 360 if lon < -180 else lon - 360 if lon > 180 else lon
