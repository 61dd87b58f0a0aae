"""Events, their organisers and the revisions that wait."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.campaigns.models import Campaign
from campaign.core.clock import now
from campaign.core.db import Model, WallTime, text_enum
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Status, check_move
from campaign.organizations.models import Organization
from campaign.places import moments, zones


class Event(Model, kw_only=True):
    """One event. `stored_details` is what was last accepted; the columns beside it are its projection for queries.

    `ref` is the short public name and never changes; `uid` and `sequence` are the ICS UID and SEQUENCE (RFC 5545).
    """

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "campaign_id", "status", "starts_at", "id"),
        Index(None, "organization_id", "id"),
        UniqueConstraint("campaign_id", "external_id"),
    )

    ref: Mapped[str] = mapped_column(unique=True)
    uid: Mapped[str] = mapped_column(unique=True, default_factory=lambda: str(uuid4()))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), default=None)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"), default=None, index=True)
    status: Mapped[Status] = mapped_column(text_enum(Status), default=Status.DRAFT)
    stored_details: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    title: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="")
    starts_local: Mapped[datetime | None] = mapped_column(WallTime, default=None)
    starts_on: Mapped[date | None] = mapped_column(Date, default=None)
    ends_on: Mapped[date | None] = mapped_column(Date, default=None)
    starts_at: Mapped[datetime | None] = mapped_column(default=None)
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
    sequence: Mapped[int] = mapped_column(default=0)
    # Counts up when time, place or status change: reminders planned for an older one are called back.
    schedule_version: Mapped[int] = mapped_column(default=0)
    public_note: Mapped[str] = mapped_column(default="")
    external_id: Mapped[str | None] = mapped_column(default=None)
    source_url: Mapped[str] = mapped_column(default="")
    import_note: Mapped[str] = mapped_column(default="")
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    changed_at: Mapped[datetime] = mapped_column(default_factory=now)
    created_at: Mapped[datetime] = mapped_column(default_factory=now)
    version: Mapped[int] = mapped_column(init=False)

    campaign: Mapped[Campaign] = relationship(init=False, lazy="raise_on_sql")
    organization: Mapped[Organization | None] = relationship(init=False, lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def details(self) -> EventDetails:
        """Read once for as long as the stored value is the same."""
        stored, read = getattr(self, "_read_details", (None, None))
        if read is None or stored is not self.stored_details:
            read = EventDetails.from_json(self.stored_details)
            self._read_details = (self.stored_details, read)
        return read

    @details.setter
    def details(self, details: EventDetails) -> None:
        """Take over details and derive the columns; wall time and zone give the instants."""
        self.stored_details = details.to_json()
        self.title = details.title
        self.country = details.country
        self.time_zone = details.time_zone
        first, last = _span(details)
        self.starts_local = first
        self.starts_on = first.date() if first else None
        self.ends_on = last.date() if last else None
        self.starts_at, self.ends_at = instants(details)
        self.changed_at = now()

    @property
    def is_over(self) -> bool:
        """Whether it took place, as far as the calendar knows."""
        return self.status is Status.PUBLISHED and self.ends_at is not None and self.ends_at <= now()

    def move_to(self, target: Status) -> None:
        check_move(self.status, target)
        self.status = target


def instants(details: EventDetails) -> tuple[datetime | None, datetime | None]:
    """When it begins and ends, by today's rules of its zone; nothing where date or zone are missing or unknown."""
    first, last = _span(details)
    if not zones.is_zone(details.time_zone):
        return None, None
    starts_at = moments.instant(first, details.time_zone) if first else None
    return starts_at, moments.instant(last, details.time_zone) if last else None


def _span(details: EventDetails) -> tuple[datetime | None, datetime | None]:
    """First and last wall time over all occasions."""
    starts = [o.starts for o in details.occasions] if details.occasions else [details.starts] if details.starts else []
    ends = [o.ends or o.starts for o in details.occasions] if details.occasions else [details.ends or details.starts]
    first = min(starts, default=None)
    return first, max((e for e in ends if e), default=first)


class EventOrganization(Model, kw_only=True):
    """A further organisation that holds the event together with the first."""

    __tablename__ = "event_organizations"
    __table_args__ = (UniqueConstraint("event_id", "organization_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)

    organization: Mapped[Organization] = relationship(init=False, lazy="raise_on_sql")


class RevisionStatus(StrEnum):
    """What became of a proposed change."""

    WAITING = "waiting"
    APPLIED = "applied"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Revision(Model, kw_only=True):
    """A change of a published event that waits for the desk; `base_sequence` is the version it was made from."""

    __tablename__ = "revisions"
    __table_args__ = (Index(None, "event_id", "status"), Index(None, "status", "id"))

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), default=None)
    base_sequence: Mapped[int]
    stored_details: Mapped[dict[str, Any]]
    status: Mapped[RevisionStatus] = mapped_column(text_enum(RevisionStatus), default=RevisionStatus.WAITING)
    created_at: Mapped[datetime] = mapped_column(default_factory=now)
    version: Mapped[int] = mapped_column(init=False)

    event: Mapped[Event] = relationship(init=False, lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def details(self) -> EventDetails:
        return EventDetails.from_json(self.stored_details)
