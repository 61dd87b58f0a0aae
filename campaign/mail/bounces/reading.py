"""Reads what a mail server sends when a letter did not arrive (RFC 3464); anything else, however odd, reports nothing.

Which letter it was is told by our Message-ID, wherever the report has it: in the returned headers, in In-Reply-To, in
the text. Who it was for is told by the fields of the report and by the returned To.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import getaddresses

import structlog

from campaign.core.folding import one_line

log = structlog.get_logger(__name__)

# A report says what it has to say at its beginning; the letter that it returns may be large.
LONGEST = 512 * 1024
# The deepest real one has five parts that have parts.
_PARTS = re.compile(rb"(?im)^content-type:\s*(?:multipart|message)/")
_MOST_PARTS = 12
_MOST_RECIPIENTS = 50
_OURS = re.compile(rb"<r\.[0-9a-f]{32}@[A-Za-z0-9.\[\]:-]{1,255}>")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY = re.compile(r"(?m)(?:^|[\s:;])([45])\d\d[ -]")
# Who writes bounces; a person who answers a letter does not write as one of these, nor a program that is on holiday.
_FAILED_RECIPIENTS = "x-failed-recipients"


@dataclass(frozen=True, slots=True)
class Report:
    """One recipient of one letter. `action` is `failed`, `delayed`, …; `status` is an enhanced code like `5.1.1`."""

    message_id: str
    recipients: tuple[str, ...]
    action: str
    status: str
    said: str

    @property
    def has_failed(self) -> bool:
        return self.action == "failed"


def read(source: bytes) -> list[Report]:
    """What this message reports about letters of ours; nothing, if it is no report. Never raises."""
    source = source[:LONGEST]
    found = _OURS.search(source)
    if found is None or len(_PARTS.findall(source)) > _MOST_PARTS:
        return []
    try:
        return list(_reports(message_from_bytes(source), found.group().decode("ascii", "replace")))
    except Exception as error:
        # What strangers send may break any parser; that is no reason to stop reading the next one.
        log.warning("a report could not be read", error=type(error).__name__)
        return []


def _reports(mail: Message, message_id: str) -> Iterator[Report]:
    returned = tuple(_returned_to(mail))
    blocks = [block for part in mail.walk() if _is_status(part) for block in _blocks(part)]
    for block in blocks[: _MOST_RECIPIENTS + 1]:
        action = _text(block, "action").lower()
        if not action:
            continue  # The first block speaks about the whole letter.
        said = _text(block, "diagnostic-code")
        status = _code(_text(block, "status")) or _code(said) or "0.0.0"
        named = tuple(
            filter(None, (_address(_text(block, name)) for name in ("original-recipient", "final-recipient")))
        )
        yield Report(message_id, named + returned, action, status, said[:300])
    if not blocks and mail.get(_FAILED_RECIPIENTS):
        yield _old_form(mail, message_id)


def _old_form(mail: Message, message_id: str) -> Report:
    """A report in words, as Exim wrote them: who failed stands in a header, why in the text."""
    failed = tuple(address for _name, address in getaddresses([_text(mail, _FAILED_RECIPIENTS)])[:_MOST_RECIPIENTS])
    words = _words(mail)
    reply = _REPLY.search(words)
    status = _code(words) or (f"{reply.group(1)}.0.0" if reply else "0.0.0")
    at = reply.start() if reply else 0
    return Report(message_id, failed, "failed", status, one_line(words[at : at + 300]).strip())


def _words(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            return content.decode("utf-8", "replace")[:20_000] if isinstance(content, bytes) else ""
    return ""


def _is_status(part: Message) -> bool:
    return part.get_content_type() in ("message/delivery-status", "message/global-delivery-status")


def _blocks(part: Message) -> list[Message]:
    """The groups of fields. The parser knows the older of the two types; the newer is one letter to it."""
    payload = part.get_payload()
    blocks = [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []
    if part.get_content_type() == "message/global-delivery-status" and blocks:
        rest = str(blocks[0].get_payload())
        blocks += [message_from_string(group) for group in re.split(r"\r?\n\r?\n", rest)[:_MOST_RECIPIENTS]]
    return blocks


def _returned_to(mail: Message) -> Iterator[str]:
    """Whom the returned letter was addressed to, whole or only its headers."""
    for part in mail.walk():
        kind, payload = part.get_content_type(), part.get_payload()
        if kind in ("message/rfc822", "message/global") and isinstance(payload, list):
            yield from _addresses(payload[0])
        elif kind in ("text/rfc822-headers", "message/global-headers"):
            whole = payload[0] if isinstance(payload, list) else message_from_string(str(payload))
            yield from _addresses(whole)


def _addresses(returned: object) -> Iterator[str]:
    if isinstance(returned, Message):
        yield from (address for _name, address in getaddresses([_text(returned, "to")])[:2] if address)


def _address(field: str) -> str:
    """What stands in `rfc822; <reader@example.org>`."""
    return field.rpartition(";")[2].strip().strip("<>").strip()


def _code(text: str) -> str:
    found = _STATUS.search(text)
    return found.group(1) if found else ""


def _text(part: Message, name: str) -> str:
    return one_line(str(part.get(name, ""))).strip()
