"""Uploaded pictures: what is taken, what is refused, and what comes out."""

import os
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from campaign.core.faults import Invalid, NotFound, Unavailable
from campaign.media import queries
from campaign.media.pictures import SIZE_GOAL, remake
from campaign.media.service import store_picture
from campaign.media.storage import Store, random_name
from config import UPLOAD_LIMIT


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def _png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims a size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_become_webp(kind: str) -> None:
    remade = remake(_encoded(Image.new("RGB", (1600, 800), "navy"), kind))
    assert (remade.width, remade.height) == (1200, 600)
    assert _opened(remade.data).format == "WEBP"


def test_a_small_picture_keeps_its_size() -> None:
    remade = remake(_encoded(Image.new("RGB", (40, 30)), "PNG"))
    assert (remade.width, remade.height) == (40, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode(mode: str) -> None:
    remade = remake(_encoded(Image.new(mode, (20, 10)), "JPEG" if mode == "CMYK" else "PNG"))
    assert (remade.width, remade.height) == (20, 10)


def test_transparency_stays() -> None:
    assert _opened(remake(_encoded(Image.new("RGBA", (9, 9), (1, 2, 3, 0)), "PNG")).data).mode == "RGBA"


def test_the_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue")]
    still = _opened(remake(_encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])).data)
    assert getattr(still, "n_frames", 1) == 1
    red, _green, blue = still.convert("RGB").getpixel((15, 15))  # type: ignore[misc]
    assert red > 200
    assert blue < 50


def test_a_photo_is_turned_upright_and_loses_its_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at home"
    photo = _encoded(Image.new("RGB", (80, 40)), "JPEG", exif=exif, comment=b"secret place")
    remade = remake(photo)
    assert (remade.width, remade.height) == (40, 80)
    assert not _opened(remade.data).getexif()
    left = [mark for mark in (b"taken at home", b"secret place", b"EXIF", b"XMP ", b"ICCP") if mark in remade.data]
    assert left == []


def test_a_detailed_photo_usually_fits_the_goal() -> None:
    gradient = Image.linear_gradient("L").resize((2000, 1500))
    photo = Image.merge("RGB", (gradient, gradient.rotate(90), Image.effect_noise((2000, 1500), 20)))
    assert len(remake(_encoded(photo, "JPEG", quality=90)).data) <= SIZE_GOAL * 2


JPEG = _encoded(Image.effect_noise((300, 200), 60).convert("RGB"), "JPEG")
PNG = _encoded(Image.effect_noise((300, 200), 60).convert("RGB"), "PNG")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"x" * (UPLOAD_LIMIT + 1), "8 MB"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- drawn --><svg/>', "SVG"),
        (b"%PDF-1.7 something", "not a JPEG"),
        (_encoded(Image.new("RGB", (9, 9)), "GIF"), "not a JPEG"),
        (_encoded(Image.new("RGB", (9, 9)), "BMP"), "not a JPEG"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "not a JPEG"),
        (b"\xff\xd8\xff", "damaged"),
        (JPEG[: len(JPEG) // 2], "damaged"),
        (PNG[: len(PNG) // 2], "damaged"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 junkjunk", "damaged"),
        (_png_claiming(5001, 5000), "25 megapixels"),
        (_png_claiming(12_000, 9000), "25 megapixels"),
        (_png_claiming(60_000, 60_000), "25 megapixels"),
        (_png_claiming(5000, 5000), "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_is_refused_is_told(data: bytes, word: str) -> None:
    with pytest.raises(Invalid) as refusal:
        remake(data)
    assert word in str(refusal.value.problems["picture"])


def test_storing(session: Session, tmp_path: Path) -> None:
    store = Store(tmp_path / "uploads")
    picture = store_picture(PNG, store, uploaded_by=None)
    assert (picture.width, picture.height, picture.size) == (300, 200, len(store.read(picture.name)))
    assert queries.get(picture.id) is picture
    assert queries.find_by_name(picture.name) is picture
    assert [file.name for file in store.root.iterdir()] == [f"{picture.name}.webp"]


@pytest.mark.parametrize("unknown", [0, -1, 10**6, 2**80])
def test_an_unknown_picture(session: Session, unknown: int) -> None:
    with pytest.raises(NotFound):
        queries.get(unknown)


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable):
        Store(tmp_path).write(random_name(), b"picture")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable):
        Store(tmp_path / "file").write(random_name(), b"picture")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "\x00"])
def test_a_foreign_name_is_never_a_path(tmp_path: Path, name: str) -> None:
    assert not Store(tmp_path).has(name)
    with pytest.raises(ValueError, match="name"):
        Store(tmp_path).path(name)
