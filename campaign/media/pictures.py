"""Makes an uploaded picture anew: what it may be, how large it becomes, and what is left out of it; pure."""

from dataclasses import dataclass
from io import BytesIO

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from PIL import Image, ImageCms, ImageOps

from campaign.core.faults import Invalid
from config import UPLOAD_LIMIT

PIXEL_LIMIT = 25_000_000
WIDTH, HEIGHT = 1200, 2400
SIZE_GOAL = 120 * 1024
_QUALITIES = (82, 74, 66, 58, 50)
_READABLE = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Remade:
    """A WebP file without metadata; sizes in pixels."""

    data: bytes
    width: int
    height: int


def remake(data: bytes) -> Remade:
    """Read a JPEG, PNG or WebP by its content and encode its first frame again, upright and in sRGB.

    Raises Invalid with a sentence for `picture`.
    """
    _check_bytes(data)
    try:
        opened = Image.open(BytesIO(data), formats=_READABLE)  # Reads the header and decodes nothing yet.
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        # Decoders fail in many ways on broken or hostile bytes; for the person it is always the same.
        raise _unreadable() from error
    with opened:
        if opened.width * opened.height > PIXEL_LIMIT:
            raise _too_many_pixels()
        try:
            return _encoded(_plain(opened))
        except Exception as error:
            raise _unreadable() from error


def _check_bytes(data: bytes) -> None:
    if not data:
        raise _refused(_("This file is empty. Please choose another picture."))
    if len(data) > UPLOAD_LIMIT:
        raise _refused(_("This picture is larger than 8 MB. Please choose a smaller one."))
    beginning = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in beginning:
        raise _refused(_("SVG drawings cannot be shown here. Please save the picture as PNG or JPEG."))
    if not _looks_readable(data):
        raise _refused(_("This is not a JPEG, PNG or WebP picture, whatever its name says. Please choose another."))


def _looks_readable(data: bytes) -> bool:
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return is_webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def _plain(opened: Image.Image) -> Image.Image:
    """The first frame: upright, in sRGB, eight bits a channel, small enough, and with nothing else attached."""
    if opened.format in ("JPEG", "MPO"):
        opened.draft(None, (WIDTH, WIDTH))  # A large photo is decoded at half or quarter size, in less memory.
    opened.load()
    upright: Image.Image = opened
    try:
        upright = ImageOps.exif_transpose(opened)
    except Exception:
        # A damaged EXIF block does not damage the picture: it is then shown as it was stored.
        upright = opened
    upright.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    picture = _in_srgb(upright)
    picture.info = {}
    return picture


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith(("I", "F")):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # A broken colour profile is left out, as all metadata is.
        if converted is not None:
            return converted
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _encoded(picture: Image.Image) -> Remade:
    """As good as fits the goal; a picture full of detail may pass it at the lowest quality."""
    data = b""
    for quality in _QUALITIES:
        buffer = BytesIO()
        picture.save(buffer, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")
        data = buffer.getvalue()
        if len(data) <= SIZE_GOAL:
            break
    return Remade(data, picture.width, picture.height)


def _refused(sentence: LazyString) -> Invalid:
    return Invalid({"picture": sentence})


def _too_many_pixels() -> Invalid:
    return _refused(_("This picture has more than 25 megapixels. Please make it smaller and try again."))


def _unreadable() -> Invalid:
    return _refused(_("This picture is damaged or incomplete. Please save it again and send the new file."))
