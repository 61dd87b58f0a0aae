"""How an event went: who may tell it, when, in which numbers; and who has told is not asked again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaign.core.db import transaction
from campaign.events import service as listing
from campaign.events.models import Event
from campaign.journal.queries import history
from campaign.mail.composers import Drop, Message
from campaign.mail.models import Letter
from campaign.reminders.organisers import letters
from campaign.reports import queries, service
from campaign.reports.service import Told
from tests.factories.desk import World, sign_in, world_of


@pytest.fixture
def world(session: Session) -> World:
    return world_of(session)


@pytest.fixture
def held(world: World, moved_clock: Any) -> Event:
    """Nigar's event, an hour after its end."""
    event = world.published(world.people["Nigar"])
    world.session.commit()
    assert event.ends_at is not None
    moved_clock.set(event.ends_at + timedelta(hours=1))
    return event


@pytest.fixture
def post(client: FlaskClient, world: World, held: Event) -> Callable[..., Any]:
    sign_in(client, world.people["Nigar"])
    return lambda **typed: client.post(f"/my/report/{held.ref}", data=typed)


def test_telling_and_changing_it(client: FlaskClient, held: Event, post: Any, session: Session) -> None:
    said = {"present": "100–150", "online": "0", "links": " https://news.example.org/a \n\nhttp://b.example.org/ "}
    assert post(**said, sentence="The hall was full.", may_quote="y").status_code == 303
    report = queries.find(held.id)
    assert report is not None
    assert (report.present_least, report.present_most, report.online, report.may_quote) == (100, 150, 0, True)
    assert report.links == "https://news.example.org/a\nhttp://b.example.org/"
    page = client.get(f"/my/report/{held.ref}?lang=en").text
    assert 'value="100–150"' in page
    assert "The hall was full." in page
    assert post(present="120").status_code == 303
    session.expire_all()
    assert (report.present_least, report.present_most, report.online, report.sentence) == (120, 120, None, "")
    assert [entry.act for entry in history("event", held.id)][-2:] == ["told", "told"]
    assert "How it went was told" in client.get(f"/my/events/{held.ref}?lang=en").text


@pytest.mark.parametrize(
    "typed",
    [
        {"present": "many"},
        {"present": "150-100"},
        {"present": "-5"},
        {"present": "99999999"},
        {"present": "1.5"},
        {"online": "10-20"},
        {"online": "x" * 100},
        {"links": "news.example.org"},
        {"links": "javascript:alert(1)"},
        {"links": "https://[/"},
        {"links": "\n".join(["https://a.example.org/"] * 11)},
        {"sentence": "x" * 301},
    ],
)
def test_what_is_no_answer_is_asked_for_again(post: Any, held: Event, typed: dict[str, str]) -> None:
    answer = post(**typed)
    assert answer.status_code == 422
    assert 'class="errsum"' in answer.text
    assert queries.find(held.id) is None


def test_nothing_can_be_told_before_the_end(client: FlaskClient, held: Event, post: Any, moved_clock: Any) -> None:
    moved_clock.shift(-timedelta(hours=2))
    assert post(present="120").status_code == 409
    assert "when the event is over" in client.get(f"/my/report/{held.ref}?lang=en").text
    assert "How did it go?" not in client.get(f"/my/events/{held.ref}?lang=en").text
    with transaction():
        listing.cancel(held, by=None, reason="")
    moved_clock.shift(timedelta(hours=3))
    assert post(present="120").status_code == 409


def test_only_who_may_write_about_the_event_tells(client: FlaskClient, world: World, held: Event) -> None:
    assert client.get(f"/my/report/{held.ref}").status_code == 302
    sign_in(client, world.people["Lena"])
    assert client.get(f"/my/report/{held.ref}").status_code in (403, 404)
    assert client.post(f"/my/report/{held.ref}", data={"present": "1"}).status_code in (403, 404)
    assert queries.find(held.id) is None


def test_who_has_told_is_not_asked_again(world: World, held: Event, moved_clock: Any) -> None:
    from campaign.reminders.organisers import dates

    moved_clock.shift(timedelta(days=1))
    nigar, on = world.people["Nigar"], dates.report_on(held.details, 1)
    assert on is not None
    letter = Letter(
        key="k", kind="event_report", recipient=nigar.email, language="en", message_id="<a@b>", due_at=held.created_at,
        next_try_at=held.created_at, recipient_id=nigar.id, context={"on": on.isoformat(), "step": 1},
    )  # fmt: skip
    asked = letters.compose_report(letter)
    assert isinstance(asked, Message)
    assert f"/my/report/{held.ref}" in asked.text
    with transaction():
        service.tell(held, Told(present_least=1, present_most=1), by=nigar)
    assert isinstance(letters.compose_report(letter), Drop)
