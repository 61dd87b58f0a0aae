"""The calendar inside other pages: what may be framed and what not, fragments, oEmbed."""

from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.campaigns.models import Campaign
from campaign.core.db import transaction
from campaign.events import service
from tests.calendar.conftest import details, publish

SITE = "http://localhost"


@pytest.fixture
def address(campaign: Campaign, client: FlaskClient) -> str:
    """The canonical address of one event's page."""
    event = publish(campaign, details("Berlin"))
    return f"{SITE}/en/remembrance/e/{event.ref}-evening-of-remembrance-in-berlin"


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("path", ["/embed/remembrance/list", "/embed/remembrance/list?lang=ar&theme=dark"])
def test_a_frame_shows_events_without_script_or_cookie(client: FlaskClient, path: str) -> None:
    client.set_cookie("theme", "light")
    answer = client.get(path)
    body = answer.get_data(as_text=True)
    assert "Evening of remembrance in Berlin" in body
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
    assert "<script" not in body
    assert ('data-theme="dark"' in body, 'dir="rtl"' in body) == ("dark" in path, "ar" in path)


@pytest.mark.usefixtures("address")
def test_a_month_as_grid_and_as_list(client: FlaskClient) -> None:
    grid = client.get("/embed/remembrance/month?country=DE").get_data(as_text=True)
    assert "Evening of remembrance in Berlin" in grid
    assert 'class="month"' in grid
    plain = client.get("/embed/remembrance/month.html?month=2027-02").get_data(as_text=True)
    assert "Friday 26 February 2027" in plain.replace(",", "")
    assert f'href="{SITE}/en/remembrance/e/' in plain
    assert "Evening" not in client.get("/embed/remembrance/month.html?month=2027-03").get_data(as_text=True)


@pytest.mark.usefixtures("address")
def test_a_map_with_its_table_and_the_table_alone(client: FlaskClient) -> None:
    framed = client.get("/embed/remembrance/map").get_data(as_text=True)
    assert 'class="land"' in framed
    assert "Berlin" in framed.partition('class="places"')[2]
    assert "<script" not in framed
    plain = client.get("/embed/remembrance/map.html?country=DE").get_data(as_text=True)
    assert "Berlin</bdi></a>: 1 event" in plain


def test_nothing_else_may_be_framed(app: Flask, client: FlaskClient, campaign: Campaign) -> None:
    embeds = [r for r in app.url_map.iter_rules() if r.rule.startswith("/embed/")]
    assert embeds
    for path in ("/", "/en/remembrance/", "/en/remembrance/events/", "/account/sign-in", "/en/remembrance/embed/"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"], path


@pytest.mark.usefixtures("address")
def test_the_fragment_is_plain_and_its_links_lead_here(client: FlaskClient) -> None:
    answer = client.get("/embed/remembrance/list.html?country=DE")
    body = answer.get_data(as_text=True)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert body.lstrip().startswith("<section")
    assert f'href="{SITE}/en/remembrance/e/' in body
    assert "class=" not in body
    assert "No event was found" in client.get("/embed/remembrance/list.html?country=NZ").get_data(as_text=True)


def test_oembed_gives_the_frame_of_an_event(client: FlaskClient, address: str) -> None:
    found = client.get(f"/oembed?url={quote(address)}&maxwidth=300").get_json()
    assert (found["version"], found["type"], found["width"]) == ("1.0", "rich", 300)
    assert found["title"] == "Evening of remembrance in Berlin"
    frame = unescape(found["html"].partition('src="')[2].partition('"')[0])
    assert "Evening of remembrance in Berlin" in client.get(frame.removeprefix(SITE)).get_data(as_text=True)


def test_the_frame_of_a_withdrawn_event_says_so(client: FlaskClient, campaign: Campaign) -> None:
    """Where its card was, not the browser's page about a broken frame."""
    event = publish(campaign, details("Berlin"))
    frame = f"/embed/remembrance/event/{event.ref}"
    assert client.get(frame).status_code == 200
    with transaction():
        service.withdraw(event, by=None)
    answer = client.get(frame)
    assert answer.status_code == 410
    assert "withdrew this event" in answer.get_data(as_text=True)
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("asked", "width"), [("300", 300), ("9" * 5000, 640), ("0", 640), ("-1", 640), ("٣٠٠", 640)])
def test_oembed_is_as_wide_as_was_asked_or_as_usual(client: FlaskClient, address: str, asked: str, width: int) -> None:
    assert client.get(f"/oembed?url={quote(address)}&maxwidth={asked}").get_json()["width"] == width


@pytest.mark.usefixtures("address")
def test_oembed_keeps_the_filter_of_a_list(client: FlaskClient) -> None:
    page = quote(f"{SITE}/az/remembrance/events/?country=NZ")
    html = client.get(f"/oembed?url={page}").get_json()["html"]
    assert "country=NZ&amp;lang=az" in html


@pytest.mark.parametrize(
    "url", ["", "http://elsewhere.example/en/remembrance/", f"{SITE}/account/sign-in", f"{SITE}/[", "http://[", SITE]
)
def test_oembed_knows_nothing_of_other_addresses(client: FlaskClient, campaign: Campaign, url: str) -> None:
    assert client.get(f"/oembed?url={quote(url)}").status_code == 404


def test_the_builder_gives_code_with_the_filter(client: FlaskClient, campaign: Campaign) -> None:
    body = client.get("/en/remembrance/embed/?country=DE").get_data(as_text=True)
    assert "/embed/remembrance/list?country=DE" in unescape(unescape(body))
    assert "&lt;iframe" in body
