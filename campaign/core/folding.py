"""One folding of text for search and comparison, in every script.

NFKD, casefold, marks removed, and the letters that Unicode keeps apart although people type either: dotless and
dotted i, schwa, Arabic alef and ya forms, Cyrillic yo.
"""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ı": "i", "ə": "e", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th",
        "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ё": "е", "ـ": "",
    }
)  # fmt: skip
_UNSAFE = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2066-\u206f\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\u000b\u000c\u0085\u2028\u2029]")
_GAPS = re.compile(r"\s+")


def fold(text: str) -> str:
    """The comparable form of a text: lower case, no marks, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.replace("İ", "i").casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)
    return _GAPS.sub(" ", plain).strip()


def clean(text: str) -> str:
    """Typed text as it is stored: NFC, without bidi overrides, lone surrogates, or what XML 1.0 cannot carry."""
    if text.isascii() and text.isprintable():
        return text.strip(" ")  # A link, a number, most words of the machine: there is nothing to look for.
    return unicodedata.normalize("NFC", _UNSAFE.sub("", _LINE_ENDS.sub("\n", text))).strip()


def one_line(text: str) -> str:
    """The same for what must stay on one line: a title, a name, a header (RFC 5322, 2.2)."""
    return " ".join(clean(text).split())


@lru_cache(maxsize=2000)
def slug(text: str, *, limit: int = 60) -> str:
    """A readable part of an address; may be empty for scripts that do not fold to ASCII."""
    ascii_only = fold(text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:limit].rstrip("-")
