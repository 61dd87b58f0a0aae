"""RSS, Atom and JSON Feed: well-formed, filtered, newest first, answered with 304 to who has them."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from campaign.calendar import listings, pages
from campaign.campaigns.models import Campaign
from campaign.events import service
from tests.calendar.conftest import details, publish
from tests.conftest import Clock

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def three(campaign: Campaign, moved_clock: Clock) -> None:
    for city in ("Berlin", "Auckland", "Los Angeles"):
        publish(campaign, details(city, title=f"<Evening> & remembrance in {city}"))
        moved_clock.shift(timedelta(minutes=10))


def titles(client: FlaskClient, address: str) -> list[str]:
    return [item["title"] for item in client.get(address).get_json(force=True)["items"]]


@pytest.mark.usefixtures("three")
def test_rss_is_well_formed_and_says_when_and_where(client: FlaskClient) -> None:
    answer = client.get("/feeds/remembrance.rss")
    assert answer.mimetype == "application/rss+xml"
    items = ET.fromstring(answer.data).findall("channel/item")
    assert [i.findtext("title") for i in items] == [
        "26 February 2027, 18:00 Los Angeles time: <Evening> & remembrance in Los Angeles",
        "26 February 2027, 18:00 Auckland time: <Evening> & remembrance in Auckland",
        "26 February 2027, 18:00 Berlin time: <Evening> & remembrance in Berlin",
    ]
    stamps = [parsedate_to_datetime(i.findtext("pubDate") or "") for i in items]
    assert stamps == sorted(stamps, reverse=True)
    assert all((i.findtext("link") or "").startswith("http") for i in items)


@pytest.mark.usefixtures("three")
def test_atom_has_what_rfc_4287_asks(client: FlaskClient) -> None:
    feed = ET.fromstring(client.get("/feeds/remembrance.atom?country=NZ").data)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 1
    for node in (feed, entries[0]):
        assert node.findtext(f"{ATOM}id")
        assert node.findtext(f"{ATOM}title")
        assert datetime.fromisoformat(node.findtext(f"{ATOM}updated") or "").tzinfo == UTC
    assert (entries[0].findtext(f"{ATOM}id") or "").startswith("urn:uuid:")


@pytest.mark.usefixtures("three")
def test_json_feed_names_wall_time_zone_and_status(client: FlaskClient) -> None:
    feed: dict[str, Any] = client.get("/feeds/remembrance.json?city=auckland&lang=az").get_json(force=True)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["language"] == "az"
    [item] = feed["items"]
    expected = {"starts": "2027-02-26T18:00+13:00", "time_zone": "Pacific/Auckland", "status": "published"}
    assert item["_event"] == expected


@pytest.mark.usefixtures("three")
def test_a_change_comes_to_the_top_and_keeps_its_id(
    client: FlaskClient, campaign: Campaign, moved_clock: Clock
) -> None:
    event = publish(campaign, details("Baku"))
    shown = client.get("/feeds/remembrance.json").get_json(force=True)["items"]
    before = {f"Cancelled: {item['title']}": item["id"] for item in shown}
    moved_clock.shift(timedelta(hours=1))
    other = publish(campaign, details("Kathmandu"))
    moved_clock.shift(timedelta(hours=1))
    service.cancel(event, by=None, reason="The hall is closed.")
    items = client.get("/feeds/remembrance.json").get_json(force=True)["items"]
    assert items[0]["id"] == before[items[0]["title"]] == f"urn:uuid:{event.uid}"
    assert items[0]["content_text"].startswith("The hall is closed.")
    assert items[1]["id"] == f"urn:uuid:{other.uid}"


@pytest.mark.parametrize("ending", ["rss", "atom", "json"])
def test_what_was_written_before_is_written_anew_where_it_says_something_else(
    client: FlaskClient, campaign: Campaign, ending: str
) -> None:
    """The listing, its number and its instant stay the same here: the text alone is another one."""
    address = f"/feeds/remembrance.{ending}?lang="
    event = publish(campaign, details("Baku", description="At first."))
    first = {language: client.get(address + language).get_data(as_text=True) for language in ("en", "az")}
    assert all("At first." in text for text in first.values())
    assert "26 February" in first["en"]
    assert "26 fevral" in first["az"]
    changed_at = event.changed_at
    event.details, event.changed_at = event.details.with_changes(description="And then."), changed_at
    listings.renew([event])
    pages.forget()
    for language, text in first.items():
        assert client.get(address + language).get_data(as_text=True) == text.replace("At first.", "And then.")


@pytest.mark.usefixtures("three")
def test_what_is_over_is_no_news_unless_asked_for(client: FlaskClient, moved_clock: Clock) -> None:
    moved_clock.shift(timedelta(days=60))
    assert titles(client, "/feeds/remembrance.json") == []
    assert len(titles(client, "/feeds/remembrance.json?on=2027-02-26")) == 3


@pytest.mark.usefixtures("three")
def test_readers_that_have_it_get_304(client: FlaskClient, campaign: Campaign) -> None:
    first = client.get("/feeds/remembrance.rss")
    by_tag = client.get("/feeds/remembrance.rss", headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get("/feeds/remembrance.rss", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    early = format_datetime(campaign.calendar_changed_at - timedelta(minutes=1), usegmt=True)
    assert client.get("/feeds/remembrance.rss", headers={"If-Modified-Since": early}).status_code == 200


def test_the_builder_gives_the_addresses_of_a_filter(client: FlaskClient, campaign: Campaign) -> None:
    page = client.get("/en/remembrance/feeds/?country=DE&type=ceremony").get_data(as_text=True)
    for ending in ("ics", "rss", "atom", "json"):
        assert f"/feeds/remembrance.{ending}?country=DE&amp;type=ceremony&amp;lang=en" in page
    assert "webcal:" in page


@pytest.mark.parametrize("query", ["on=2027-02-31", "type=nonsense", "q=" + "x" * 9000, "country=%FF%FE", "page=%00"])
@pytest.mark.parametrize("ending", ["ics", "rss", "atom", "json"])
def test_no_filter_breaks_a_feed(client: FlaskClient, campaign: Campaign, ending: str, query: str) -> None:
    assert client.get(f"/feeds/remembrance.{ending}?{query}").status_code in (200, 400, 414)
