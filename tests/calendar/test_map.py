"""The map and its table: every event once, every filter, every address of a sheet; and what it costs."""

import gzip
import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from campaign.calendar.map import clusters, naming
from campaign.calendar.map.projection import mercator
from campaign.calendar.map.queries import Spot
from campaign.calendar.map.sheets import HEIGHT, WIDTH, Sheet, Window
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events.lifecycle import Duration, Entry, Mode, Type
from campaign.places.models import City
from tests.calendar.conftest import CITIES, details, publish
from tests.calendar.test_pages import counted

HOME = "/en/remembrance/"
MAP = f"{HOME}map/"
POSITIONS = {
    "Auckland": (-36.85, 174.76), "Kathmandu": (27.7, 85.32), "Baku": (40.38, 49.89), "Berlin": (52.52, 13.41),
    "St John's": (47.56, -52.71), "Los Angeles": (34.05, -118.24),
}  # fmt: skip
positions = st.tuples(st.floats(-80, 80), st.floats(-180, 180))


def spot(number: int, position: tuple[float, float], events: int = 1) -> Spot:
    key, (latitude, longitude) = f"xx/{number}", position
    return Spot(
        key=key, name=key, country="XX", latitude=latitude, longitude=longitude, time_zone="UTC", events=events
    )  # fmt: skip


@given(st.lists(st.tuples(positions, st.integers(1, 99)), max_size=60), st.sampled_from([0.3, 0.1, 0.01, 0.0001]))
def test_circles_hold_every_event_and_never_overlap(placed: list[Any], reach: float) -> None:
    spots = [spot(number, position, events) for number, (position, events) in enumerate(placed)]
    found = clusters.clustered(spots, reach)
    assert sum(c.events for c in found) == sum(s.events for s in spots)
    assert all((a.x - b.x) ** 2 + (a.y - b.y) ** 2 >= reach**2 for a, b in combinations(found, 2))
    assert all(c.places[0].events == max(p.events for p in c.places) for c in found)


@given(st.lists(positions, max_size=40))
def test_names_never_lie_on_each_other(placed: list[tuple[float, float]]) -> None:
    found = clusters.clustered([spot(n, position) for n, position in enumerate(placed)], 0.02)
    named = [found[index] for index in naming.named(found, 2048)]
    for one, other in combinations(named, 2):
        is_beside = abs(one.x - other.x) * 2048 >= naming.LETTER * 4
        assert is_beside or abs(one.y - other.y) * 2048 >= naming.LINE


@given(st.lists(positions, min_size=1, max_size=6))
def test_a_window_lies_within_its_sheet(placed: list[tuple[float, float]]) -> None:
    points = [mercator(*position) for position in placed]
    window = Window.around(points)
    sheet = window.sheet
    left, top, side = sheet.edges
    half, tall = window.width / 2, window.width * HEIGHT / WIDTH / 2
    assert sheet.is_real
    assert max(0, window.x - half) >= left - 1e-9
    assert min(1, window.x + half) <= left + side + 1e-9
    assert max(0, window.y - tall) >= top - 1e-9
    assert min(1, window.y + tall) <= top + side + 1e-9
    assert all(sheet.holds(x, y) for x, y in points)
    again = Window.read(str(window))
    assert again is not None
    assert abs(again.x - window.x) < 1e-6


@pytest.fixture
def world(campaign: Campaign, session: Session) -> Campaign:
    """Six cities of the gazetteer; two events in Berlin, one of them with an address that is not public."""
    for number, (city, (latitude, longitude)) in enumerate(POSITIONS.items(), start=1):
        country, zone, _instant = CITIES[city]
        session.add(
            City(
                geoname_id=number, name=city, country=country, latitude=latitude, longitude=longitude, time_zone=zone,
                population=number,
            )
        )  # fmt: skip
        where = {"city_id": number, "latitude": latitude, "longitude": longitude, "address": "1 Main Street"}
        publish(campaign, details(city, **where))
    hidden = details(
        "Berlin", title="Among friends", city_id=4, latitude=52.4, longitude=13.2, address="9 Hidden Lane",
        is_address_public=False, entry=Entry.OPEN, type=Type.VIGIL, spoken=("az", "de"), access={"step_free": "yes"},
    )  # fmt: skip
    publish(campaign, hidden)
    publish(campaign, details("Berlin", title="On air", mode=Mode.ONLINE, stream_url="https://example.org/s"))
    db.session.commit()
    return campaign


