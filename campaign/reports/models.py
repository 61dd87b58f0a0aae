"""One table: how an event went, in the words and numbers of its organiser."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.clock import now
from campaign.core.db import Model


class FieldReport(Model, kw_only=True):
    """One for each event; telling again replaces it. How many were present is a range, whose ends may be equal.

    `links` has an address a line; `may_quote` says whether the sentence may be published under the organiser's name.
    """

    __tablename__ = "field_reports"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), unique=True)
    told_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    present_least: Mapped[int | None] = mapped_column(default=None)
    present_most: Mapped[int | None] = mapped_column(default=None)
    online: Mapped[int | None] = mapped_column(default=None)
    links: Mapped[str] = mapped_column(Text, default="")
    sentence: Mapped[str] = mapped_column(Text, default="")
    may_quote: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime] = mapped_column(default_factory=now)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}
