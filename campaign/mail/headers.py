"""Header lines of letters, from text to bytes; nothing in a value can begin another header (RFC 5322, 2.2)."""

import re
from email.header import Header
from email.policy import SMTP

from campaign.core.folding import one_line

# Seven bits pass every server.
POLICY = SMTP.clone(cte_type="7bit")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_WRITTEN_HERE = frozenset(
    ("from", "to", "cc", "bcc", "date", "message-id", "subject", "sender", "return-path", "auto-submitted")
)
_WIDTH, _LIMIT, _CRLF = 76, 998, "\r\n"


def check(name: str) -> None:
    """Raises ValueError for a header that a composer may not set."""
    if name.lower() in _WRITTEN_HERE or not _NAME.fullmatch(name):
        raise ValueError(f"a composer may not set the header {name!r}")


def line(name: str, value: str) -> str:
    """One header, folded, with its CRLF.

    ASCII is folded between words and never inside one, nor before the first: the standard library would turn a long
    link into an encoded word, which no receiver reads as a link (RFC 2047, 5, forbids it). Raises ValueError for a
    word that no server takes.
    """
    value = one_line(value)
    if not value.isascii() or "=?" in value:
        words = Header(value, "utf-8", maxlinelen=_WIDTH, header_name=name)
        return f"{name}: {words.encode(linesep=_CRLF)}{_CRLF}"
    first, *rest = value.split() or [""]
    lines = [f"{name}: {first}"]
    for word in rest:
        if len(lines[-1]) + 1 + len(word) > _WIDTH:
            lines.append("")
        lines[-1] += f" {word}"
    if any(len(one) > _LIMIT for one in lines):
        raise ValueError(f"the header {name!r} is too long")
    return _CRLF.join(lines) + _CRLF