def rows(body: str) -> dict[str, int]:
    """The table: name of a place → number of events."""
    table = body.partition('<table class="places">')[2].partition("</table>")[0]
    found = re.findall(r'<th scope="row[^>]*>(.*?)</th><td[^>]*>(\d+)</td>', table)
    return {html.unescape(re.sub(r"<span.*|<[^>]+>", "", name)).strip(): int(number) for name, number in found}


def circles(client: FlaskClient, sheet: str, query: str = "") -> list[list[Any]]:
    answer = client.get(f"{MAP}{sheet}.json?{query}")
    assert answer.status_code == 200
    return list(json.loads(answer.data)["circles"])


def test_table_and_circles_say_the_same(client: FlaskClient, world: Campaign) -> None:
    body = client.get(MAP).get_data(as_text=True)
    table = rows(body)
    assert table["Berlin"] == table["Germany"] == 2
    assert table["Only online"] == 1
    assert "6 cities in 6 countries" in body
    assert body.index('class="places"') < body.index("data-map ")
    drawn = [json.loads(html.unescape(text)) for text in re.findall(r'data-circle="([^"]*)"', body)]
    assert drawn == circles(client, "2/0/0")
    assert sum(circle[2] for circle in drawn) == 7
    assert client.get(f"{HOME}events/?view=map").status_code == 200


def test_land_has_an_address_of_its_own_and_is_kept_for_good(client: FlaskClient, world: Campaign) -> None:
    body = client.get(MAP).get_data(as_text=True)
    address = html.unescape(re.findall(r'data-coasts="([^"]*)"', body)[0])
    assert re.fullmatch(r"/land/\{z\}/\{x\}/\{y\}\.json\?v=\w+", address)
    answer = client.get(address.format(z=2, x=0, y=0), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Encoding"] == "gzip"
    drawn = {tuple(map(int, name.split("/"))) for name in re.findall(r'data-tile="([^"]*)"', body)}
    assert {tuple(tile[:3]) for tile in json.loads(gzip.decompress(answer.data))["land"]} == drawn
    assert all(client.get(address.format(z=z, x=9, y=0)).status_code == 404 for z in (2, 15))


def test_words_of_circles_are_those_of_the_page(client: FlaskClient, world: Campaign) -> None:
    """Though they are kept from page to page, and another language was asked for first."""
    words = {circle[6]: circle[5] for circle in circles(client, "7/16/9")}
    assert words["de/berlin"] == "Berlin, Germany: 2 events"
    answer = client.get(f"{MAP}7/16/9.json".replace("/en/", "/az/"))
    assert [circle[5] for circle in json.loads(answer.data)["circles"]] == ["Berlin, Almaniya: 2 tədbir"]
    publish(world, details("Berlin", title="One more", city_id=4))
    db.session.commit()
    assert circles(client, "7/16/9")[0][5] == "Berlin, Germany: 3 events"


def test_a_city_says_how_long_an_exhibition_is_open(client: FlaskClient, world: Campaign) -> None:
    days = {"starts": datetime(2027, 2, 20), "ends": datetime(2027, 3, 5), "is_time_known": False}
    publish(world, details("Berlin", title="Faces", duration=Duration.RUN, city_id=4, **days))
    db.session.commit()
    assert "20 February to Friday, 5 March 2027" in client.get(f"{MAP}?city=de/berlin").get_data(as_text=True)


def test_a_city_shows_addresses_and_ways(client: FlaskClient, world: Campaign) -> None:
    body = client.get(f"{MAP}?city=de/berlin").get_data(as_text=True)
    assert "1 Main Street" in body
    assert "openstreetmap.org/search" in body
    assert "geo:52.52" in body
    assert "Among friends" in body
    assert "The address is given to those who register." in body
    assert "Hidden Lane" not in body
    assert "52.4" not in body
    around = circles(client, "7/16/9", "city=de/berlin")
    assert [(c[2], c[6]) for c in around] == [(2, "de/berlin")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("country=DE", {"Germany": 2, "Berlin": 2}),
        ("type=vigil", {"Germany": 1, "Berlin": 1}),
        ("spoken=de", {"Germany": 1, "Berlin": 1}),
        ("access=step_free", {"Germany": 1, "Berlin": 1}),
        ("entry=open&country=DE", {"Germany": 1, "Berlin": 1}),
        ("q=kathmandu", {"Nepal": 1, "Kathmandu": 1}),
        ("near=52.5,13.4&r=50", {"Germany": 2, "Berlin": 2}),
        ("mode=online", {"Only online": 1}),
        ("on=2027-02-25", {}),
        ("month=2027-02&country=AZ", {"Azerbaijan": 1, "Baku": 1}),
        ("from=2027-02-27", {}),
    ],
)
def test_every_filter_applies(client: FlaskClient, world: Campaign, query: str, expected: dict[str, int]) -> None:
    assert rows(client.get(f"{MAP}?{query}").get_data(as_text=True)) == expected
    if "mode" not in query:
        number = sum(circle[2] for circle in circles(client, "0/0/0", query))
        assert number == max(expected.values(), default=0)


