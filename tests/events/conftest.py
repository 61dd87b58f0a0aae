"""The small world of the desk with its organiser signed in, two cities on the map, and a form filled in once."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from campaign.core import clock
from campaign.events.models import Event
from campaign.organizations.models import Role
from campaign.places.models import City, CityName
from tests.factories.desk import TEXT, World, sign_in, world_of
from tests.pages import Page

NEW = "/my/events/new?campaign=khojaly"
MULTIPART = "multipart/form-data"
CITIES = (
    ("Berlin", "DE", "Europe/Berlin", 52.52, 13.4),
    ("Auckland", "NZ", "Pacific/Auckland", -36.85, 174.76),
    ("Kathmandu", "NP", "Asia/Kathmandu", 27.7, 85.3),
)


@pytest.fixture
def world(session: Any) -> World:
    """With an embassy that Nigar owns, where Vusal only reads; Berlin and Auckland are in the gazetteer."""
    made = world_of(session)
    for number, (name, country, zone, latitude, longitude) in enumerate(CITIES, start=1):
        city = City(
            geoname_id=number,
            name=name,
            country=country,
            latitude=latitude,
            longitude=longitude,
            population=1_000_000,
            time_zone=zone,
        )
        session.add(city)
        session.flush()
        session.add(CityName(city_id=city.id, folded=name.lower(), population=1_000_000))
    embassy = made.organization("Embassy", "DE")
    made.member(made.people["Nigar"], embassy, Role.OWNER)
    made.member(made.person("Vusal"), embassy, Role.VIEWER)
    made.person("Stranger")
    session.commit()
    return made


@pytest.fixture
def signed_in(client: Any) -> Callable[[Any], Any]:
    return lambda person: sign_in(client, person)


@pytest.fixture
def nigar(client: Any, world: World) -> Any:
    """A client in which the owner of the embassy is signed in, reading English."""
    world.people["Nigar"].language = "en"
    world.session.commit()
    return sign_in(client, world.people["Nigar"])


def boxes(**changes: Any) -> dict[str, Any]:
    """What somebody types who fills in just enough."""
    day = clock.now().date().replace(year=clock.now().year + 1, month=2, day=26)
    typed = {
        "type": "ceremony",
        "title": "Evening of remembrance",
        "date": day.strftime("%d %m %Y"),
        "start": "18:00",
        "end": "20:00",
        "venue": "Main hall",
        "city": "Berlin",
        "country": "DE",
        "description": TEXT,
        "spoken": ["de", "en"],
        "entry": "open",
    }
    return typed | changes


def write(client: Any, at: str = NEW, *, button: str = "continue", **typed: Any) -> Any:
    """Open the form, type, press a button; the answer, not followed. None empties a box or lifts a choice."""
    opened = client.get(at)
    assert opened.status_code == 200, opened.status
    form = Page.of(opened.text).form(name="title")
    return client.post(form.action, data=form.sent(button, **typed), content_type=MULTIPART)


def page_of(answer: Any) -> Page:
    return Page.of(answer.text)


def events(session: Any) -> list[Event]:
    session.expire_all()
    return list(session.scalars(select(Event).order_by(Event.id)))
