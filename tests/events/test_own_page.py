"""The event's own page over HTTP: the desk's question, the ways an event may end, and who may do what."""

import pytest

from campaign.events import service
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.journal.queries import history
from campaign.organizations.models import Role
from tests.events.conftest import NEW, boxes, events, page_of, write
from tests.pages import Page


def the_event(session) -> Event:
    (event,) = events(session)
    return event


def test_the_question_of_the_desk_stands_at_its_boxes_and_is_answered(nigar, session, world):
    write(nigar, **boxes())
    event = the_event(session)
    form = page_of(nigar.get(f"/my/events/{event.ref}/check")).form(action="submit")
    nigar.post(form.action, data=form.sent())
    service.ask_for_change(
        the_event(session), by=world.people["Lena"], question="Which hall?", marks={"venue": "Two names", "ends": ""}
    )
    session.commit()
    own = nigar.get(f"/my/events/{event.ref}").text
    assert "Which hall?" in own
    assert "Two names" in own
    page = page_of(nigar.get(f"/my/events/{event.ref}/edit"))
    assert page.by_id("venue-question").text == "Two names"
    assert "venue-question" in page.by_id("venue").get("aria-describedby")
    assert page.by_id("end-question").text == "The desk asks you to look at this."
    answer = write(nigar, f"/my/events/{event.ref}/edit", venue="Great hall")
    check = page_of(nigar.get(answer.location)).form(action="submit")
    nigar.post(check.action, data=check.sent(answer="It is the great hall."))
    assert history("event", event.id)[-1].note == "It is the great hall."
    assert the_event(session).status is Status.SUBMITTED


@pytest.mark.parametrize(("way", "status"), [("cancel", Status.CANCELLED), ("postpone", Status.POSTPONED)])
def test_calling_off_needs_a_reason(nigar, session, world, way, status):
    event = world.published(world.people["Nigar"])
    session.commit()
    own = f"/my/events/{event.ref}"
    form = page_of(nigar.get(own)).form(action=f"/{way}")
    refused = nigar.post(form.action, data=form.sent())
    assert refused.status_code == 422
    page = page_of(refused)
    ((target, sentence),) = page.summary()
    assert sentence in page.by_id(f"{target[1:]}-error").text
    too_long = nigar.post(form.action, data=form.sent(reason="x" * 501))
    assert too_long.status_code == 422
    assert page_of(too_long).by_id(f"reason-{way}").raw.strip() == "x" * 501
    assert the_event(session).status is Status.PUBLISHED
    assert nigar.post(form.action, data=form.sent(reason="The hall burnt down.")).location == own
    assert the_event(session).status is status
    assert the_event(session).public_note == "The hall burnt down."
    assert history("event", event.id)[-1].note == "The hall burnt down."


@pytest.mark.parametrize("is_public", [True, False])
def test_withdrawing(nigar, session, world, is_public):
    event = (world.published if is_public else world.event)(world.people["Nigar"])
    session.commit()
    form = page_of(nigar.get(f"/my/events/{event.ref}")).form(action="/withdraw")
    assert nigar.post(form.action, data=form.sent(reason="A mistake.")).status_code == 302
    assert the_event(session).status is Status.WITHDRAWN
    assert history("event", event.id)[-1].note == "A mistake."
    assert nigar.post(form.action, data=form.sent()).status_code == 409
    assert nigar.get(f"/my/events/{event.ref}/edit").status_code == 409


PAGES = ("", "/edit", "/check")
ACTS = ("/edit", "/submit", "/cancel", "/postpone", "/withdraw")


@pytest.mark.parametrize(("who", "reads", "writes"), [("Stranger", 404, 404), ("Vusal", 200, 403), ("Lena", 404, 404)])
def test_whose_event_it_is(signed_in, session, world, who, reads, writes):
    embassy = world.organization("Consulate", "DE")
    world.member(world.people["Nigar"], embassy, Role.OWNER)
    world.member(world.people["Vusal"], embassy, Role.VIEWER)
    event = world.published(world.people["Nigar"], organization=embassy)
    session.commit()
    client = signed_in(world.people[who])
    assert client.get(f"/my/events/{event.ref}").status_code == reads
    assert [client.get(f"/my/events/{event.ref}{page}").status_code for page in PAGES[1:]] == [writes, writes]
    for act in ACTS:
        assert client.post(f"/my/events/{event.ref}{act}", data=boxes(reason="Because.")).status_code == writes
    assert the_event(session).status is Status.PUBLISHED
    if reads == 200:
        assert Page.of(client.get(f"/my/events/{event.ref}").text).forms()[0].method == "post"  # Only the frame's own.
        assert "/cancel" not in client.get(f"/my/events/{event.ref}").text


def test_nobody_writes_in_the_name_of_a_body_they_only_read(signed_in, session, world):
    client = signed_in(world.people["Vusal"])
    embassy_id = world.session.query(Event).count()
    form = page_of(client.get(NEW)).form(name="title")
    answer = client.post(form.action, data=form.sent("continue", **boxes(organization=str(embassy_id + 1))))
    assert answer.status_code == 422
    assert events(session) == []


def test_who_is_not_confirmed_reads_why(signed_in, session, world):
    world.people["Stranger"].email_confirmed_at = None
    session.commit()
    answer = signed_in(world.people["Stranger"]).get(NEW)
    assert answer.status_code == 403
    assert "confirm" in answer.text
