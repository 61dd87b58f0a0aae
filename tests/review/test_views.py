"""The desk over HTTP."""

from datetime import timedelta

import pytest

from campaign.core import clock
from campaign.events import service as events
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail import service as mail
from campaign.media.models import Picture
from campaign.review.queries import Item
from tests.factories.desk import details

SENT = {
    "approve": {},
    "ask": {"question": "Which hall?", "marks": "venue", "note_venue": "Two names"},
    "refuse": {"reason": "R10", "explanation": "See the other one."},
    "decline": {"note": "Please keep the hour."},
}


@pytest.fixture
def waiting(world, session):
    made = world.event(world.people["Nigar"], title="<i>Evening</i>")
    session.commit()
    return made


@pytest.fixture
def changed(world, session):
    made = world.published(world.people["Nigar"])
    revision = events.propose(made, details(title="Another evening"), by=world.people["Nigar"])
    session.commit()
    return Item(made, revision)


def status_of(session, event):
    return session.get(Event, event.id).status


def test_the_queue_lists_and_links(signed_in, world, waiting):
    client = signed_in(world.people["Lena"])
    assert client.get("/desk/").location == "/desk/queue/"
    page = client.get("/desk/queue/")
    assert page.status_code == 200
    assert f"/desk/queue/{waiting.ref}" in page.text
    assert "<i>Evening" not in page.text
    assert f"/desk/queue/{waiting.ref}" not in signed_in(world.people["Ana"]).get("/desk/queue/").text


@pytest.mark.parametrize("path", ["/desk/", "/desk/queue/", "/desk/queue/ABC123"])
def test_only_coordinators_enter(signed_in, client, world, path):
    assert client.get(path).status_code == 302
    assert signed_in(world.people["Nigar"]).get(path).status_code == 403


def test_how_long_ago_follows_the_language(signed_in, world, session, waiting):
    """In Arabic "two hours" has one form that stands alone, for the queue, and another after "ago"."""
    waiting.submitted_at = clock.now() - timedelta(hours=2)
    session.commit()
    client = signed_in(world.people["Lena"])
    assert "ساعتان" in client.get("/desk/queue/?lang=ar").text
    assert "أُرسلت قبل ساعتين" in client.get(f"/desk/queue/{waiting.ref}?lang=ar").text


def test_an_unknown_event_and_another_desks_event_look_the_same(signed_in, world, waiting):
    client = signed_in(world.people["Ana"])
    assert client.get("/desk/queue/NOSUCH").status_code == 404
    assert client.get(f"/desk/queue/{waiting.ref}").status_code == 404


@pytest.mark.parametrize("act", sorted(SENT))
def test_another_desk_cannot_decide(signed_in, world, waiting, changed, act):
    client = signed_in(world.people["Ana"])
    for event, version in ((waiting, str(waiting.version)), (changed.event, changed.seen_version)):
        before = status_of(world.session, event)
        answer = client.post(f"/desk/queue/{event.ref}/{act}", data={"version": version, **SENT[act]})
        assert answer.status_code == 404
        assert status_of(world.session, event) is before


@pytest.mark.parametrize(
    ("act", "status"),
    [("approve", Status.PUBLISHED), ("ask", Status.CHANGE_ASKED), ("refuse", Status.REFUSED)],
)
def test_decisions_about_a_new_event(signed_in, world, waiting, act, status):
    client = signed_in(world.people["Lena"])
    page = client.get(f"/desk/queue/{waiting.ref}")
    assert page.status_code == 200
    assert "<i>Evening" not in page.text
    answer = client.post(f"/desk/queue/{waiting.ref}/{act}", data={"version": str(waiting.version), **SENT[act]})
    assert answer.location == "/desk/queue/"
    assert status_of(world.session, waiting) is status
    assert client.get(f"/desk/queue/{waiting.ref}").status_code == 200


