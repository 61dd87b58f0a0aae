"""The previews of messages: for desks and operators only, in a frame in which nothing runs, about events in scope."""

from datetime import datetime, time, timedelta

from flask.testing import FlaskClient

from campaign.core import clock
from campaign.operations.messages.samples import SAMPLES
from tests.factories.desk import World, sign_in


def _soon(days: int) -> dict[str, datetime]:
    day = clock.now().date() + timedelta(days=days)
    return {"starts": datetime.combine(day, time(18)), "ends": datetime.combine(day, time(20))}


def test_only_desks_and_operators_see_them(client: FlaskClient, world: World) -> None:
    paths = ("/desk/messages/", "/desk/messages/reminder-day", "/desk/messages/reminder-day/html")
    assert [client.get(path).status_code for path in paths] == [302] * 3
    sign_in(client, world.people["Nigar"])
    assert [client.get(path).status_code for path in paths] == [403] * 3
    for name in ("Lena", "Rashad"):
        sign_in(client, world.people[name])
        assert [client.get(path).status_code for path in paths] == [200] * 3
    assert client.get("/desk/messages/nothing").status_code == 404


def test_a_coordinator_sees_events_of_the_own_desk(client: FlaskClient, world: World) -> None:
    world.published(world.people["Nigar"], title="In Chicago", city="Chicago", country="US", **_soon(3))
    world.published(world.people["Nigar"], title="In Berlin", **_soon(5))
    sign_in(client, world.people["Lena"])
    page = client.get("/desk/messages/reminder-day").text
    assert "In Berlin" in page
    assert "In Chicago" not in page
    assert "Invented events" not in page
    sign_in(client, world.people["Ana"])
    assert "In Chicago" in client.get("/desk/messages/reminder-day").text


def test_letters_about_filters_list_what_their_words_say(client: FlaskClient, world: World) -> None:
    """Events of two countries are of no country, and the day of remembrance has events of that day alone."""
    for days, (city, country) in ((3, ("Geneva", "CH")), (4, ("London", "GB"))):
        world.published(world.people["Nigar"], title=f"In {city}", city=city, country=country, **_soon(days))
    sign_in(client, world.people["Rashad"])
    coming = client.get("/desk/messages/coming").text
    assert "In Geneva" in coming
    assert "In London" in coming
    assert "Switzerland)" not in coming
    assert client.get("/desk/messages/day").text.count("In Geneva") == 0


def test_without_events_they_are_invented_and_said_so(client: FlaskClient, world: World) -> None:
    sign_in(client, world.people["Lena"])
    page = client.get("/desk/messages/changed?letter_language=az").text
    assert "Invented events" in page
    assert "Bir dəqiqəlik sükutla anım axşamı" in page


def test_the_page_of_a_letter_can_do_nothing(client: FlaskClient, world: World) -> None:
    sign_in(client, world.people["Lena"])
    letter = client.get("/desk/messages/reminder-day/html?letter_language=ar")
    assert letter.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    assert letter.text.startswith('<!doctype html>\n<html lang="ar" dir="rtl">')
    around = client.get("/desk/messages/reminder-day")
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in around.headers["Content-Security-Policy"]
    assert "<iframe" in around.text
    assert " sandbox " in around.text


def test_every_message_can_be_looked_at(client: FlaskClient, world: World) -> None:
    """Signed links are left out, so that nobody takes a preview for a letter."""
    world.published(world.people["Nigar"], title='<b>"Bold"</b> & more', **_soon(4))
    sign_in(client, world.people["Lena"])
    index = client.get("/desk/messages/").text
    for name in SAMPLES:
        assert f"/desk/messages/{name}?letter_language=az" in index
        assert client.get(f"/desk/messages/{name}?letter_language=en").status_code == 200
        html = client.get(f"/desk/messages/{name}/html?letter_language=en")
        assert html.status_code == 200
        assert "<b>&" not in html.text.replace("<b>Ends</b>", "")
        assert '<b>"' not in html.text
