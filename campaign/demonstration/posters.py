"""Pictures for invented listings: a small flame on a dark ground, drawn here, so that nothing needs a licence."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

ALT = "A small flame above a dark horizon"
CREDIT = "Drawn for the demonstration"
_WIDTH, _HEIGHT = 1200, 800


def flame(number: int) -> bytes:
    """A PNG; `number` moves the flame, so that no two look alike."""
    ground = Image.new("RGB", (_WIDTH, _HEIGHT), (28, 25, 23))
    draw = ImageDraw.Draw(ground)
    horizon = 520 + number % 3 * 30
    for line in range(horizon, _HEIGHT):
        shade = 28 + (line - horizon) // 14
        draw.line([(0, line), (_WIDTH, line)], fill=(shade + 8, shade + 2, shade))
    x, y = 320 + number * 170 % 560, horizon
    glow = Image.new("RGB", (_WIDTH, _HEIGHT))
    light = ImageDraw.Draw(glow)
    light.ellipse([x - 210, y - 300, x + 210, y + 120], fill=(120, 66, 20))
    light.ellipse([x - 70, y - 190, x + 70, y], fill=(220, 140, 50))
    glow = glow.filter(ImageFilter.GaussianBlur(60))
    ground = Image.composite(glow, ground, glow.convert("L").point(lambda v: min(255, v * 2)))
    draw = ImageDraw.Draw(ground)
    draw.polygon(
        [(x, y - 150), (x + 26, y - 70), (x + 16, y - 26), (x - 16, y - 26), (x - 26, y - 70)], fill=(244, 190, 96)
    )
    draw.rectangle([x - 9, y - 24, x + 9, y + 70], fill=(206, 196, 178))
    out = BytesIO()
    ground.filter(ImageFilter.GaussianBlur(1)).save(out, "PNG")
    return out.getvalue()
