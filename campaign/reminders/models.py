"""Who asked to be reminded of what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.clock import now
from campaign.core.db import Model


class Subscription(Model, kw_only=True):
    """An address that asked for reminders of one event. Active from confirmation until it is ended.

    `zone` is the IANA name of the reader's zone where it is known; letters then say the time there too.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("event_id", "email"), Index(None, "email"))

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    email: Mapped[str]
    language: Mapped[str]
    zone: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime] = mapped_column(default_factory=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None
