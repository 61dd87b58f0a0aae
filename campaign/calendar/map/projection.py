"""From degrees to the plane: Mercator for the map that moves, Equal Earth for small figures of the world; pure."""

from functools import lru_cache
from math import asin, atan, cos, degrees, log, pi, radians, sin, sinh, sqrt, tan

# Mercator ends where its world is a square.
_NORTHMOST = degrees(atan(sinh(pi)))
# Equal Earth: Šavrič, Patterson and Jenny (2018). The scale is the one of `static/land.mjs`.
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = sqrt(3) / 2
_SCALE = 1000 / (2 * 2.7066297)


@lru_cache(maxsize=20_000)
def mercator(latitude: float, longitude: float) -> tuple[float, float]:
    """Position in the square of the world: x from 0 in the west to 1, y from 0 in the north to 1."""
    phi = radians(max(-_NORTHMOST, min(_NORTHMOST, latitude)))
    return (longitude + 180) / 360, 0.5 - log(tan(pi / 4 + phi / 2)) / (2 * pi)


def degrees_at(x: float, y: float) -> tuple[float, float]:
    """(latitude, longitude) of a position in the Mercator square."""
    return degrees(atan(sinh(pi * (1 - 2 * y)))), x * 360 - 180


@lru_cache(maxsize=2000)
def equal_earth(latitude: float, longitude: float) -> tuple[float, float]:
    """Position in the figure of the world: x from 0 to 1000, the equator at 250."""
    theta = asin(_M * sin(radians(latitude)))
    squared = theta * theta
    sixth = squared**3
    bend = _A[0] + 3 * _A[1] * squared + sixth * (7 * _A[2] + 9 * _A[3] * squared)
    x = radians(longitude) * cos(theta) / (_M * bend)
    y = theta * (_A[0] + _A[1] * squared + sixth * (_A[2] + _A[3] * squared))
    return 500 + _SCALE * x, 250 - _SCALE * y
