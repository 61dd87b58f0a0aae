"""The gazetteer in the database: filled twice, found in any script."""

from dataclasses import replace

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from campaign.core.faults import NotFound
from campaign.core.folding import fold
from campaign.places import gazetteer, queries
from campaign.places.gazetteer import Entry
from campaign.places.models import City, CityName
from campaign.places.service import load_cities


def _entry(number: int, name: str, country: str, at: tuple[float, float], people: int, *others: str) -> Entry:
    names = frozenset(fold(n) for n in (name, *others))
    return Entry(number, name, country, *at, "UTC", people, names)


CITIES = (
    _entry(1, "Baku", "AZ", (40.38, 49.89), 1_116_513, "Bakı", "Баку", "باكو", "巴庫"),
    _entry(2, "Shusha", "AZ", (39.76, 46.75), 5000, "Şuşa", "Шуша"),
    _entry(3, "London", "GB", (51.51, -0.13), 8_961_989, "Лондон"),
    _entry(4, "London", "CA", (42.98, -81.25), 422_324),
    _entry(5, "Suva", "FJ", (-18.14, 178.44), 77_366),
    _entry(6, "Apia", "WS", (-13.83, -171.77), 40_407),
)


@pytest.fixture
def cities(session: Session) -> None:
    load_cities(CITIES)


@pytest.mark.usefixtures("cities")
@pytest.mark.parametrize(
    "typed", ["bak", "BAKI", "Bakı", "BAKİ", "баку", "باكو", "巴", " Baku ", "ba\x00ku", "\ud800baku"]
)
def test_a_city_is_found_in_any_script(typed: str) -> None:
    assert [city.name for city in queries.find_cities(typed)] == ["Baku"]


@pytest.mark.usefixtures("cities")
@pytest.mark.parametrize("typed", ["", " ", "\x00", "zzz", "%", "_", "b" * 10_000, "bak%"])
def test_what_is_not_found_is_empty(typed: str) -> None:
    assert list(queries.find_cities(typed)) == []


@pytest.mark.usefixtures("cities")
def test_the_largest_comes_first_and_a_country_narrows() -> None:
    assert [city.country for city in queries.find_cities("lon")] == ["GB", "CA"]
    assert [city.country for city in queries.find_cities("lon", "ca")] == ["CA"]
    assert list(queries.find_cities("lon", "??")) == []
    assert len(queries.find_cities("lon", limit=1)) == 1


@pytest.mark.usefixtures("cities")
def test_the_search_is_one_statement(session: Session) -> None:
    seen: list[str] = []
    engine = session.get_bind().engine

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    session.execute(select(1))
    event.listen(engine, "before_cursor_execute", note)
    try:
        queries.find_cities("lon", "GB")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len([statement for statement in seen if "city_names" in statement]) == len(seen) == 1


@pytest.mark.usefixtures("cities")
def test_the_exact_name() -> None:
    london, canadian = queries.find_city("лондон"), queries.find_city("london", "CA")
    assert london is not None
    assert canadian is not None
    assert (london.country, canadian.country) == ("GB", "CA")
    assert queries.find_city("lond") is None


@pytest.mark.usefixtures("cities")
def test_by_id() -> None:
    assert queries.get_city(1).name == "Baku"
    for unknown in (0, -1, 999, 2**80):
        with pytest.raises(NotFound):
            queries.get_city(unknown)


@pytest.mark.usefixtures("cities")
def test_nearness_crosses_the_antimeridian() -> None:
    assert [city.name for city in queries.nearest(-16, -179.9, 2)] == ["Suva", "Apia"]
    assert [city.name for city in queries.near(-17, 179.9, 400)] == ["Suva"]
    assert [city.name for city in queries.near(40, 49, 300)] == ["Baku", "Shusha"]
    assert list(queries.nearest(float("nan"), 0)) == list(queries.near(100, 0, 5)) == []


@pytest.mark.usefixtures("cities")
def test_loading_again_changes_only_what_changed(session: Session) -> None:
    row_ids = {city.geoname_id: city.id for city in session.scalars(select(City))}
    names = session.scalar(select(func.count()).select_from(CityName))
    load_cities(CITIES)
    assert session.scalar(select(func.count()).select_from(CityName)) == names

    grown = replace(CITIES[1], population=20_000, names=frozenset({"susa", "qala"}))
    load_cities((CITIES[0], grown))
    assert {city.geoname_id: city.id for city in session.scalars(select(City))} == row_ids
    found = queries.find_city("qala")
    assert found is not None
    assert (found.geoname_id, found.population) == (2, 20_000)
    assert queries.find_city("шуша") is None
    assert queries.find_city("london") is not None


def test_the_packaged_cities() -> None:
    entries = gazetteer.entries()
    by_name = {(entry.name, entry.country): entry for entry in entries}
    assert "xankendi" in by_name["Khankendi", "AZ"].names
    assert {country for _name, country in by_name} >= {"AZ", "VA", "FJ", "TV", "IO"}
    assert len({entry.geoname_id for entry in entries}) == len(entries) > 30_000
    assert all("" not in entry.names and fold(entry.name) in entry.names for entry in entries)
