"""Rights and versions are checked at commit; the organiser gets a letter; the public sees nothing early."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from campaign.core.faults import Conflict, Invalid, NotAllowed
from campaign.events import service as events
from campaign.events.lifecycle import Refusal, Status
from campaign.events.models import RevisionStatus
from campaign.mail.models import Letter
from campaign.mail.rendering import from_context
from campaign.review import service
from campaign.review.queries import Item
from tests.factories.desk import details

URL = "https://remember.example"


@dataclass
class Desk:
    """Every decision under one name."""

    world: Any

    def decide(self, act, event, revision=None, *, by="Lena", seen=None):
        by, seen = self.world.people[by], seen or Item(event, revision).seen_version
        same = {"by": by, "seen_version": seen, "public_url": URL}
        if act == "approve":
            service.approve(event, **same)
        elif act == "ask":
            service.ask(event, question="Which hall?", marks={"venue": "Two names"}, **same)
        elif act == "refuse":
            service.refuse(event, reason=Refusal.DUPLICATE, note="See the other one.", **same)
        elif act == "approve_revision":
            service.approve_revision(event, revision, **same)
        else:
            service.decline(event, revision, note="Please keep the hour.", **same)
        self.world.session.flush()

    def waiting(self, act, organiser="Nigar"):
        by = self.world.people[organiser]
        if act in NEW:
            return self.world.event(by), None
        event = self.world.published(by)
        revision = events.propose(event, details(title="Another title"), by=by)
        return event, revision


NEW = ("approve", "ask", "refuse")
ALL = (*NEW, "approve_revision", "decline")


@pytest.fixture
def desk(world):
    return Desk(world)


def letters(session, kind):
    return session.scalars(select(Letter).where(Letter.kind == kind)).all()


@pytest.mark.parametrize("act", ALL)
@pytest.mark.parametrize("by", ["Lena", "Rashad"])
def test_in_scope(desk, act, by):
    desk.decide(act, *desk.waiting(act), by=by)


@pytest.mark.parametrize("act", ALL)
@pytest.mark.parametrize("by", ["Ana", "Nigar"])
def test_out_of_scope(desk, act, by, session):
    event, revision = desk.waiting(act)
    before = event.status
    with pytest.raises(NotAllowed):
        desk.decide(act, event, revision, by=by)
    assert event.status is before
    assert revision is None or revision.status is RevisionStatus.WAITING


@pytest.mark.parametrize("act", ALL)
def test_nobody_decides_about_their_own(desk, act):
    event, revision = desk.waiting(act, organiser="Omar")
    with pytest.raises(NotAllowed):
        desk.decide(act, event, revision, by="Omar")
    desk.decide(act, event, revision, by="Lena")


def test_nobody_approves_their_own_change_of_another_event(desk, world):
    event = world.published(world.people["Nigar"])
    revision = events.propose(event, details(title="Mine"), by=world.people["Omar"])
    with pytest.raises(NotAllowed):
        desk.decide("approve_revision", event, revision, by="Omar")


@pytest.mark.parametrize("first", NEW)
@pytest.mark.parametrize("second", NEW)
def test_the_second_is_told_who_was_first(desk, first, second, app, session):
    event, _revision = desk.waiting(first)
    seen = Item(event, None).seen_version
    desk.decide(first, event, by="Lena", seen=seen)
    with app.test_request_context(), pytest.raises(Conflict, match=r"Lena Example .* 1 minute ago") as told:
        desk.decide(second, event, by="Omar", seen=seen)
    assert "Nothing of yours was saved." in str(told.value.message)
    about_it = (Letter.subject == "event", Letter.kind.startswith("event_"))
    assert len(session.scalars(select(Letter).where(*about_it)).all()) == 1


@pytest.mark.parametrize("first", ["approve_revision", "decline"])
@pytest.mark.parametrize("second", ["approve_revision", "decline"])
def test_the_second_is_told_for_changes_too(desk, first, second, app):
    event, revision = desk.waiting(first)
    seen = Item(event, revision).seen_version
    desk.decide(first, event, revision, by="Lena", seen=seen)
    with app.test_request_context(), pytest.raises(Conflict, match="Lena Example"):
        desk.decide(second, event, revision, by="Omar", seen=seen)


def test_a_proposal_changed_meanwhile_is_not_approved(desk, world, app):
    event, revision = desk.waiting("decline")
    seen = Item(event, revision).seen_version
    events.propose(event, details(title="A third title"), by=world.people["Nigar"])
    with app.test_request_context(), pytest.raises(Conflict, match="Nigar Example changed the proposal"):
        desk.decide("approve_revision", event, revision, seen=seen)
    assert event.title == "Evening of remembrance"


def test_the_published_version_stays_until_approval(desk):
    event, revision = desk.waiting("decline")
    assert event.title == "Evening of remembrance"
    desk.decide("approve_revision", event, revision)
    assert event.title == "Another title"


def test_a_declined_change_never_shows(desk):
    event, revision = desk.waiting("decline")
    desk.decide("decline", event, revision)
    assert event.title == "Evening of remembrance"
    assert event.status is Status.PUBLISHED


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("approve", "event_published"),
        ("ask", "event_question"),
        ("refuse", "event_refused"),
        ("approve_revision", "change_published"),
        ("decline", "change_declined"),
    ],
)
def test_the_organiser_gets_one_letter_in_their_language(desk, act, kind, session):
    event, revision = desk.waiting(act)
    desk.decide(act, event, revision)
    (letter,) = letters(session, kind)
    assert (letter.recipient, letter.language) == ("nigar@example.org", "az")
    assert letter.context["my_url"] == f"{URL}/my/events/{event.ref}"
    message = from_context(letter)
    title = letter.context["event_title"]
    assert title in message.text
    assert title in message.html
    assert 'lang="az"' in message.html
    assert len(message.subject) <= 60
    assert event.ref in message.text


def test_the_question_and_its_marks_reach_the_letter(desk, session):
    event, _revision = desk.waiting("ask")
    desk.decide("ask", event)
    (letter,) = letters(session, "event_question")
    ((label, note),) = letter.context["marks"]
    assert label
    assert note == "Two names"
    text = from_context(letter).text
    assert "Which hall?" in text
    assert f"{label}: Two names" in text


def test_an_event_nobody_wrote_gets_no_letter(desk, world, session):
    event = world.event(None)
    desk.decide("approve", event)
    assert event.status is Status.PUBLISHED
    assert letters(session, "event_published") == []


def test_an_empty_question_is_not_sent(desk, world):
    event, _revision = desk.waiting("ask")
    same = {"by": world.people["Lena"], "seen_version": str(event.version), "public_url": URL}
    with pytest.raises(Invalid):
        service.ask(event, question="", marks={}, **same)
    assert event.status is Status.SUBMITTED


def test_a_postponed_event_is_not_put_back_by_the_desk(desk, world, app):
    event = world.published(world.people["Nigar"])
    events.postpone(event, by=world.people["Nigar"], reason="Storm")
    with app.test_request_context(), pytest.raises(Conflict, match="Nigar Example postponed"):
        desk.decide("approve", event)
