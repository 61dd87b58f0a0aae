"""Campaigns, their regions and the people appointed to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.core.clock import now
from campaign.core.db import Model, text_enum


class Office(StrEnum):
    """What an appointment allows: coordinators review, leads also configure."""

    COORDINATOR = "coordinator"
    LEAD = "lead"


class Campaign(Model, kw_only=True):
    """One remembrance campaign. `settings` holds the checked configuration file (see `configuration`)."""

    __tablename__ = "campaigns"

    slug: Mapped[str] = mapped_column(unique=True)
    names: Mapped[dict[str, str]]
    month: Mapped[int]
    day: Mapped[int]
    settings: Mapped[dict[str, Any]]
    is_open: Mapped[bool] = mapped_column(default=True)
    # Counts up with every change the public can see; caches and ETags are made from it.
    calendar_version: Mapped[int] = mapped_column(default=1)
    calendar_changed_at: Mapped[datetime] = mapped_column(default_factory=now)


class Region(Model, kw_only=True):
    """Countries that one desk looks after. `fallback` is the key of another region, or `lead`."""

    __tablename__ = "regions"
    __table_args__ = (UniqueConstraint("campaign_id", "key"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    key: Mapped[str]
    desk_names: Mapped[dict[str, str]]
    time_zone: Mapped[str]
    fallback: Mapped[str] = mapped_column(default="lead")


class RegionCountry(Model, kw_only=True):
    """A country belongs to at most one region of a campaign."""

    __tablename__ = "region_countries"
    __table_args__ = (UniqueConstraint("campaign_id", "country"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id", ondelete="CASCADE"), index=True)
    country: Mapped[str]


class Appointment(Model, kw_only=True):
    """A person's office in a campaign: for one region, one country, or all of it where both are empty."""

    __tablename__ = "appointments"
    __table_args__ = (Index(None, "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    office: Mapped[Office] = mapped_column(text_enum(Office))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id", ondelete="CASCADE"), default=None)
    country: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(init=False, lazy="raise_on_sql")
