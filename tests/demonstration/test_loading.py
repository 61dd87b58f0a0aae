"""The demonstration loads through the real services, completely, and only once."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.calendar.models import Listing
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Office
from campaign.demonstration import loading, people
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from config import Settings
from tests.conftest import Clock


@pytest.fixture
def lines(app: Flask, session: Session, tmp_path: Path, moved_clock: Clock) -> list[str]:
    moved_clock.set(datetime(2026, 11, 24, 12, tzinfo=UTC))
    return list(loading.load(_settings(app, tmp_path)))


def _settings(app: Flask, folder: Path) -> Settings:
    return Settings.for_tests(database_url=app.extensions["settings"].database_url, data_dir=folder)


def test_the_demonstration_is_whole(app: Flask, session: Session, lines: list[str], tmp_path: Path) -> None:
    assert "rows read 248, published 211, drafts 37, unchanged 0, refused 0" in lines[2]
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
    assert list(loading.load(_settings(app, tmp_path), if_empty=True)) == [
        "there is a campaign already; nothing loaded"
    ]
    again = list(loading.load(_settings(app, tmp_path)))
    assert "published 0, drafts 0, unchanged 248" in again[2]
    assert again[3] == "demonstration: 0 listings"
    _everybody_has_their_place(session)


def _everybody_has_their_place(session: Session) -> None:
    everybody = people.invite("demonstration")
    scopes = {email: campaigns.scopes_of(person.id) for email, person in everybody.items()}
    assert [s.office for s in scopes["lead@example.org"]] == [Office.LEAD]
    assert [s.office for s in scopes["coordinator@example.org"]] == [Office.COORDINATOR]
    assert not scopes["organiser@example.org"]
    assert everybody["operator@example.org"].is_admin
