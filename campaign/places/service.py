"""Fills and refreshes the gazetteer; the caller owns the transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from campaign.core.db import db
from campaign.places import gazetteer
from campaign.places.gazetteer import Entry
from campaign.places.models import City, CityName

_BATCH = 5000


def load_cities(entries: Sequence[Entry] | None = None) -> int:
    """Make the tables hold what the gazetteer holds, and return the number of its cities; safe to run again.

    Row ids stay as they are, and a city that GeoNames dropped stays too: listings may point at it.
    """
    wanted = gazetteer.entries() if entries is None else entries
    db.session.flush()
    _write_cities(wanted)
    _write_names(wanted)
    db.session.expire_all()  # The rows were written past the session.
    return len(wanted)


def _write_cities(wanted: Sequence[Entry]) -> None:
    columns = (
        City.geoname_id, City.name, City.country, City.latitude, City.longitude, City.time_zone, City.population
    )  # fmt: skip
    known = {row.geoname_id: tuple(row) for row in db.session.execute(select(*columns))}
    rows = [{column.key: getattr(entry, column.key) for column in columns} for entry in wanted]
    _in_batches(insert(City), [row for row in rows if row["geoname_id"] not in known])
    changed = [row for row in rows if known.get(row["geoname_id"], tuple(row.values())) != tuple(row.values())]
    values: dict[str, Any] = {column.key: bindparam(f"new_{column.key}") for column in columns[1:]}
    statement = update(City).where(City.geoname_id == bindparam("new_geoname_id")).values(values)
    _in_batches(statement, [{f"new_{key}": value for key, value in row.items()} for row in changed])


def _write_names(wanted: Sequence[Entry]) -> None:
    ids = {row.geoname_id: row.id for row in db.session.execute(select(City.geoname_id, City.id))}
    stored = {
        (row.city_id, row.folded, row.population): row.id
        for row in db.session.execute(select(CityName.city_id, CityName.folded, CityName.population, CityName.id))
    }
    missing = []
    for entry in wanted:
        for name in entry.names:
            key = (ids[entry.geoname_id], name, entry.population)
            if stored.pop(key, None) is None:
                missing.append({"city_id": key[0], "folded": key[1], "population": key[2]})
    _in_batches(insert(CityName), missing)
    # What is left is a name that went or an older population, or belongs to a city that GeoNames dropped.
    current = {ids[entry.geoname_id] for entry in wanted}
    stale = [{"stale_id": row_id} for key, row_id in stored.items() if key[0] in current]
    _in_batches(delete(CityName).where(CityName.id == bindparam("stale_id")), stale)


def _in_batches(statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    connection = db.session.connection()
    for start in range(0, len(rows), _BATCH):
        connection.execute(statement, rows[start : start + _BATCH])
