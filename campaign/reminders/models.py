"""Who asked for letters, how they want them, and what they follow."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.core.clock import now
from campaign.core.db import Model, text_enum
from campaign.mail.models import EMAIL

# The days before an event on which a letter may be wished for; 0 is the day itself.
DAYS = (7, 1, 0)


class Kind(StrEnum):
    """What is followed, and so which letters come: see `DECISIONS.md`, the entry on subscriptions."""

    EVENT = "event"
    COMING = "coming"
    WEEKLY = "weekly"
    DAY = "day"


class Reader(Model, kw_only=True):
    """An address that letters are asked for, without an account, and how its owner wants to be written to.

    `zone` is an IANA name or empty where it is not known; `days` says how many days before an event to write (`7,1`);
    `confirmed_at` is when the owner last answered a letter of ours. `feed_round` is the number of the personal
    calendar address in force: a new number ends the old address. A browser that asked for notifications is a reader as
    well: its `channel` and `host` say how they travel, and `email` is its name in the outbox.
    """

    __tablename__ = "readers"

    email: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    zone: Mapped[str] = mapped_column(default="")
    days: Mapped[str] = mapped_column(default="7,1")
    is_changes_only: Mapped[bool] = mapped_column(default=False)
    feed_round: Mapped[int] = mapped_column(default=1)
    channel: Mapped[str] = mapped_column(default=EMAIL)
    host: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default_factory=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def is_browser(self) -> bool:
        return self.channel != EMAIL

    @property
    def days_before(self) -> tuple[int, ...]:
        """The days before an event on which a reminder is wished for; none where only changes are."""
        return () if self.is_changes_only else tuple(int(day) for day in self.days.split(",") if day)


class PushEndpoint(Model, kw_only=True):
    """Where a browser can be reached, and its keys (`push.endpoints`)."""

    __tablename__ = "push_endpoints"

    reader_id: Mapped[int] = mapped_column(ForeignKey("readers.id", ondelete="CASCADE"), unique=True)
    url: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]


class Subscription(Model, kw_only=True):
    """One thing that a reader follows: an event, or what a filter finds. Active from confirmation until it is ended.

    `query` is a public filter in its canonical form, empty for all events of the campaign. `topic` names the whole
    wish, so that the same wish is one row however often it is asked.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("reader_id", "topic"),
        Index(None, "event_id"),
        Index(None, "campaign_id", "kind", "query"),
    )

    reader_id: Mapped[int] = mapped_column(ForeignKey("readers.id", ondelete="CASCADE"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(text_enum(Kind))
    topic: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), default=None)
    query: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime] = mapped_column(default_factory=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    reader: Mapped[Reader] = relationship(init=False, lazy="raise_on_sql")

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None
