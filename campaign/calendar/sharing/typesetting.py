"""Sets lines of text in any script from the fonts of the build: which font has a character, which way a run goes.

Shaping inside a run (Arabic, Devanagari) is Raqm's work, which comes inside Pillow. What is done here is what one font
cannot do: a line may need several, and runs of opposite direction are put into their visual order, a simplified form
of the Unicode bidirectional algorithm (UAX 9) without embeddings.
"""

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Literal

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

Style = Literal["title", "text"]
Direction = Literal["ltr", "rtl"]
_STRONG: dict[str, Direction] = {"L": "ltr", "R": "rtl", "AL": "rtl"}


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one font and one direction."""

    text: str
    font: FreeTypeFont
    direction: Direction
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """Runs from left to right."""

    runs: tuple[Run, ...]

    @property
    def width(self) -> float:
        return sum(run.width for run in self.runs)


@dataclass(frozen=True, slots=True)
class _Face:
    path: str
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    def has(self, character: str) -> bool:
        place = bisect_right(self.firsts, ord(character)) - 1
        return place >= 0 and ord(character) <= self.lasts[place]


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts of one build."""

    folder: Path

    def can_set(self, text: str, style: Style) -> bool:
        """Whether there is a font for every letter; a stray sign more or less does not matter."""
        return all(_face_for(self.folder, style, c) is not None for c in text if unicodedata.category(c)[0] == "L")

    def line(self, text: str, style: Style, size: int, base: Direction) -> Line:
        """One line, in visual order; characters that no font has are left out."""
        parts = [list(self._fonts(part, direction, style, size)) for part, direction in _directed(text, base)]
        ordered = parts if base == "ltr" else parts[::-1]
        return Line(tuple(run for part in ordered for run in part))

    def lines(self, text: str, style: Style, size: int, base: Direction, width: float) -> list[Line]:
        """The text broken between words into lines of at most this width, unless a single word is wider."""
        broken, current = [], ""
        for word in text.split():
            longer = f"{current} {word}".strip()
            if current and self.line(longer, style, size, base).width > width:
                broken.append(current)
                current = word
            else:
                current = longer
        return [self.line(part, style, size, base) for part in [*broken, current] if part]

    def _fonts(self, text: str, direction: Direction, style: Style, size: int) -> Iterator[Run]:
        """Runs of one font each, in visual order."""
        found: list[tuple[_Face, str]] = []
        for character in text:
            face = _face_for(self.folder, style, character)
            if face is None:
                continue
            if found and (character == " " or unicodedata.combining(character)):
                face = found[-1][0]  # Spaces and marks stay with the letter before them.
            found.append((face, character))
        runs = [
            _run("".join(c for _face, c in group), _font(face.path, size), direction)
            for face, group in groupby(found, key=lambda pair: pair[0])
        ]
        yield from runs if direction == "ltr" else runs[::-1]


def direction_of(text: str, otherwise: Direction = "ltr") -> Direction:
    """That of the first letter that has one (UAX 9, P2)."""
    return next((_STRONG[kind] for c in text if (kind := unicodedata.bidirectional(c)) in _STRONG), otherwise)


def _directed(text: str, base: Direction) -> list[tuple[str, Direction]]:
    """(part, direction) in logical order. Digits go with the letter before them, other signs with what both sides
    agree on, else with the line."""
    kinds = [unicodedata.bidirectional(c) for c in text]
    found: list[Direction | None] = []
    before = base
    for kind in kinds:
        before = _STRONG.get(kind, before)
        found.append(before if kind in _STRONG or kind in ("EN", "AN", "NSM") else None)
    for place, direction in enumerate(found):
        if direction is None:
            left = next((d for d in reversed(found[:place]) if d), base)
            right = next((d for d in found[place:] if d), base)
            found[place] = left if left == right else base
    pairs = zip(text, found, strict=True)
    return [("".join(c for c, _d in group), d or base) for d, group in groupby(pairs, key=lambda pair: pair[1])]


def _run(text: str, font: FreeTypeFont, direction: Direction) -> Run:
    return Run(text, font, direction, font.getlength(text, direction=direction))


@cache
def _faces(folder: Path) -> dict[str, tuple[_Face, ...]]:
    listed = json.loads((folder / "fonts.json").read_text())
    return {style: tuple(_face(folder, **one) for one in faces) for style, faces in listed.items()}


def _face(folder: Path, file: str, ranges: Sequence[Sequence[int]]) -> _Face:
    return _Face(str(folder / file), tuple(r[0] for r in ranges), tuple(r[1] for r in ranges))


@cache
def _face_for(folder: Path, style: Style, character: str) -> _Face | None:
    return next((face for face in _faces(folder)[style] if face.has(character)), None)


@cache
def _font(path: str, size: int) -> FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)
