"""QR codes of short links, as drawings and as pictures; pure."""

from functools import lru_cache
from io import BytesIO

import segno

# A poster is read from afar, in bad light, with a crease in it: a quarter of the code may be lost.
_CORRECTION = "q"
_QUIET = 4


def drawing(address: str) -> str:
    """The code as an SVG document that prints sharply at any size."""
    buffer = BytesIO()
    _code(address).save(buffer, kind="svg", border=_QUIET, scale=8, dark="#000", light="#fff", nl=False)
    return buffer.getvalue().decode()


@lru_cache(maxsize=500)
def inline(address: str) -> str:
    """The code as an SVG element of a page; black on white whatever the colours of the page are.

    It costs more than the rest of a page together, and is the same in every language and after every change.
    """
    code = _code(address)
    made: str = code.svg_inline(border=_QUIET, dark="#000", light="#fff", omitsize=True)
    return made


def picture(address: str) -> bytes:
    """The code as a PNG of about a thousand pixels a side."""
    buffer = BytesIO()
    code = _code(address)
    scale = max(1, 1000 // (code.symbol_size(border=_QUIET)[0]))
    code.save(buffer, kind="png", border=_QUIET, scale=scale)
    return buffer.getvalue()


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error=_CORRECTION, micro=False)
