"""Work that is interrupted over plain HTTP, with tokens on: the session ends, the same form comes twice at once."""

from io import BytesIO
from threading import Thread

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from campaign.accounts import passwords
from campaign.accounts.models import Person
from campaign.core import clock
from campaign.core.db import db, transaction
from campaign.demonstration import posters
from campaign.events.models import Event
from tests.events.conftest import boxes
from tests.journeys.browsing import Visitor
from tests.journeys.conftest import PASSWORD, House
from tests.pages import Form

WRITER = "nigar@example.org"


def at_the_form(house: House) -> Visitor:
    """A signed-in person with the form open."""
    with house.app.app_context(), transaction():
        secret = passwords.keep(PASSWORD)
        person = Person(email=WRITER, name="Nigar", password_hash=secret, email_confirmed_at=clock.now())
        db.session.add(person)
    visitor = house.visitor()
    visitor.get("/my/events/new")
    visitor.send(visitor.page.form(name="password"), email=WRITER, password=PASSWORD)
    assert visitor.page.form(name="title")
    return visitor


def events(house: House) -> list[Event]:
    with house.app.app_context():
        return list(db.session.scalars(select(Event)))


def test_a_session_that_ends_in_the_middle_loses_nothing(house: House) -> None:
    visitor = at_the_form(house)
    form = visitor.page.form(name="title")
    visitor.jar.clear()  # Overnight, or a computer that forgets.
    poster = {"picture": FileStorage(BytesIO(posters.flame(1)), "p.png", content_type="image/png")}
    typed = boxes(city="Potsdam", programme="18:00 Welcome\n19:00 „Musik“ & <tea>")
    answer = visitor.send(form, "continue", files=poster, **typed)
    assert answer.status == 401
    assert "Your session has ended" in answer.text
    assert "Files cannot be kept" in answer.text
    assert events(house) == []
    wrong = visitor.send(visitor.page.form(name="password"), email=WRITER, password="not this one at all")
    assert wrong.status == 422
    visitor.send(visitor.page.form(name="password"), email=WRITER, password=PASSWORD)
    assert "not sent yet" in visitor.page.text
    answer = visitor.send(visitor.page.form(name="title"))
    assert answer.path.endswith("/check"), answer.page.summary()
    (event,) = events(house)
    assert event.title == typed["title"]
    assert set(event.details.spoken) == {"en", "de"}
    assert [item.text for item in event.details.programme] == ["Welcome", "„Musik“ & <tea>"]


def test_a_form_without_its_token_is_not_taken_and_says_why(house: House) -> None:
    visitor = at_the_form(house)
    sent = visitor.page.form(name="title").sent("continue", **boxes())
    answer = visitor.post("/my/events/new", sent | {"csrf_token": "forged"})
    assert answer.status == 400
    assert "what you typed is still there" in answer.text
    foreign = visitor.post("/my/events/new", sent | {"csrf_token": ""}, headers={"Origin": "https://elsewhere.example"})
    assert foreign.status == 400
    assert events(house) == []


def test_the_same_form_twice_at_once_makes_one_event(house: House) -> None:
    visitor = at_the_form(house)
    form: Form = visitor.page.form(name="title")
    statuses = []

    def press() -> None:
        twin = Visitor(house.url, jar=visitor.jar, at=visitor.at)
        statuses.append(twin.send(form, "continue", **boxes(city="Potsdam")).status)

    presses = [Thread(target=press) for _ in range(4)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert statuses == [200] * 4
    assert len(events(house)) == 1


def test_a_picture_of_forty_megabytes_is_answered_beside_what_was_typed(house: House) -> None:
    visitor = at_the_form(house)
    huge = {"picture": FileStorage(BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 40 * 1024 * 1024), "p.png")}
    answer = visitor.send(visitor.page.form(name="title"), "continue", files=huge, **boxes(city="Potsdam"))
    assert answer.status == 422
    assert [sentence for _target, sentence in answer.page.summary()] == [
        "This picture is larger than 8 MB. Please choose a smaller one."
    ]
    assert answer.page.form(name="title").sent()["title"] == "Evening of remembrance"
