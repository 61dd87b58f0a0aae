"""The whole story over plain HTTP: register, submit, a question, an answer, published, found, reminded, unsubscribed.

Every form is taken from the page and sent as a browser without a script would send it, tokens included.
"""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO

import icalendar
from werkzeug.datastructures import FileStorage

from campaign.core import clock
from campaign.demonstration import posters
from tests.conftest import Clock
from tests.journeys.browsing import Visitor
from tests.journeys.conftest import COORDINATOR, PASSWORD, House

ORGANISER, READER = "aygun@example.org", "reader@example.org"
TITLE = "An evening of letters and music"
TEXT = "Letters are read and a quartet plays; a minute of silence ends the evening. Everybody is welcome."


def coming_day() -> datetime:
    """The next 26 February, 17:00 UTC: 18:00 in Potsdam."""
    now = clock.now()
    day = datetime(now.year, 2, 26, 17, tzinfo=UTC)
    return day if day > now + timedelta(days=30) else day.replace(year=now.year + 1)


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(letter: EmailMessage, pattern: str) -> str:
    found = re.search(rf"https?://\S*{pattern}\S*", text_of(letter))
    assert found, text_of(letter)
    return found.group(0)


def sign_in(visitor: Visitor, email: str) -> None:
    visitor.get("/account/sign-in")
    visitor.send(visitor.page.form(name="password"), email=email, password=PASSWORD)
    assert visitor.page.link("Account")


def test_the_whole_story(house: House, moved_clock: Clock) -> None:
    organiser, coordinator, reader = house.visitor(), house.visitor(), house.visitor()
    day = coming_day()
    _register(house, organiser)
    ref = _submit(organiser, day)
    _ask(house, coordinator, ref)
    _answer(house, organiser, ref)
    _approve(coordinator, ref)
    published = house.letters(ORGANISER)[-1]
    assert TITLE in text_of(published)
    _find(reader, ref, day)
    _subscribe(house, reader)
    _reminded(house, moved_clock, day)
    _unsubscribe(house, organiser, ref)


def _register(house: House, organiser: Visitor) -> None:
    organiser.get("/account/register")
    organiser.send(organiser.page.form(name="password"), name="Aygün Example", email=ORGANISER, password=PASSWORD)
    (letter,) = house.letters(ORGANISER)
    organiser.get(link(letter, "/v/"))
    organiser.send(organiser.page.only_form())
    sign_in(organiser, ORGANISER)
    organiser.get("/my/organisation/")
    organiser.send(organiser.page.form(name="website"), name="Circle of Remembrance", kind="diaspora", country="DE")
    assert organiser.page.heading == "Circle of Remembrance"


def _submit(organiser: Visitor, day: datetime) -> str:
    organiser.get("/my/")
    organiser.follow("Register an event")
    poster = {"picture": FileStorage(BytesIO(posters.flame(1)), "poster.png", content_type="image/png")}
    answer = organiser.send(
        organiser.page.form(name="title"),
        "continue",
        files=poster,
        type="ceremony",
        title=TITLE,
        date=f"{day.day} {day.month} {day.year}",
        start="18:00",
        end="19:30",
        venue="City hall",
        city="Potsdam",
        country="DE",
        description=TEXT,
        spoken=["de"],
        picture_alt="A small flame",
        entry="open",
    )
    assert answer.path.endswith("/check"), organiser.page.summary()
    assert "A small flame" in answer.text
    answer = organiser.send(organiser.page.form(action="/submit"))
    assert "In review" in organiser.page.text
    return answer.path.rsplit("/", 1)[1]


def _ask(house: House, coordinator: Visitor, ref: str) -> None:
    sign_in(coordinator, COORDINATOR)
    coordinator.get("/desk/queue/")
    coordinator.follow(TITLE)
    form = coordinator.page.form(action="/ask")
    coordinator.send(form, question="Please name the quartet.", marks=["programme"], note_programme="Who plays?")
    assert ref not in coordinator.get("/desk/queue/").text


