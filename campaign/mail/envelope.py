"""Turns written words into the bytes that travel: once for all readers of a form, then each reader's own fields.

Bodies are quoted-printable: seven bits pass every server, and a soft line break before and after a field (RFC 2045,
6.7) lets any text take its place without touching the lines around it.
"""

import hashlib
import re
import secrets
from binascii import b2a_qp
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache

from markupsafe import escape

from campaign.core.folding import one_line
from campaign.mail import headers
from campaign.mail.addresses import routable
from campaign.mail.composers import Filled, Message
from campaign.mail.models import Letter
from campaign.mail.office import Office

# Private-use characters around a word nobody can guess: no title can pass for the place of a field.
_NONCE = secrets.token_hex(8)
_PLACE = re.compile(rf"\ue000{_NONCE}:(\w+)\ue001")
# In headers the place is a word of ASCII.
_WORD = re.compile(rf"{_NONCE}-(\w+)-")
_HOLE = re.compile(rb"\x01([hpx]):(\w+)\x02")


class _Places(Mapping[str, str]):
    """Stands in for the fields while a form is written."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            raise KeyError(name)
        return f"\ue000{_NONCE}:{name}\ue001"

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The bytes of a form, cut where fields belong; `holes` are (way of writing, name), one after each piece."""

    title: str
    pieces: tuple[bytes, ...]
    holes: tuple[tuple[Callable[[str], bytes], str], ...]

    def fill(self, letter: Letter, fields: Mapping[str, str]) -> bytes:
        """One letter, CRLF line ends. Raises ValueError for an address that cannot be written to.

        Date is the due time and everything else follows from the words: a second copy is the same byte for byte.
        """
        own = f"To: {routable(letter.recipient)}\r\nDate: {_date(letter.due_at)}\r\nMessage-ID: {letter.message_id}\r\n"
        filled = [own.encode(), self.pieces[0]]
        for (write, name), piece in zip(self.holes, self.pieces[1:], strict=True):
            filled += (write(fields[name]), piece)
        return b"".join(filled)


def sheet(filled: Filled, language: str, office: Office) -> Sheet:
    """Write the form and seal it. Raises ValueError for a header that a composer may not set."""
    message = filled.form.write(_Places(frozenset(filled.fields)))
    if _PLACE.search(message.subject):
        raise ValueError("a field may not stand in the subject")
    return _cut(message.subject, _seal(message, language, office))


def sheet_of(message: Message, language: str, office: Office) -> Sheet:
    """The sheet of a letter that nobody else gets; nothing is left to fill in but the address."""
    return _cut(message.subject, _seal(message, language, office))


def seal(letter: Letter, message: Message, office: Office) -> bytes:
    """The bytes of a letter that nobody else gets."""
    return sheet_of(message, letter.language, office).fill(letter, {})


def _cut(title: str, source: bytes) -> Sheet:
    parts = _HOLE.split(source)
    holes = tuple((_WAYS[way], name.decode()) for way, name in zip(parts[1::3], parts[2::3], strict=True))
    return Sheet(title, tuple(parts[::3]), holes)


def _seal(message: Message, language: str, office: Office) -> bytes:
    mail = EmailMessage(policy=headers.POLICY)
    mail["From"] = office.sender
    if office.reply_to is not None:
        mail["Reply-To"] = office.reply_to
    for body, subtype in ((message.text, "plain"), (message.html, "html")):
        _add(mail, body, subtype)
    for filename, kind, content in message.attachments:
        _attach(mail, filename, kind, content)
    # Last, because adding parts moves every Content- header into the first part.
    mail["Content-Language"] = one_line(language)
    _fix_boundaries(mail, message)
    own = [headers.line("Subject", message.subject), "Auto-Submitted: auto-generated\r\n"]
    for name, value in message.headers.items():
        headers.check(name)
        written = headers.line(name, _PLACE.sub(rf"{_NONCE}-\1-", value))
        own.append(_WORD.sub("\x01h:\\1\x02", written))
    return "".join(own).encode("ascii") + mail.as_bytes()


def _add(mail: EmailMessage, body: str, subtype: str) -> None:
    if subtype == "plain":
        mail.set_content("", cte="quoted-printable")
        mail.set_payload(_quoted(body, "p"))
    else:
        mail.add_alternative("", subtype=subtype, cte="quoted-printable")
        list(mail.iter_parts())[-1].set_payload(_quoted(body, "x"))


def _quoted(body: str, way: str) -> str:
    pieces = _PLACE.split(body.replace("\r\n", "\n").replace("\r", "\n"))
    words = [b2a_qp(piece.encode("utf-8", "replace"), istext=True).decode() for piece in pieces[::2]]
    holes = [f"=\n\x01{way}:{name}\x02=\n" for name in pieces[1::2]]
    return "".join(word + hole for word, hole in zip(words, [*holes, ""], strict=True))


def _attach(mail: EmailMessage, filename: str, kind: str, content: bytes) -> None:
    essence, *rest = (part.strip() for part in one_line(kind).split(";"))
    main, _, sub = essence.partition("/")
    params = dict(part.split("=", 1) for part in rest if "=" in part)
    mail.add_attachment(content, maintype=main, subtype=sub, filename=one_line(filename), params=params)


def _fix_boundaries(mail: EmailMessage, message: Message) -> None:
    words = _PLACE.sub(r"{\1}", message.text + message.html)
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary("=_" + hashlib.sha256(f"{number}/{words}".encode()).hexdigest()[:40])


_date = lru_cache(256)(format_datetime)


@lru_cache(2048)
def _in_header(value: str) -> bytes:
    """A field of a header stands in the middle of a line: visible ASCII, as links are, or nothing at all."""
    if not (value.isascii() and value.isprintable()) or len(value) > 900:
        raise ValueError("a field of a header must be one short word of ASCII")
    return value.encode()


@lru_cache(2048)
def _in_text(value: str) -> bytes:
    return b2a_qp(one_line(value).encode(), istext=False).replace(b"\n", b"\r\n")


@lru_cache(2048)
def _in_html(value: str) -> bytes:
    return _in_text(str(escape(one_line(value))))


_WAYS: dict[bytes, Callable[[str], bytes]] = {b"h": _in_header, b"p": _in_text, b"x": _in_html}
