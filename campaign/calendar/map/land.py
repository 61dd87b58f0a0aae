"""The land in view, as `static/land.mjs` cut it when the front end was built."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import current_app

from campaign.calendar.map.sheets import Sheet

# A tile of level n is 1024 pixels wide at zoom n + 2; this is the last level in the file.
_FINEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A square of the Mercator plane: 2^level on a side; `path` in units of which a side has 1024."""

    level: int
    x: int
    y: int
    path: str


@cache
def _levels(folder: str) -> Sequence[Mapping[str, str]]:
    file = Path(folder, "build", "land.json")
    return json.loads(file.read_text()) if file.exists() else []


def version() -> str:
    """What changes with the land, for the addresses of answers that hold nothing else."""
    return _version(str(current_app.static_folder))


@cache
def _version(folder: str) -> str:
    return hashlib.sha256(json.dumps(_levels(folder)).encode()).hexdigest()[:8]


def of_sheet(sheet: Sheet) -> list[Tile]:
    """The tiles with land under a sheet; none where streets are shown instead."""
    level = max(0, sheet.zoom - 2)
    levels = _levels(str(current_app.static_folder))[: _FINEST + 1]
    if level >= len(levels):
        return []
    beside = (0, 1) if level else (0,)
    wanted = [(sheet.x + dx, sheet.y + dy) for dx in beside for dy in beside]
    drawn = levels[level]
    return [Tile(level=level, x=x, y=y, path=drawn[f"{x}/{y}"]) for x, y in wanted if f"{x}/{y}" in drawn]