def _answer(house: House, organiser: Visitor, ref: str) -> None:
    letters = house.letters(ORGANISER)
    assert "Please name the quartet." in text_of(letters[-1])
    organiser.get(link(letters[-1], "/my/events/"))
    organiser.follow("Change the event")
    assert organiser.page.by_id("programme-question").text == "Who plays?"
    organiser.send(organiser.page.form(name="title"), "continue", programme="18:00 The Havel quartet plays")
    answer = organiser.send(organiser.page.form(action="/submit"), answer="It is in the programme now.")
    assert "In review" in answer.text


def _approve(coordinator: Visitor, ref: str) -> None:
    coordinator.get(f"/desk/queue/{ref}")
    assert "It is in the programme now." in coordinator.page.text
    assert "The Havel quartet plays" in coordinator.page.text
    coordinator.send(coordinator.page.form(action="/approve"))
    assert coordinator.at is not None
    assert coordinator.at.status == 200


def _find(reader: Visitor, ref: str, day: datetime) -> None:
    reader.get("/en/khojaly/events/")
    reader.send(reader.page.form(name="q"), q="letters and MUSIC", country="DE")
    reader.follow(TITLE)
    assert reader.page.heading == TITLE
    assert "18:00" in reader.page.text
    assert [image.get("alt") for image in reader.page.root.first("main").all("img")].count("A small flame") == 1
    feed = reader.get("/feeds/khojaly.ics?q=letters").text
    starts = [event["DTSTART"].dt.astimezone(UTC) for event in icalendar.Calendar.from_ical(feed).walk("VEVENT")]
    assert starts == [day]
    reader.get(f"/e/{ref}")


def _subscribe(house: House, reader: Visitor) -> None:
    reader.send(reader.page.form(action="/remind"), email=READER)
    (asked,) = house.letters(READER)
    address = link(asked, "/v/r/")
    reader.get(address)  # Mail scanners open links: reading the page sets nothing.
    assert len(house.letters(READER)) == 1
    reader.send(reader.page.only_form())
    assert len(house.letters(READER)) == 2


def _reminded(house: House, moved_clock: Clock, day: datetime) -> None:
    def about_tomorrow() -> list[EmailMessage]:
        return [m for m in house.letters(READER) if "omorrow" in str(m["Subject"])]

    morning = day.replace(hour=9)  # Ten o'clock in Potsdam, where the event is.
    moved_clock.set(morning - timedelta(days=7, seconds=2))
    before = len(house.letters(READER))
    moved_clock.set(morning - timedelta(days=7) + timedelta(seconds=1))
    assert len(house.letters(READER)) == before + 1
    moved_clock.set(morning - timedelta(days=1, seconds=2))
    assert about_tomorrow() == []
    moved_clock.set(morning - timedelta(days=1) + timedelta(seconds=1))
    (letter,) = about_tomorrow()
    assert TITLE in text_of(letter)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    house.send_letters()
    assert len(about_tomorrow()) == 1


def _unsubscribe(house: House, organiser: Visitor, ref: str) -> None:
    letter = house.letters(READER)[-1]
    address = str(letter["List-Unsubscribe"]).strip("<>")
    scanner, program = house.visitor(), house.visitor()
    assert scanner.get(address).page.only_form().method == "post"
    _call_off(organiser, ref, "postpone", "The hall is not free.")
    told = house.letters(READER)
    assert told[-1] is not letter  # Opening the address ended nothing.
    answer = program.post(address, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "null"})
    assert answer.status == 200
    assert not program.jar
    _call_off(organiser, ref, "cancel", "It cannot take place.")
    assert house.letters(READER) == told


def _call_off(organiser: Visitor, ref: str, way: str, reason: str) -> None:
    organiser.get(f"/my/events/{ref}")
    organiser.send(organiser.page.form(action=f"/{way}"), reason=reason)
    assert reason in organiser.page.text
