"""Which circles of a map have room for the name of their place; pure, in pixels."""

from collections.abc import Sequence

from campaign.calendar.map.clusters import Cluster

# A letter, a line, and what a circle takes on each side.
LETTER, LINE, ROUND = 7.5, 16.0, 14.0
_CELL = 64


# Left, right, top, bottom.
_Box = tuple[float, float, float, float]


class _Taken:
    """Boxes that were drawn, found by the squares of a grid they lie in."""

    def __init__(self) -> None:
        self._grid: dict[tuple[int, int], list[_Box]] = {}

    def put(self, box: _Box) -> None:
        for cell in _cells(box):
            self._grid.setdefault(cell, []).append(box)

    def is_free(self, box: _Box) -> bool:
        left, right, top, bottom = box
        for cell in _cells(box):
            for other_left, other_right, other_top, other_bottom in self._grid.get(cell, ()):
                if left < other_right and other_left < right and top < other_bottom and other_top < bottom:
                    return False
        return True


def _cells(box: _Box) -> list[tuple[int, int]]:
    left, right, top, bottom = (int(edge) // _CELL for edge in box)
    rows = range(top, bottom + 1)
    return [(x, y) for x in range(left, right + 1) for y in rows]


def named(clusters: Sequence[Cluster], world: int) -> set[int]:
    """The indexes of circles with room for their name on a world this many pixels wide; the first are served first."""
    taken = _Taken()
    for cluster in clusters:
        x, y = cluster.x * world, cluster.y * world
        taken.put((x - ROUND, x + ROUND, y - ROUND, y + ROUND))
    found = set()
    for index, cluster in enumerate(clusters):
        left, middle = cluster.x * world + ROUND + 1, cluster.y * world
        box = (left, left + LETTER * len(cluster.places[0].name), middle - LINE / 2, middle + LINE / 2)
        if taken.is_free(box):
            taken.put(box)
            found.add(index)
    return found
