"""What stands beside the choices of the finder and on its chips: numbers that the list then holds, and names."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaign.calendar import pages
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.core.folding import fold
from campaign.events.lifecycle import Duration, Type
from campaign.organizations.models import Kind, Organization
from campaign.places.models import City, CityName
from tests.calendar.conftest import details, publish
from tests.pages import Page

LIST = "/en/remembrance/events/"


@pytest.fixture
def listed(campaign: Campaign, session: Session) -> Campaign:
    made = Organization(name="Embassy & Co", slug="embassy-co", search_name=fold("Embassy & Co"), kind=Kind.EMBASSY)
    session.add(made)
    session.flush()
    publish(campaign, details("Berlin"), made)
    publish(campaign, details("Berlin", type=Type.LECTURE))
    publish(campaign, details("Baku", type=Type.LECTURE))
    publish(campaign, details("Baku", starts=datetime(2026, 2, 26, 18), ends=datetime(2026, 2, 26, 19)))
    run = {"duration": Duration.RUN, "ends": datetime(2027, 3, 20)}
    publish(campaign, details("Auckland", type=Type.EXHIBITION, starts=datetime(2027, 2, 1), **run))
    for number, name, country in ((1, "San José", "US"), (2, "San José", "CR")):
        place = {"latitude": 1.0, "longitude": 1.0, "time_zone": "UTC", "country": country}
        city = City(geoname_id=number, name=name, population=10**6, **place)
        session.add(city)
        session.flush()
        session.add(CityName(city_id=city.id, folded="san jose", population=10**6))
    db.session.commit()
    return campaign


def choices(client: FlaskClient, query: str, field: str) -> dict[str, str]:
    """Label and number of every choice that has one."""
    pages.forget()
    form = Page.of(client.get(LIST + query).get_data(as_text=True)).form(name="near").element
    labels = [label for label in form.all("label") if label.all("input", name=field)]
    options = [option for select in form.all("select", name=field) for option in select.all("option")]
    said = [re.fullmatch(r"(.+) \((\d+)\)", choice.text) for choice in labels + options]
    return {found[1]: found[2] for found in said if found}


def chips(client: FlaskClient, query: str) -> list[str]:
    return re.findall(r'<a class="chip on"[^>]*><bdi>(.*?)</bdi>', client.get(LIST + query).get_data(as_text=True))


def test_choices_say_how_much_is_coming(client: FlaskClient, listed: Campaign) -> None:
    assert choices(client, "", "country") == {"Azerbaijan": "1", "Germany": "2"}
    assert choices(client, "", "type") == {"Ceremony": "1", "Lecture or talk": "2"}
    assert choices(client, "?from=2026-01-01", "country") == {"Azerbaijan": "2", "Germany": "2"}


def test_a_number_is_what_the_list_holds_or_is_left_out(client: FlaskClient, listed: Campaign) -> None:
    assert choices(client, "?country=DE", "country") == {"Azerbaijan": "1", "Germany": "2"}
    assert choices(client, "?country=DE", "type") == {}
    for query in ("?q=evening", "?country=DE&type=lecture", "?near=San+José", "?org=embassy-co", "?free=1"):
        assert choices(client, query, "country") == choices(client, query, "type") == {}, query
    for query in ("?country=DE", "?type=lecture"):
        assert '<b class="num">2 events</b>' in client.get(LIST + query).get_data(as_text=True)


def test_kinds_keep_their_numbers_beside_each_other_and_answers_about_access_do_not(
    client: FlaskClient, listed: Campaign
) -> None:
    """Two kinds find both; two answers find what has both, which no prepared number says."""
    publish(listed, details("Berlin", access={"step_free": "yes", "sign_language": "yes"}))
    db.session.commit()
    assert choices(client, "", "access") == {"Step-free access": "1", "Sign language": "1"}
    assert choices(client, "?access=step_free", "access") == {}
    assert choices(client, "?type=lecture", "type") == {"Ceremony": "2", "Lecture or talk": "2"}


def test_numbers_follow_what_is_published(client: FlaskClient, listed: Campaign) -> None:
    assert choices(client, "", "country")["Germany"] == "2"
    publish(listed, details("Berlin"))
    db.session.commit()
    body = client.get(LIST).get_data(as_text=True)
    assert "Germany (3)" in body


@pytest.mark.parametrize(
    ("query", "chip"),
    [
        ("?org=embassy-co", "Embassy &amp; Co"),
        ("?org=nobody", "nobody"),
        ("?city=us/san-jose", "San José"),
        ("?city=cr/san-jose-2", "San José"),
        ("?city=xx/nowhere", "nowhere"),
        ("?city=us/99999999999999999", "99999999999999999"),
        ("?city=Berlin", "Berlin"),
    ],
)
def test_chips_say_names(client: FlaskClient, listed: Campaign, query: str, chip: str) -> None:
    assert chips(client, query) == [chip]
