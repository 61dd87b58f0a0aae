"""What the settings say about mail: who writes, through which server, and whether letters leave at all."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path
from typing import Self

from flask import current_app, has_app_context

from campaign.mail.addresses import routable
from campaign.mail.reconcile import MailLog, WasAccepted, nobody_knows
from campaign.mail.signing import Sign, signer
from config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The sender of all letters; without `smtp_url` (shape: see `smtp.Server.parse`) letters are kept.

    `receipts` is the folder of `mail.receipts`; `was_accepted` is asked about letters in doubt.
    """

    mail_from: str = "Remembrance Calendar <calendar@localhost>"
    mail_reply_to: str = ""
    smtp_url: str = ""
    public_url: str = "http://localhost"
    may_keep: bool = True
    polls_fast: bool = True
    letters_a_minute: int = 0
    secret: str = field(default="", repr=False)
    dkim_key: str = ""
    dkim_selector: str = ""
    receipts: Path | None = None
    was_accepted: WasAccepted = nobody_knows

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The office of these settings; only outside production may letters be kept instead of sent."""
        return cls(
            mail_from=settings.mail_from,
            mail_reply_to=settings.mail_reply_to,
            smtp_url=settings.smtp_url,
            public_url=settings.public_url,
            may_keep=not settings.is_production,
            polls_fast=not settings.redis_url,
            letters_a_minute=settings.mail_rate,
            secret=settings.secret_key,
            dkim_key=settings.mail_dkim_key,
            dkim_selector=settings.mail_dkim_selector,
            receipts=settings.data_dir / "receipts",
            was_accepted=MailLog(Path(settings.mail_log)) if settings.mail_log else nobody_knows,
        )

    @classmethod
    def current(cls) -> Self:
        """The office of the running application; a plain local one where there is none."""
        return cls.of(current_app.extensions["settings"]) if has_app_context() else cls()

    @property
    def sender(self) -> Address:
        """Name and address of the From line."""
        return _mailbox(self.mail_from)

    @property
    def reply_to(self) -> Address | None:
        """Where people's answers go, if not to the sender: reports of letters that came back go there."""
        return _mailbox(self.mail_reply_to) if self.mail_reply_to else None

    @property
    def sign(self) -> Sign | None:
        """What puts our domain's signature on a letter; None where letters are not signed here."""
        if not self.dkim_key:
            return None
        domain = routable(self.sender.addr_spec).rpartition("@")[2]
        return signer(self.dkim_key, self.dkim_selector, domain).signed

    @property
    def domain(self) -> str:
        """The right-hand side of every Message-ID (RFC 5322, 3.6.4)."""
        return self.sender.domain or "localhost"


def _mailbox(written: str) -> Address:
    # Not parseaddr: people write a comma into the name without quoting it.
    name, bracket, rest = written.rpartition("<")
    address = rest.partition(">")[0] if bracket else written
    return Address(display_name=name.strip().strip('"'), addr_spec=address.strip())
