"""The form over the lists: its button changes nothing but what somebody changed."""

from urllib.parse import parse_qs, parse_qsl

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from campaign.calendar.filters import Filter
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from tests.calendar.conftest import details, publish
from tests.pages import Form, Page

LIST = "/en/remembrance/events/"


def page(client: FlaskClient, query: str) -> Page:
    return Page.of(client.get(f"{LIST}?{query}").get_data(as_text=True))


def form(client: FlaskClient, query: str) -> Form:
    return page(client, query).form(action=LIST, name="near")


@pytest.mark.parametrize(
    "query",
    [
        "type=ceremony&type=concert&spoken=az&spoken=en&access=step_free&access=sign_language",
        "on=2027-02-28&city=de%2Fberlin&org=embassy&country=DE&q=candle&mode=online&entry=open&free=1",
        "from=2027-02-03&to=2027-02-26",
        "month=2027-02",
        "near=52.5%2C13.4&r=10&spoken=ka",
    ],
)
def test_the_button_asks_for_what_is_shown(client: FlaskClient, campaign: Campaign, query: str) -> None:
    wanted = Filter.read(MultiDict(form(client, query).sent()))
    assert {name: set(values) for name, values in wanted.query().items()} == {
        name: set(values) for name, values in parse_qs(query).items()
    }
    assert wanted.unknown == ()


def test_a_kind_that_the_campaign_no_longer_offers_stays_asked_for(
    client: FlaskClient, campaign: Campaign, session: Session
) -> None:
    campaign.settings = {**campaign.settings, "event_types": ["ceremony", "lecture"]}
    session.flush()
    assert form(client, "type=concert&type=lecture").sent()["type"] == ["lecture", "concert"]


def test_one_more_box_is_one_more_wish(client: FlaskClient, campaign: Campaign) -> None:
    publish(campaign, details("Berlin", access={"step_free": "yes", "sign_language": "yes"}))
    publish(campaign, details("Baku", access={"step_free": "yes"}))
    publish(campaign, details("Auckland", access={"sign_language": "yes"}))
    db.session.commit()
    asked = form(client, "access=step_free")
    boxes = {box.get("value"): box for box in asked.element.all("input", name="access")}
    boxes["sign_language"].attributes["checked"] = ""
    found = Page.of(client.get(asked.action, query_string=asked.sent()).get_data(as_text=True))
    assert [title.text for title in found.root.first("main").all("h3")] == ["Evening of remembrance in Berlin"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Any"),
        ("access=step_free", "Step-free access"),
        ("access=sign_language&access=step_free", "Step-free access, Sign language"),
    ],
)
def test_a_folded_list_says_what_is_chosen_in_it(
    client: FlaskClient, campaign: Campaign, query: str, said: str
) -> None:
    field = page(client, query).by_id("f-access")
    assert (field.tag, field.text) == ("summary", said)


@pytest.mark.parametrize("period", ["from=2027-02-03", "to=2027-03-03", "from=2027-02-03&to=2027-03-03"])
def test_a_period_beside_a_chosen_day_is_named(client: FlaskClient, campaign: Campaign, period: str) -> None:
    said = page(client, f"on=2027-02-26&{period}").text
    for name, _value in parse_qsl(period):
        assert f"The filter “{name}” was not understood and was left out. Please choose either one day" in said


@pytest.mark.parametrize("part", ["feeds/", "embed/", "map/", "events/", "events/2027/03/"])
def test_the_form_stays_on_its_page(client: FlaskClient, campaign: Campaign, part: str) -> None:
    here = f"/en/remembrance/{part}"
    above = Page.of(client.get(f"{here}?type=concert").get_data(as_text=True))
    assert above.form(name="near").action == here
    steps = [link.get("href") for link in above.root.first(class_="quick").all("a")]
    lead_to = LIST if part == "events/2027/03/" else here
    assert [step.partition("?")[0] for step in steps] == [lead_to] * 3


def test_a_month_keeps_its_filters_and_dates_lead_to_the_list(client: FlaskClient, campaign: Campaign) -> None:
    here = f"{LIST}2027/03/"
    sent = Page.of(client.get(f"{here}?type=concert").get_data(as_text=True)).form(name="near").sent()
    kept = client.get(here, query_string=sent)
    assert kept.status_code == 200
    assert "type=concert" in kept.get_data(as_text=True)
    dated = client.get(here, query_string={**sent, "on": "2027-02-26"})
    assert dated.location == f"{LIST}?on=2027-02-26&type=concert"


@pytest.mark.parametrize("part", ["feeds/", "embed/"])
def test_addresses_are_not_made_of_a_place_that_nobody_knows(
    client: FlaskClient, campaign: Campaign, part: str
) -> None:
    page = Page.of(client.get(f"/en/remembrance/{part}?near=Berln&country=DE").get_data(as_text=True))
    assert "These filters have no meaning and were left out: near" in page.text
    made = [box.get("value") or box.raw for box in page.root.first("main").all("input") + page.root.all("textarea")]
    assert made
    assert not [address for address in made if "Berln" in address or "country=DE" not in address]
