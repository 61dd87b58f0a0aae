"""The demonstration loads through the real services, completely, and only once."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.calendar.models import Listing
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Office
from campaign.core.db import db
from campaign.demonstration import loading, people
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from tests.conftest import Demonstration


def test_the_demonstration_is_whole(demonstration: Demonstration) -> None:
    assert "rows read 248, published 214, drafts 34, unchanged 0, refused 0" in demonstration.lines[2]
    session = db.session()
    states = Counter(session.scalars(select(Event.status).where(Event.is_demonstration)))
    assert states == {
        Status.PUBLISHED: 50,
        Status.CANCELLED: 1,
        Status.POSTPONED: 1,
        Status.SUBMITTED: 3,
        Status.CHANGE_ASKED: 1,
        Status.DRAFT: 1,
    }
    listed = session.scalars(select(Listing.country).where(Listing.starts_on >= datetime(2027, 2, 1).date())).all()
    assert len(set(listed)) >= 30
    _everybody_has_their_place(session)


def test_loading_again_adds_nothing(demonstration: Demonstration) -> None:
    nothing = ["there is a campaign already; nothing loaded"]
    assert list(loading.load(demonstration.settings, if_empty=True)) == nothing
    again = list(loading.load(demonstration.settings))
    assert "published 0, drafts 0, unchanged 248" in again[2]
    assert again[3] == "demonstration: 0 listings"


def _everybody_has_their_place(session: Session) -> None:
    everybody = people.invite("demonstration")
    scopes = {email: campaigns.scopes_of(person.id) for email, person in everybody.items()}
    assert [s.office for s in scopes["lead@example.org"]] == [Office.LEAD]
    assert [s.office for s in scopes["coordinator@example.org"]] == [Office.COORDINATOR]
    assert not scopes["organiser@example.org"]
    assert everybody["operator@example.org"].is_admin
