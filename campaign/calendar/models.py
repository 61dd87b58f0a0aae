"""What the public reads, prepared once when a listing changes: one row per date of an event."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.db import Key, Model, WallTime, text_enum
from campaign.events.lifecycle import Duration, Entry, Mode, Status, Type

_IS_LONG = text("ends_on > starts_on")
BY_DATES = ("campaign_id", "status", "ends_on", "starts_on", "city_key", "mode")
BY_PLACE = ("campaign_id", "status", "city_key", "mode", "starts_on", "ends_on", "type", "entry", "is_free", "country")
LASTING_DAYS: dict[str, Any] = {"sqlite_where": _IS_LONG, "postgresql_where": _IS_LONG}


class Listing(Model, kw_only=True):
    """One date of a public event, with all that a list, a month or a feed shows of it.

    `sort_key` orders all listings as lists show them (`calendar.order`). `position` counts the dates of one event from
    0: what shows each event once reads position 0. `changed_at` is when the public listing last changed. `unit_*` is
    the position as a unit vector: the product of two is the cosine of the angle between them, which both engines can
    compute exactly. `card` holds the JSON that a row of the list needs.
    """

    __tablename__ = "listings"
    __table_args__ = (
        Index(None, "campaign_id", "starts_on", "starts_local", "id"),
        Index(None, "campaign_id", "country", "starts_on", "starts_local", "id"),
        Index(None, "campaign_id", "city_key", "starts_on", "starts_local", "id"),
        Index(None, "campaign_id", "latitude", "longitude"),
        Index(None, "campaign_id", "is_run", "ends_on", "id"),
        Index(None, "campaign_id", "position", "changed_at", "id"),
        Index(None, "event_id"),
        Index("ix_listings_around", "campaign_id", "is_run", "status", "starts_on", "starts_at", "ends_at"),
        # Exhibitions and what else lasts for days: what is under way when a span of dates begins.
        Index("ix_listings_long", *BY_DATES, **LASTING_DAYS),
        # All that a filter of the map asks for, in the order in which it is counted.
        Index("ix_listings_by_place", *BY_PLACE),
    )

    sort_key: Mapped[int] = mapped_column(BigInteger, unique=True)
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
    unit_x: Mapped[float | None]
    unit_y: Mapped[float | None]
    unit_z: Mapped[float | None]
    time_zone: Mapped[str]
    starts_local: Mapped[datetime] = mapped_column(WallTime)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    card: Mapped[dict[str, Any]]


# Ranges of words that begin alike are ranges of code points; any other collation would order them in its own way.
_Word = String().with_variant(String(collation="C"), "postgresql")

# What a listing is found by: short words such as `country:DE` or `spoken:az`, each a list in the order of dates, so
# that any page of any filter is one range of an index. Dated events and exhibitions (`is_run`) are kept apart.
listing_terms = Table(
    "listing_terms",
    Model.metadata,
    Column("campaign_id", Key, primary_key=True, autoincrement=False),
    Column("is_run", Boolean, primary_key=True),
    Column("term", _Word, primary_key=True),
    Column("sort_key", BigInteger, primary_key=True, autoincrement=False),
    Column("listing_id", ForeignKey("listings.id", ondelete="CASCADE"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

# How many dated events a word finds on a day, kept ready so that no page counts; for `*`, which finds all, also in how
# many cities they are.
term_counts = Table(
    "term_counts",
    Model.metadata,
    Column("campaign_id", Key, primary_key=True, autoincrement=False),
    Column("term", _Word, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("events", Integer, nullable=False),
    Column("cities", Integer, nullable=False, default=0),
    Index("ix_term_counts_campaign_id_day_term", "campaign_id", "day", "term"),
    sqlite_with_rowid=False,
)

# The finished VEVENT of a listing (`calendar.vevent`) with all that a calendar file must know of it, in the order of
# lists: a file is one range of narrow rows, bytes that nobody decodes. An index holds the zones of a file by itself.
listing_vevents = Table(
    "listing_vevents",
    Model.metadata,
    Column("campaign_id", Key, primary_key=True, autoincrement=False),
    Column("is_run", Boolean, primary_key=True),
    Column("sort_key", BigInteger, primary_key=True, autoincrement=False),
    Column("listing_id", ForeignKey("listings.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("time_zone", String, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("vevent", LargeBinary, nullable=False),
    Index("ix_listing_vevents_zones", "campaign_id", "is_run", "sort_key", "time_zone", "starts_on", "ends_on"),
    sqlite_with_rowid=False,
)

# The folded text of the search, in a table of its own, which an index of FTS5 (SQLite) or pg_trgm (PostgreSQL) follows.
listing_texts = Table(
    "listing_texts",
    Model.metadata,
    Column("listing_id", ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("search_text", Text, nullable=False),
)
# What only one engine has, made by the migration: the tables in which FTS5 keeps its index, the index of pg_trgm.
Model.metadata.info["of_one_engine"] = ("listing_search", "ix_listing_texts_trigrams")
