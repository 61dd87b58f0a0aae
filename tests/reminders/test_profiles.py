"""Letters to organisers follow the profile: its language, its zone, and the zone of an event where it names none."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from campaign.accounts import service as accounts
from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.core.db import transaction
from campaign.events import service as listing
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.mail import service as mail
from campaign.mail.models import Letter
from campaign.reminders import nightly
from campaign.reminders.organisers import sweeping
from campaign.review import digests

Make = Callable[..., Any]


@pytest.fixture
def organiser(session: Session) -> Person:
    """Somebody who has chosen neither language nor zone."""
    with transaction():
        person = Person(email="organiser@example.org", name="Leyla Example")
        session.add(person)
    return person


@pytest.fixture
def choose(organiser: Person) -> Make:
    """Save the profile with another language and zone."""

    def now(language: str, zone: str) -> None:
        with transaction():
            accounts.update_profile(organiser, name=organiser.name, language=language, time_zone=zone)

    return now


def test_another_language_and_zone_hold_for_what_waits(
    publish: Make, send: Make, organiser: Person, choose: Make
) -> None:
    publish(by=organiser)
    choose("ar", "Asia/Baku")
    assert nightly.plan_all() == 0
    assert send("2027-02-19T05:59") == []
    (check,) = send("2027-02-19T06:00")
    assert check["Content-Language"] == "ar"
    assert 'lang="ar"' in check.get_body(("html",)).get_content()


def test_the_letters_of_a_desk_follow_too(session: Session, organiser: Person, choose: Make) -> None:
    with transaction():
        for number, recipient_id in enumerate([organiser.id, organiser.id + 1]):
            mail.promise(f"desk:{number}", digests.DIGEST, to="a@b.org", language="en", recipient_id=recipient_id)
    choose("az", "")
    letters = session.query(Letter).order_by(Letter.key).populate_existing()
    assert [letter.language for letter in letters] == ["az", "en"]


def test_nobody_without_a_zone_is_woken_by_a_draft_or_a_question(
    publish: Make, session: Session, organiser: Person, moved_clock: Any
) -> None:
    """01:30 in Berlin, where the events are; of a draft without a place nothing is known."""
    moved_clock.set(datetime(2027, 2, 10, 0, 30, tzinfo=UTC))
    event: Event = publish()
    with transaction():
        campaign = session.query(Campaign).one()
        asked, *_drafts = [
            listing.draft(details, campaign=campaign, by=organiser, organization_id=None)
            for details in (event.details, EventDetails(title="Only a title"), event.details)
        ]
        asked.move_to(Status.SUBMITTED)
        listing.ask_for_change(asked, by=organiser, question="When does it end?", marks={})
    moved_clock.set(datetime(2027, 2, 12, 0, 31, tzinfo=UTC))
    assert sweeping.sweep() == 2
    found = session.query(Letter).filter(Letter.kind.in_(("event_draft", "event_question_again")))
    assert {letter.due_at for letter in found} == {datetime(2027, 2, 12, 7, tzinfo=UTC)}
