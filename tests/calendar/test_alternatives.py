"""What an empty list offers: the filter that hides most, the nearest cities, what is online, and how to register."""

import html
import re
from datetime import datetime

import pytest

from campaign.events.lifecycle import Duration, Mode, Type
from campaign.places.models import City
from tests.calendar.conftest import CITIES, details, publish
from tests.calendar.test_map import POSITIONS
from tests.pages import Page

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


@pytest.fixture
def exhibited(listed, campaign, session):
    """Reykjavík has nothing but exhibitions: one that opens within weeks, one in half a year."""
    place = {"city": "Reykjavík", "country": "IS", "time_zone": "Atlantic/Reykjavik", "city_id": 90}
    place |= {"latitude": 64.1, "longitude": -21.9}
    spot = {"latitude": 64.1, "longitude": -21.9, "time_zone": "Atlantic/Reykjavik", "country": "IS"}
    session.add(City(geoname_id=90, name="Reykjavík", population=1, **spot))
    for title, first, last in (
        ("Faces and letters", datetime(2027, 2, 20), datetime(2027, 3, 3)),
        ("Roads away", datetime(2027, 8, 1), datetime(2027, 8, 9)),
    ):
        run = details(title=title, type=Type.EXHIBITION, duration=Duration.RUN, starts=first, ends=last)
        publish(campaign, run.with_changes(**place))
    session.commit()


@pytest.mark.usefixtures("exhibited")
@pytest.mark.parametrize("query", ["near=64.1,-21.9", "city=is/reykjavik", "country=IS", "q=reykjavík"])
def test_exhibitions_stand_in_place_of_events_however_far_ahead(client, query):
    page = Page.of(client.get(f"{LIST}?{query}").text)
    assert page.root.first(class_="count").text == "No event on a single day; 2 exhibitions are on view"
    assert "No event was found" not in page.text
    (column, aside) = page.root.first(class_="cols").children
    assert [a.text for a in column.first(class_="onview").all("a")] == ["Faces and letters", "Roads away"]
    assert not aside.all(class_="onview")


@pytest.mark.usefixtures("exhibited")
@pytest.mark.parametrize(
    ("address", "on_view"),
    [
        (f"{LIST}?country=IS&on=2027-02-21", 1),
        (f"{LIST}2027/02/21/?country=IS", 1),
        (f"{LIST}?country=IS&on=2027-06-01", 0),
    ],
)
def test_exhibitions_of_other_days_do_not_count(client, address, on_view):
    page = Page.of(client.get(address).text)
    said = "No event on a single day; 1 exhibition is on view" if on_view else "0 events"
    assert page.root.first(class_="count").text == said
    assert len(page.root.all(class_="empty")) == 1 - on_view


@pytest.mark.usefixtures("exhibited")
@pytest.mark.parametrize(
    "address",
    ["/embed/remembrance/list", "/embed/remembrance/list.html", f"{LIST}programme/"],
    ids=["frame", "part", "paper"],
)
def test_no_list_elsewhere_or_on_paper_denies_an_exhibition(client, address):
    page = client.get(f"{address}?country=IS").text
    assert "Faces and letters" in page
    assert "Roads away" in page
    assert "No event was found" not in page


@pytest.mark.usefixtures("listed")
def test_words_of_a_search_have_one_pair_of_quotation_marks(client):
    found = links(client.get(f"{LIST}?q=Üzlər").text)
    assert next(iter(found)) == "Without the filter “Üzlər”"


def test_neither_the_home_nor_the_page_about_letters_denies_exhibitions(client, campaign):
    first, last = datetime(2027, 2, 20), datetime(2027, 3, 3)
    publish(campaign, details(title="Faces", type=Type.EXHIBITION, duration=Duration.RUN, starts=first, ends=last))
    home = client.get("/en/remembrance/").text
    assert "Faces" in home
    assert "No events are listed yet" not in home
    assert "0 events" not in client.get("/en/remembrance/follow/?type=exhibition").text
