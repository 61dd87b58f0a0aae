"""The gazetteer. Cities from GeoNames (CC BY 4.0)."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.db import Model

LONGEST_NAME = 80

# A prefix search is a range of code points; any other collation would order the names in its own way.
_ByCodePoint = String(LONGEST_NAME).with_variant(String(LONGEST_NAME, collation="C"), "postgresql")


class City(Model, kw_only=True):
    """One city. `geoname_id` is stable across installations; `time_zone` an IANA name; degrees WGS 84."""

    __tablename__ = "cities"

    geoname_id: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str] = mapped_column(index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    time_zone: Mapped[str]
    population: Mapped[int]


class CityName(Model, kw_only=True):
    """One folded name of a city, in any script; searched by prefix."""

    __tablename__ = "city_names"
    __table_args__ = (Index(None, "folded", "population", "city_id"),)

    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="CASCADE"), index=True)
    folded: Mapped[str] = mapped_column(_ByCodePoint)
    population: Mapped[int]
