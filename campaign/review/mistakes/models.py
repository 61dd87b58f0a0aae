"""One table: what somebody reported about a public event."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.core.clock import now
from campaign.core.db import Model, text_enum
from campaign.events.lifecycle import Refusal
from campaign.events.models import Event


class Concern(StrEnum):
    """What a report is about; each but the first two stands for a reason of the policy."""

    DANGER = "danger"
    NOT_HAPPENING = "not_happening"
    INCORRECT = "incorrect"
    DUPLICATE = "duplicate"
    IMPERSONATION = "impersonation"
    PERSONAL_DATA = "personal_data"
    HOSTILE = "hostile"
    DENIAL = "denial"
    UNSOURCED = "unsourced"
    GRAPHIC = "graphic"
    OFF_TOPIC = "off_topic"
    COMMERCIAL = "commercial"


REASON: dict[Concern, Refusal] = {
    Concern.DANGER: Refusal.UNSAFE,
    Concern.NOT_HAPPENING: Refusal.INCORRECT,
    Concern.INCORRECT: Refusal.INCORRECT,
    Concern.DUPLICATE: Refusal.DUPLICATE,
    Concern.IMPERSONATION: Refusal.IMPERSONATION,
    Concern.PERSONAL_DATA: Refusal.PERSONAL_DATA,
    Concern.HOSTILE: Refusal.DEHUMANISING,
    Concern.DENIAL: Refusal.DENIAL,
    Concern.UNSOURCED: Refusal.UNSOURCED,
    Concern.GRAPHIC: Refusal.GRAPHIC,
    Concern.OFF_TOPIC: Refusal.OFF_TOPIC,
    Concern.COMMERCIAL: Refusal.COMMERCIAL,
}


class State(StrEnum):
    """Somebody has to look at it, or somebody did."""

    OPEN = "open"
    RESOLVED = "resolved"


class Mistake(Model, kw_only=True):
    """A report by a visitor. `token` is that of the form, so that sending it twice reports once; `email` is only for
    an answer and is never shown to the organiser; `note` is what the desk did."""

    __tablename__ = "mistakes"
    __table_args__ = (Index(None, "state", "id"), Index(None, "event_id"))

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    token: Mapped[str] = mapped_column(unique=True)
    concern: Mapped[Concern] = mapped_column(text_enum(Concern))
    text: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    state: Mapped[State] = mapped_column(text_enum(State), default=State.OPEN)
    note: Mapped[str] = mapped_column(Text, default="")
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"), default=None)
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=now)
    version: Mapped[int] = mapped_column(init=False)

    event: Mapped[Event] = relationship(init=False, lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
