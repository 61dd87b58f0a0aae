"""The mark of the platform, drawn without a browser: for the pictures of events and the icons of the site."""

from PIL import Image, ImageDraw

# `static/flame.svg` in its box of 26 by 38: the flame as cubic curves, the stem and the foot as lines.
_START = (13.0, 2.0)
_CURVES = (
    ((16.3, 6.0), (17.6, 8.3), (17.6, 10.7)),
    ((17.6, 13.24), (15.54, 15.3), (13.0, 15.3)),
    ((10.46, 15.3), (8.4, 13.24), (8.4, 10.7)),
    ((8.4, 8.3), (9.7, 6.0), (13.0, 2.0)),
)
_LINES = (((13.0, 17.0), (13.0, 36.0)), ((3.0, 36.0), (23.0, 36.0)))
_WIDTH = 1.8
BOX = (26, 38)
_SHARP = 4


def mark(height: int, *, flame: str, stem: str) -> Image.Image:
    """The mark on a transparent ground, drawn larger and made small so that its edges are smooth."""
    scale = height * _SHARP / BOX[1]
    image = Image.new("RGBA", (round(BOX[0] * scale), round(BOX[1] * scale)))
    draw = ImageDraw.Draw(image)
    draw.polygon([(x * scale, y * scale) for x, y in _outline()], fill=flame)
    for (x1, y1), (x2, y2) in _LINES:
        draw.line((x1 * scale, y1 * scale, x2 * scale, y2 * scale), fill=stem, width=round(_WIDTH * scale))
    return image.resize((round(BOX[0] * height / BOX[1]), height), Image.Resampling.LANCZOS)


def icon(size: int, *, flame: str, stem: str, ground: str) -> Image.Image:
    """The mark in the middle of a square, with the room around it that round icons cut away."""
    image = Image.new("RGB", (size, size), ground)
    drawn = mark(round(size * 0.68), flame=flame, stem=stem)
    image.paste(drawn, ((size - drawn.width) // 2, (size - drawn.height) // 2), drawn)
    return image


def _outline(steps: int = 16) -> list[tuple[float, float]]:
    points, begin = [_START], _START
    for first, second, end in _CURVES:
        for step in range(1, steps + 1):
            t = step / steps
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
            corners = (begin, first, second, end)
            x = sum(w * p[0] for w, p in zip(weights, corners, strict=True))
            y = sum(w * p[1] for w, p in zip(weights, corners, strict=True))
            points.append((x, y))
        begin = end
    return points
