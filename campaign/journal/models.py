"""The journal's one table. Rows are added and never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.clock import now
from campaign.core.db import Model


class Entry(Model, kw_only=True):
    """One act. `subject` is a table name with an id; `actor_id` is empty for what the platform itself did."""

    __tablename__ = "journal_entries"
    __table_args__ = (Index(None, "subject", "subject_id", "id"),)

    subject: Mapped[str]
    subject_id: Mapped[int]
    act: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(default=None)
    actor_name: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    at: Mapped[datetime] = mapped_column(default_factory=now)
