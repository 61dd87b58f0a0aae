"""People, and which letters they do without."""

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from campaign.core.clock import now
from campaign.core.db import Model, text_enum


class Person(UserMixin, Model, kw_only=True):
    """Somebody with an account. `email` is stored folded (see `service.normal_email`) and unique."""

    __tablename__ = "people"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="")
    email_confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    is_admin: Mapped[bool] = mapped_column(default=False)
    # Counts up when the password changes: every older session and reset link ends.
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default_factory=now)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}

    @override
    def get_id(self) -> str:
        return f"{self.id}.{self.session_version}"

    @property
    def is_confirmed(self) -> bool:
        return self.email_confirmed_at is not None


class OptionalLetter(StrEnum):
    """Letters that somebody with an account can do without. All others are about the account, decide about their own
    listings, or say that somebody waits too long. SEASON stands for the four about a coming edition."""

    CHECK = "event_check"
    REPORT = "event_report"
    DRAFT = "event_draft"
    SEASON = "season"
    DESK = "desk_digest"


class LetterStop(Model, kw_only=True):
    """A kind of letters that a person wants no more of."""

    __tablename__ = "letter_stops"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[OptionalLetter] = mapped_column(text_enum(OptionalLetter))
    stopped_at: Mapped[datetime] = mapped_column(default_factory=now)
