"""Webhooks: addresses of partners' programs."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.campaigns.models import Campaign
from campaign.core.clock import now
from campaign.core.db import Model
from campaign.organizations.models import Organization


class Webhook(Model, kw_only=True):
    """Where an organisation wants to be told of changes of a campaign's calendar.

    `ref` names it in addresses and in the outbox. `secret` signs every request and is kept as it is, because both sides
    need it; a former one signs beside it until `former_until`. While `stopped_at` is set nothing is sent;
    `stopped_because` is for its owners. `changes` are those it is told of, none means all; `country` likewise.
    """

    __tablename__ = "webhooks"
    __table_args__ = (Index(None, "campaign_id", "stopped_at"), Index(None, "organization_id"))

    ref: Mapped[str] = mapped_column(unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    url: Mapped[str]
    host: Mapped[str]
    secret: Mapped[str]
    former_secret: Mapped[str] = mapped_column(default="")
    former_until: Mapped[datetime | None] = mapped_column(default=None)
    changes: Mapped[list[str]] = mapped_column(default_factory=list)
    country: Mapped[str] = mapped_column(default="")
    stopped_at: Mapped[datetime | None] = mapped_column(default=None)
    stopped_because: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default_factory=now)

    organization: Mapped[Organization] = relationship(init=False, lazy="raise_on_sql")
    campaign: Mapped[Campaign] = relationship(init=False, lazy="raise_on_sql")

    def former_secrets(self, at: datetime) -> list[str]:
        """What signs beside the secret at this moment."""
        return [self.former_secret] if self.former_until is not None and self.former_until > at else []
