"""Promised letters and addresses that get none."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.clock import now
from campaign.core.db import Model, text_enum

# A search by the beginning of an address is a range of code points.
_ByCodePoint = String().with_variant(String(collation="C"), "postgresql")


class Status(StrEnum):
    """Where a letter is.

    `pending`: waits, or is claimed and not tried yet. `sending`: in the hands of its claimer at this moment; if that
    one dies, somebody has to find out. `uncertain`: nobody could, twice; it is left to a person (RFC 1047).
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"
    UNCERTAIN = "uncertain"


EMAIL = "email"
WAITING = (Status.PENDING, Status.SENDING)

# The words of the partial indexes, spelled out: an index serves only a query that repeats them.
_WAITING = "status in ('pending','sending')"
_WENT_WRONG = "status in ('failed','bounced','suppressed','uncertain','expired')"
_SENT = "status = 'sent'"
IS_WAITING, WENT_WRONG, IS_SENT = (text(f"letters.{words}") for words in (_WAITING, _WENT_WRONG, _SENT))


class Letter(Model, kw_only=True):
    """A letter promised in a committed transaction. It is claimed with a lease and a fencing token, then sent.

    `key` is unique: promising twice is promising once, and `message_id` follows from it, so that a second copy after
    a crash carries the same Message-ID. `kind` names the composer (see `composers`) and the templates. `subject`
    and `subject_id` say what it is about, so that what became wrong can be called back. `doubts` counts how often it
    was handed over without an answer. `channel` names its carrier, `host` who takes it there (see `carriers`).
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index(
            "ix_letters_waiting",
            "channel",
            "host",
            "next_try_at",
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
        # What went wrong is rare, and looked for.
        Index(
            "ix_letters_went_wrong",
            "status",
            "id",
            sqlite_where=text(_WENT_WRONG),
            postgresql_where=text(_WENT_WRONG),
        ),
        Index(
            "ix_letters_sent",
            "channel",
            "sent_at",
            sqlite_where=text(_SENT),
            postgresql_where=text(_SENT),
        ),
        Index("ix_letters_by_recipient", "recipient", "id"),
        Index(None, "subject", "subject_id", "kind"),
        Index(None, "recipient_id", "kind"),
    )

    key: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str] = mapped_column(default=EMAIL)
    host: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    recipient: Mapped[str] = mapped_column(_ByCodePoint)
    language: Mapped[str]
    message_id: Mapped[str]
    due_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    context: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    subject: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[int] = mapped_column(default=0)
    recipient_id: Mapped[int | None] = mapped_column(default=None)
    status: Mapped[Status] = mapped_column(text_enum(Status), default=Status.PENDING)
    claim: Mapped[str | None] = mapped_column(default=None)
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    tz_version: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=now)


class Suppression(Model, kw_only=True):
    """An address that must not be written to again, and why."""

    __tablename__ = "suppressions"

    email: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default_factory=now)


class Bounce(Model, kw_only=True):
    """A letter that came back, by the word of a mail server; the last time, however often that is reported."""

    __tablename__ = "bounces"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]
    said: Mapped[str]
    is_permanent: Mapped[bool]
    reported_at: Mapped[datetime]


class MailHost(Model, kw_only=True):
    """What all senders know together of one mail server: whether it answers, and how many letters it may get.

    Until `rests_until` nobody tries it. `free_at` is the hour up to which its rate is used up.
    """

    __tablename__ = "mail_hosts"

    name: Mapped[str] = mapped_column(unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None] = mapped_column(default=None)
    free_at: Mapped[datetime | None] = mapped_column(default=None)
    last_error: Mapped[str] = mapped_column(default="")


class Alarm(Model, kw_only=True):
    """Something that needs a person and does not mend itself; `doctor` and /readyz show it until it is over.

    `raised_at` is when it was raised last (see `alarms`).
    """

    __tablename__ = "alarms"

    name: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(default_factory=now)


class Heartbeat(Model, kw_only=True):
    """When a part of the installation was last seen alive."""

    __tablename__ = "heartbeats"

    part: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]


class KeptLetter(Model, kw_only=True):
    """The bytes of a letter that was not sent because there is no mail server (development only)."""

    __tablename__ = "kept_letters"

    recipient: Mapped[str]
    title: Mapped[str]
    source: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(default_factory=now)