def test_a_change_is_shown_and_approved(signed_in, world, session, changed):
    client = signed_in(world.people["Lena"])
    page = client.get(f"/desk/queue/{changed.event.ref}").text
    assert "<del>" in page
    assert "<ins>Another" in page
    seen = changed.seen_version
    assert f'value="{seen}"' in page
    client.post(f"/desk/queue/{changed.event.ref}/approve", data={"version": seen})
    assert session.get(Event, changed.event.id).title == "Another evening"


def test_a_change_is_declined(signed_in, world, session, changed):
    client, url = signed_in(world.people["Lena"]), f"/desk/queue/{changed.event.ref}/decline"
    seen = changed.seen_version
    assert client.post(url, data={"version": seen, "note": ""}).status_code == 422
    assert client.post(url, data={"version": seen, **SENT["decline"]}).status_code == 302
    assert session.get(Event, changed.event.id).title == "Evening of remembrance"


def test_the_second_coordinator_reads_who_was_first_and_keeps_the_text(signed_in, world, session, waiting):
    seen = str(waiting.version)
    signed_in(world.people["Lena"]).post(f"/desk/queue/{waiting.ref}/approve", data={"version": seen})
    answer = signed_in(world.people["Omar"]).post(
        f"/desk/queue/{waiting.ref}/refuse", data={"version": seen, **SENT["refuse"]}
    )
    assert answer.status_code == 409
    assert "Lena Example approved this" in answer.text
    assert "See the other one." in answer.text
    assert status_of(session, waiting) is Status.PUBLISHED


def test_what_was_typed_is_kept(signed_in, world, session, waiting):
    client = signed_in(world.people["Lena"])
    answer = client.post(
        f"/desk/queue/{waiting.ref}/refuse", data={"version": "7", "explanation": "Long explanation", "reason": ""}
    )
    assert answer.status_code == 422
    assert "Long explanation" in answer.text
    assert 'name="version" value="7"' in answer.text
    marks = {"version": str(waiting.version), "question": "x" * 4001, "marks": "venue", "note_venue": "Two names"}
    answer = client.post(f"/desk/queue/{waiting.ref}/ask", data=marks)
    assert answer.status_code == 422
    assert 'value="Two names"' in answer.text
    assert status_of(session, waiting) is Status.SUBMITTED


def test_own_events_are_for_colleagues(signed_in, world, session):
    event = world.event(world.people["Omar"])
    session.commit()
    client = signed_in(world.people["Omar"])
    page = client.get(f"/desk/queue/{event.ref}")
    assert "A colleague will look at it." in page.text
    assert f"/desk/queue/{event.ref}/approve" not in page.text
    answer = client.post(f"/desk/queue/{event.ref}/approve", data={"version": str(event.version)})
    assert answer.status_code == 403
    assert status_of(session, event) is Status.SUBMITTED


def test_the_picture_and_a_moved_pin_are_shown(signed_in, world, session):
    picture = Picture(name="a" * 32, width=10, height=10, size=10)
    session.add(picture)
    session.flush()
    event = world.published(world.people["Nigar"], latitude=52.5, longitude=13.4)
    moved = details(latitude=52.6, longitude=13.4, picture_id=picture.id, picture_alt="Candles")
    events.propose(event, moved, by=world.people["Nigar"])
    session.commit()
    page = signed_in(world.people["Lena"]).get(f"/desk/queue/{event.ref}").text
    assert f"/media/{'a' * 32}.webp" in page
    assert "<del>50000</del>" in page


def test_the_desk_learns_that_letters_to_the_organiser_come_back(signed_in, world, session, waiting):
    client = signed_in(world.people["Lena"])
    assert "come back" not in client.get(f"/desk/queue/{waiting.ref}").text
    mail.suppress(world.people["Nigar"].email, "bounced")
    session.commit()
    assert "Letters to the organiser come back undelivered" in client.get(f"/desk/queue/{waiting.ref}").text


@pytest.mark.parametrize(("name", "has_desk"), [("Lena", True), ("Nigar", False)])
def test_whoever_has_a_desk_finds_it_in_the_header(signed_in, world, name, has_desk):
    assert ('href="/desk/queue/"' in signed_in(world.people[name]).get("/my/").text) is has_desk
