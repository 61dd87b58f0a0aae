"""The horizon of the home: a light for each degree of longitude that takes part, from west to east; pure."""

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup

# Radius of the glow and of the light itself, by the number of events there; the last for all that have more.
SIZES = ((12, 1.3), (14, 1.5), (16, 1.7), (18, 1.9), (20, 2.1), (22, 2.2))
_WIDTH = 1000


def lights(events: Mapping[int, int]) -> Markup:
    """`<use>` of `light-1` … `light-6` on the arc of the drawing (1000 × 84) for events by degree, −180 to 180.

    Written here and not in a template: a busy year has hundreds.
    """
    return Markup("".join(_light(degree, number) for degree, number in sorted(events.items())))  # noqa: S704 - numbers.


@lru_cache(maxsize=4096)
def _light(degree: int, number: int) -> str:
    share = degree / 360 + 0.5
    x, y = _WIDTH * share, 63 - 124 * share * (1 - share)
    return f'<use href="#light-{min(number, len(SIZES))}" x="{x:.1f}" y="{y:.1f}"/>'
