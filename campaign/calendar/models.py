"""What the public reads, prepared once when a listing changes: one row per date of an event."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.db import Model, WallTime, text_enum
from campaign.events.lifecycle import Duration, Entry, Mode, Status, Type

_IS_LONG = text("ends_on > starts_on")
LASTING_DAYS: dict[str, Any] = {"sqlite_where": _IS_LONG, "postgresql_where": _IS_LONG}


class Listing(Model, kw_only=True):
    """One date of a public event, with all that a list, a month or a feed shows of it.

    `position` counts the dates of one event from 0: what shows each event once reads position 0. `changed_at` is when
    the public listing last changed. `card` holds the JSON that a row of the list needs; `vevent` the finished VEVENT
    (RFC 5545), folded, CRLF.
    """

    __tablename__ = "listings"
    __table_args__ = (
        Index(None, "campaign_id", "starts_on", "starts_local", "id"),
        Index(None, "campaign_id", "country", "starts_on", "starts_local", "id"),
        Index(None, "campaign_id", "city_key", "starts_on", "starts_local", "id"),
        Index(None, "campaign_id", "type", "starts_on", "starts_local", "id"),
        Index(None, "campaign_id", "is_run", "ends_on", "id"),
        Index(None, "campaign_id", "position", "changed_at", "id"),
        Index(None, "event_id"),
        Index("ix_listings_around", "campaign_id", "is_run", "status", "starts_on", "starts_at", "ends_at"),
        # Exhibitions and what else lasts for days: what is under way when a span of dates begins.
        Index("ix_listings_long", "campaign_id", "ends_on", "starts_on", **LASTING_DAYS),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    ref: Mapped[str]
    position: Mapped[int]
    changed_at: Mapped[datetime]
    status: Mapped[Status] = mapped_column(text_enum(Status))
    type: Mapped[Type] = mapped_column(text_enum(Type))
    duration: Mapped[Duration] = mapped_column(text_enum(Duration))
    is_run: Mapped[bool]
    mode: Mapped[Mode] = mapped_column(text_enum(Mode))
    entry: Mapped[Entry | None] = mapped_column(text_enum(Entry))
    is_free: Mapped[bool]
    country: Mapped[str]
    city_key: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    time_zone: Mapped[str]
    starts_local: Mapped[datetime] = mapped_column(WallTime)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    search_text: Mapped[str] = mapped_column(Text)
    card: Mapped[dict[str, Any]]
    vevent: Mapped[str] = mapped_column(Text)


class ListingTerm(Model, kw_only=True):
    """A value of a filter that may have several: `spoken:az`, `access:step_free`, `org:embassy-berlin`."""

    __tablename__ = "listing_terms"
    __table_args__ = (Index(None, "term", "listing_id"), Index(None, "listing_id"))

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"))
    term: Mapped[str]
