"""The city search over HTTP."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from campaign.places.gazetteer import Entry
from campaign.places.service import load_cities
from campaign.places.views import bp


@pytest.fixture
def small(session: Session) -> None:
    load_cities((Entry(587084, "Baku", "AZ", 40.38, 49.89, "Asia/Baku", 1_116_513, frozenset({"baku", "baki"})),))


@pytest.mark.usefixtures("small")
def test_cities_as_json(app: Flask) -> None:
    answer = app.test_client().get("/places/cities?q=Bakı&country=AZ&lang=az")
    assert answer.get_json() == [
        {
            "id": 587084,
            "name": "Baku",
            "country": "AZ",
            "country_name": "Azərbaycan",
            "admin": "",
            "time_zone": "Asia/Baku",
        }
    ]
    assert "max-age" in answer.headers["Cache-Control"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=%00", "?q=%ff%fe", "?q=bak&country=%00", "?q=bak&country=XX", "?q=" + "b" * 500]
)
def test_bad_questions_are_answered_calmly(app: Flask, query: str) -> None:
    answer = app.test_client().get(f"/places/cities{query}")
    assert (answer.status_code, answer.get_json()) == (200, [])


def test_the_gate_is_named(app: Flask) -> None:
    assert bp.name == "places"
    assert app.view_functions["places.cities"].gate == "public"  # type: ignore[attr-defined]
