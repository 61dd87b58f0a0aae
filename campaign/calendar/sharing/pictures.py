"""The picture that goes with a shared link: title, time, place and campaign on the colours of the night."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from PIL import Image, ImageDraw

from campaign.calendar.sharing import flame
from campaign.calendar.sharing.typesetting import Direction, Fonts, Line, Style, direction_of

WIDTH, HEIGHT = 1200, 630
# Counts up when the drawing changes, so that pictures made before are made anew.
VERSION = 1
_MARGIN = 80
_NIGHT, _LIGHT, _SOFT, _GLOW, _LINE = "#16212c", "#fbfaf7", "#c9cfd6", "#f0b878", "#3a4652"
_SIZES = (78, 68, 60, 52, 46)
_LEADING = {"ltr": 1.16, "rtl": 1.5}
_MOST_LINES = 3
# A palette is enough for text on one ground, and a quarter of the bytes.
_COLOURS = 64
# One at a time: drawing is work for the processor only, and fonts keep state while they measure.
_drawing = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the picture says. `instead` stands in place of a title whose script no font has."""

    campaign: str
    title: str
    instead: str = ""
    when: str
    where: str
    mark: str = ""
    direction: Direction = "ltr"


def draw(card: Card, fonts: Fonts) -> bytes:
    """A PNG of 1200 by 630 pixels."""
    with _drawing:
        image = Image.new("RGB", (WIDTH, HEIGHT), _NIGHT)
        pen = _Pen(ImageDraw.Draw(image), fonts, card.direction)
        _head(image, pen, card)
        _title(pen, card)
        _foot(pen, card)
        buffer = BytesIO()
        image.quantize(_COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class _Pen:
    draw: ImageDraw.ImageDraw
    fonts: Fonts
    base: Direction

    def fitting(self, text: str, style: Style, sizes: Sequence[int], width: float, most: int) -> tuple[int, list[Line]]:
        """(size, lines): the largest size at which the text fits; at the smallest it is cut with an ellipsis."""
        direction = direction_of(text, self.base)
        size, lines = sizes[0], list[Line]()
        for size in sizes:
            lines = self.fonts.lines(text, style, size, direction, width)
            if len(lines) <= most and all(line.width <= width for line in lines):
                return size, lines
        words = text.split()
        while len(words) > 1:
            words.pop()
            lines = self.fonts.lines(" ".join(words) + "…", style, size, direction, width)
            if len(lines) <= most:
                break
        return size, lines[:most]

    def put(self, line: Line, baseline: float, colour: str, *, inset: float = 0) -> None:
        """Set a line at the side where reading begins."""
        x = _MARGIN + inset if self.base == "ltr" else WIDTH - _MARGIN - inset - line.width
        for run in line.runs:
            self.draw.text((x, baseline), run.text, font=run.font, fill=colour, anchor="ls", direction=run.direction)
            x += run.width


def _head(image: Image.Image, pen: _Pen, card: Card) -> None:
    drawn = flame.mark(76, flame=_GLOW, stem=_SOFT)
    x = _MARGIN if pen.base == "ltr" else WIDTH - _MARGIN - drawn.width
    image.paste(drawn, (x, 64), drawn)
    room = WIDTH - 2 * _MARGIN - drawn.width - 24
    _size, lines = pen.fitting(card.campaign, "title", (38, 32, 28), room, 1)
    for line in lines:
        pen.put(line, 118, _LIGHT, inset=drawn.width + 24)


def _title(pen: _Pen, card: Card) -> None:
    text = card.title if pen.fonts.can_set(card.title, "title") else card.instead
    size, lines = pen.fitting(text, "title", _SIZES, WIDTH - 2 * _MARGIN, _MOST_LINES)
    step = size * _LEADING[direction_of(text, pen.base)]
    baseline = 305 - step * (len(lines) - 1) / 2 + size * 0.35
    for line in lines:
        pen.put(line, baseline, _LIGHT)
        baseline += step


def _foot(pen: _Pen, card: Card) -> None:
    pen.draw.rectangle((_MARGIN, 468, WIDTH - _MARGIN, 469), fill=_LINE)
    when = f"{card.mark} · {card.when}" if card.mark else card.when
    for text, baseline, colour, sizes in ((when, 525, _GLOW, (38, 33, 28)), (card.where, 578, _SOFT, (33, 29, 25))):
        _size, lines = pen.fitting(text, "text", sizes, WIDTH - 2 * _MARGIN, 1)
        for line in lines:
            pen.put(line, baseline, colour)