def test_answers_are_kept_until_something_changes(client: FlaskClient, world: Campaign) -> None:
    for path in (MAP, f"{MAP}2/0/0.json"):
        first = client.get(path)
        assert "Set-Cookie" not in first.headers
        with counted() as asked:
            again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert len(asked) == 1
    publish(world, details("Baku", title="One more", city_id=3))
    db.session.commit()
    assert sum(circle[2] for circle in circles(client, "2/0/0")) == 8


@pytest.mark.parametrize("path", ["", "?city=de/berlin", "?type=ceremony", "2/0/0.json", "5/3/2.json?q=evening"])
def test_query_counts_do_not_grow(client: FlaskClient, world: Campaign, path: str) -> None:
    counts = []
    for number in (1, 30):
        for index in range(number):
            publish(world, details(list(CITIES)[index % 6], title=f"Evening {number} {index}", city_id=index % 6 + 1))
        db.session.commit()
        with counted() as asked:
            assert client.get(MAP + path).status_code == 200
        counts.append(len(asked))
    # A city's chip asks for its name, too.
    assert counts[0] == counts[1] <= (4 if "city=" in path else 3)


@pytest.mark.parametrize("at", ["", "x", "3/0", "3/91/0", "nan/0/0", "1e999/0/0", "3/0/0/0", "-1/0/0", "3/0/inf"])
def test_a_senseless_window_is_the_usual_one(client: FlaskClient, world: Campaign, at: str) -> None:
    answer = client.get(MAP, query_string={"at": at})
    assert answer.status_code == 200
    assert 'data-width="1.0000000"' in answer.get_data(as_text=True)


def test_the_address_leads_back_to_a_window(client: FlaskClient, world: Campaign) -> None:
    body = client.get(f"{MAP}?at=7/40.4/49.9").get_data(as_text=True)
    assert 'data-sheet="7/' in body
    assert "Baku" in body.partition('class="spots"')[2]
    assert "Berlin" not in body.partition('class="spots"')[2]


def test_sheets_that_are_none(client: FlaskClient, world: Campaign) -> None:
    for path in ("2/1/0", "4/3/0", "4/0/3", "15/0/0", "99999999999/0/0", "3/-1/0", "3/a/0", "7/99999999999999999999/0"):
        assert client.get(f"{MAP}{path}.json").status_code == 404
    assert client.get(f"{MAP}3/0/0.json?country=%00&on=2027-02-31&near=x,y").status_code == 200


@given(st.integers(0, 14), st.floats(-85, 85), st.floats(-180, 180))
def test_every_window_has_a_sheet(zoom: int, latitude: float, longitude: float) -> None:
    window = Window.read(f"{zoom}/{latitude}/{longitude}")
    assert window is not None
    assert window.sheet.is_real
    assert not Sheet(zoom=15, x=0, y=0).is_real


@pytest.fixture
def with_streets(app: Flask) -> Iterator[None]:
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, map_tile_url="https://tiles.example.org/{z}/{x}/{y}.png")
    yield
    app.extensions["settings"] = before


@pytest.mark.usefixtures("with_streets")
def test_streets_let_in_one_host_and_only_on_the_map(client: FlaskClient, world: Campaign) -> None:
    answer = client.get(MAP)
    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://tiles.example.org;" in policy
    assert policy.count("https://") == 1
    assert 'data-tiles="https://tiles.example.org/{z}/{x}/{y}.png"' in answer.get_data(as_text=True)
    assert "tiles.example.org" not in client.get(HOME).headers["Content-Security-Policy"]


def test_nothing_comes_from_elsewhere(client: FlaskClient, world: Campaign) -> None:
    body = client.get(MAP).get_data(as_text=True)
    loaded = re.findall(
        r'<(?:link rel="(?:stylesheet|preload|icon)"|script|img|use|image)[^>]*(?:href|src)="([^"]+)"', body
    )
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    assert len(client.get(MAP, headers={"Accept-Encoding": "gzip"}).data) < 15_000
