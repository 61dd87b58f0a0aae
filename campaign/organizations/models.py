"""Organisations and memberships."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.core.clock import now
from campaign.core.db import Model, text_enum


class Kind(StrEnum):
    """What an organisation is."""

    EMBASSY = "embassy"
    CONSULATE = "consulate"
    PERMANENT_MISSION = "permanent_mission"
    DIASPORA = "diaspora"
    YOUTH = "youth"
    UNIVERSITY = "university"
    MUSEUM = "museum"
    MUNICIPALITY = "municipality"
    PARLIAMENT = "parliament"
    OTHER = "other"


class Role(StrEnum):
    """What a member may do: viewers read, editors write events, owners also manage the organisation."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


class Organization(Model, kw_only=True):
    """A body that holds events. `country` is ISO 3166-1 alpha-2; `verified_at` is empty until a desk verified it."""

    __tablename__ = "organizations"
    __table_args__ = (Index(None, "search_name"),)

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    search_name: Mapped[str]
    kind: Mapped[Kind] = mapped_column(text_enum(Kind))
    country: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    external_id: Mapped[str | None] = mapped_column(default=None, unique=True)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=now)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}


class Membership(Model, kw_only=True):
    """A person's role in an organisation."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("person_id", "organization_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(text_enum(Role))

    person: Mapped[Person] = relationship(init=False, lazy="raise_on_sql")
    organization: Mapped[Organization] = relationship(init=False, lazy="raise_on_sql")
