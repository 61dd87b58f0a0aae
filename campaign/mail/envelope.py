"""Turns a written message into the bytes that travel, the same bytes every time."""

import hashlib
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from campaign.core.folding import one_line
from campaign.mail.composers import Message
from campaign.mail.models import Letter
from campaign.mail.office import Office

# Seven bits pass every server; the standard library then picks quoted-printable or base64, whichever is shorter.
POLICY = SMTP.clone(cte_type="7bit")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_FIXED = {"from", "to", "cc", "bcc", "date", "message-id", "subject", "sender", "return-path"}


def seal(letter: Letter, message: Message, office: Office) -> bytes:
    """The message with its headers, CRLF line ends. Raises ValueError for an address that cannot be written to.

    Date is the due time and boundaries follow from the key: a second copy after a crash is the same byte for byte.
    """
    mail = EmailMessage(policy=POLICY)
    mail["From"] = office.sender
    mail["To"] = Address(addr_spec=letter.recipient)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(letter.due_at)
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in message.headers.items():
        if name.lower() in _FIXED or not _HEADER.fullmatch(name):
            raise ValueError(f"a composer may not set the header {name!r}")
        del mail[name]
        mail[name] = one_line(value)
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    for filename, kind, content in message.attachments:
        _attach(mail, filename, kind, content)
    # Last, because adding parts moves every Content- header into the first part.
    mail["Content-Language"] = one_line(letter.language)
    _fix_boundaries(mail, letter.key)
    return mail.as_bytes()


def _attach(mail: EmailMessage, filename: str, kind: str, content: bytes) -> None:
    essence, *rest = (part.strip() for part in one_line(kind).split(";"))
    main, _, sub = essence.partition("/")
    params = dict(part.split("=", 1) for part in rest if "=" in part)
    mail.add_attachment(content, maintype=main, subtype=sub, filename=one_line(filename), params=params)


def _fix_boundaries(mail: EmailMessage, key: str) -> None:
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary("=_" + hashlib.sha256(f"{key}/{number}".encode()).hexdigest()[:40])
