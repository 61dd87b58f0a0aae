"""Reads of the gazetteer: by the beginning of a name, by the exact name, by nearness; without a network."""

from collections.abc import Sequence
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from campaign.core.db import db
from campaign.core.faults import NotFound
from campaign.core.folding import clean, fold
from campaign.places.countries import is_country
from campaign.places.distances import Box, box_around, is_position
from campaign.places.models import LONGEST_NAME, City, CityName

_LAST = "\U0010ffff"
_MOST = 50


def find_cities(text: str, country: str = "", limit: int = 8) -> Sequence[City]:
    """Cities one of whose names, in any script, begins with `text`; the largest first.

    `country` is an ISO 3166-1 alpha-2 code or empty. What cannot be found is an empty answer, never an error.
    """
    prefix, country = _comparable(text), country.strip().upper()
    if not prefix or len(prefix) > LONGEST_NAME or (country and not is_country(country)):
        return []
    begins = and_(CityName.folded >= prefix, CityName.folded < prefix + _LAST)
    return db.session.scalars(_bearing(begins, country).limit(_few(limit))).all()


def find_city(name: str, country: str = "") -> City | None:
    """The largest city that bears exactly this name after folding, in this country if one is given."""
    folded, country = _comparable(name), country.strip().upper()
    if not folded or len(folded) > LONGEST_NAME or (country and not is_country(country)):
        return None
    return db.session.scalar(_bearing(CityName.folded == folded, country).limit(1))


def find_namesakes(name: str, country: str = "", limit: int = 30) -> Sequence[City]:
    """All cities that bear exactly this name after folding, the largest first; in this country if one is given."""
    folded, country = _comparable(name), country.strip().upper()
    if not folded or len(folded) > LONGEST_NAME or (country and not is_country(country)):
        return []
    return db.session.scalars(_bearing(CityName.folded == folded, country).limit(_few(limit))).all()


def _comparable(name: str) -> str:
    """As the gazetteer writes names: folded, and "Washington, D.C." without its comma."""
    return fold(clean(name).replace(",", " "))


def get_city(city_id: int) -> City:
    """The city with this GeoNames id, as the city search gives it. Raises NotFound."""
    city = find_city_by_id(city_id)
    if city is None:
        raise NotFound
    return city


def find_city_by_id(city_id: int) -> City | None:
    """The city with this GeoNames id, if there is one."""
    if not 0 < city_id < 2**31:
        return None
    return db.session.scalar(select(City).where(City.geoname_id == city_id))


def nearest(lat: float, lon: float, limit: int = 5) -> Sequence[City]:
    """The cities closest to a position in degrees, closest first; empty for what is no position."""
    if not is_position(lat, lon):
        return []
    return db.session.scalars(_closest_first(lat, lon).limit(_few(limit))).all()


def near(lat: float, lon: float, km: float, limit: int = 50) -> Sequence[City]:
    """The cities in the bounding box around `km` kilometres, closest first; empty for what is no position."""
    try:
        box = box_around(lat, lon, km)
    except ValueError:
        return []
    statement = _closest_first(lat, lon).where(within(box, City.latitude, City.longitude))
    return db.session.scalars(statement.limit(_few(limit))).all()


def within(
    box: Box,
    latitude: InstrumentedAttribute[Any] | ColumnElement[Any],
    longitude: InstrumentedAttribute[Any] | ColumnElement[Any],
) -> ColumnElement[bool]:
    """The condition that a pair of columns lies in a box, across the antimeridian too."""
    if box.crosses_antimeridian:
        beside = or_(longitude >= box.west, longitude <= box.east)
    else:
        beside = longitude.between(box.west, box.east)
    return and_(latitude.between(box.south, box.north), beside)


def _few(limit: int) -> int:
    return max(1, min(limit, _MOST))


def _bearing(names: ColumnElement[bool], country: str) -> Select[City]:
    statement = select(City).where(City.id.in_(select(CityName.city_id).where(names)))
    if country:
        statement = statement.where(City.country == country)
    return statement.order_by(City.population.desc(), City.id)


def _closest_first(lat: float, lon: float) -> Select[City]:
    """Orders by the square of the flat distance: right for the neighbourhood, and arithmetic both engines have."""
    apart = func.abs(City.longitude - lon)
    east_west = case((apart > 180, 360 - apart), else_=apart) * cos(radians(lat))
    north_south = City.latitude - lat
    return select(City).order_by(north_south * north_south + east_west * east_west, City.id)
