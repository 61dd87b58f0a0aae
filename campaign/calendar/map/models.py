"""Counts of public events by place and time, kept ready so that no map ever counts events one by one."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.db import Model


class ListedPlace(Model, kw_only=True):
    """A city of a campaign with what a map needs of it; `key` as in `Listing.city_key`.

    Degrees are those of the city, never of a venue, and None where the gazetteer does not know it. The place with the
    empty key stands for events that are only online.
    """

    __tablename__ = "listed_places"
    __table_args__ = (UniqueConstraint("campaign_id", "key"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    key: Mapped[str]
    name: Mapped[str]
    country: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    time_zone: Mapped[str]


class ListedCount(Model, kw_only=True):
    """How many published listings begin at a place in a period: a day (`20270226`) or a whole month (`202702`).

    Any span of dates is a few days, some months and a few days again, so a sum reads few rows whatever the number of
    events. Days and months are kept apart by their size.
    """

    __tablename__ = "listed_counts"
    __table_args__ = (UniqueConstraint("campaign_id", "period", "place_id"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    place_id: Mapped[int] = mapped_column(ForeignKey("listed_places.id", ondelete="CASCADE"), index=True)
    period: Mapped[int]
    events: Mapped[int]
