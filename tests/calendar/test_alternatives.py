"""What an empty list offers: the filter that hides most, the nearest cities, what is online, and how to register."""

import html
import re

import pytest

from campaign.events.lifecycle import Mode, Type
from campaign.places.models import City
from tests.calendar.conftest import CITIES, details, publish
from tests.calendar.test_map import POSITIONS

LIST = "/en/remembrance/events/"


@pytest.fixture
def listed(campaign, session):
    for number, (name, (country, zone, _instant)) in enumerate(CITIES.items()):
        north, east = POSITIONS[name]
        session.add(
            City(
                geoname_id=number + 1,
                name=name,
                country=country,
                latitude=north,
                longitude=east,
                time_zone=zone,
                population=1,
            )
        )
        publish(campaign, details(name, city_id=number + 1, latitude=north, longitude=east))
    publish(campaign, details("Berlin", type=Type.CONFERENCE, access={"step_free": "yes"}))
    publish(campaign, details("Baku", mode=Mode.ONLINE))
    session.commit()


def links(page: str) -> dict[str, str]:
    """Texts of the empty state's links and their addresses."""
    (part,) = re.findall(r'<div class="empty">(.*?)<div class="btns">', page, re.S)
    found = re.findall(r'<a href="([^"]+)">(.*?)</a>', html.unescape(part))
    return {re.sub("<[^>]+>", "", text): url for url, text in found}


@pytest.mark.usefixtures("listed")
def test_the_nearest_places_with_their_distance_and_their_number(client):
    answer = client.get(f"{LIST}?near=60,11&r=10")
    assert answer.status_code == 200
    assert re.search(r"Berlin, Germany</bdi></a> \(84\d\skm\): 2 events", answer.text)
    found = links(answer.text)
    assert list(found)[1:4] == ["Berlin, Germany", "Baku, Azerbaijan", "St John's, Canada"]
    assert "2 events" in client.get(found["Berlin, Germany"]).text
    assert "No event was found" not in client.get(found["To join online"]).text


@pytest.mark.usefixtures("listed")
def test_the_filter_that_hides_most_is_named_and_can_be_left_out(client):
    page = client.get(f"{LIST}?country=DE&type=conference&access=sign_language").text
    found = links(page)
    (label,) = [text for text in found if text.startswith("Without the filter")]
    assert label == "Without the filter “Sign language”"
    assert "1 event" in client.get(found[label]).text
    assert "/my/events/new" in page


@pytest.mark.usefixtures("campaign")
def test_where_nothing_is_listed_at_all_nothing_is_promised(client):
    page = client.get(f"{LIST}?near=60,11").text
    assert "No event was found" in page
    assert links(page) == {}


@pytest.mark.usefixtures("listed")
def test_a_list_with_rows_offers_nothing_instead(client):
    assert 'class="empty"' not in client.get(LIST).text
