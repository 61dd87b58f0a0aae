"""`flask events retime`: when a government changes its clocks, letters move with the hours they were planned for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.models import Person
from campaign.core.db import transaction
from campaign.mail.models import WAITING, Letter
from campaign.places import zones
from campaign.reminders import nightly, planning
from campaign.reminders.organisers import planning as organisers

# These zones keep one hour all year. "Tomorrow" Baku goes by the clocks of Tashkent: an hour later than before.
OLD, NEW, CHANGED = "2026f", "2027a", "Asia/Baku"


@pytest.fixture
def new_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Puts the next release of the rules into force."""

    def released(name: str) -> ZoneInfo:
        return ZoneInfo("Asia/Tashkent" if name == CHANGED else name)

    def version(name: str) -> None:
        for module in (planning, organisers, nightly):
            monkeypatch.setattr(module, "tz_version", lambda: name)

    def install() -> None:
        zones.zone.cache_clear()
        monkeypatch.setattr(zones, "ZoneInfo", released)
        version(NEW)

    version(OLD)
    yield install
    monkeypatch.undo()
    zones.zone.cache_clear()


def _retime(app: Flask) -> str:
    result = app.test_cli_runner().invoke(args=["events", "retime"])
    assert result.exit_code == 0, result.output
    return result.output.strip()


def _due(session: Session, kind: str = "reminder") -> list[datetime]:
    session.expire_all()
    waiting = select(Letter).where(Letter.kind == kind, Letter.status.in_(WAITING)).order_by(Letter.due_at)
    return [letter.due_at for letter in session.scalars(waiting)]


def _versions(session: Session) -> set[str]:
    return set(session.scalars(select(Letter.tz_version).where(Letter.status.in_(WAITING)))) - {""}


def test_letters_move_with_their_event(
    app: Flask, session: Session, publish: Any, subscribe: Any, new_rules: Callable[[], None]
) -> None:
    """18:00 in Baku was 14:00 UTC and is 13:00 UTC; ten in the morning there was 6:00 UTC and is 5:00 UTC."""
    subscribe(publish(starts=datetime(2027, 2, 26, 18), ends=None, time_zone=CHANGED, city="Baku", country="AZ"))
    before = _due(session)
    assert before == [datetime(2027, 2, 19, 6, tzinfo=UTC), datetime(2027, 2, 25, 6, tzinfo=UTC)]
    new_rules()
    assert _retime(app) == "events read 1, changed 1; letters changed 4"  # Two are called off, two are promised.
    assert _due(session) == [datetime(2027, 2, 19, 5, tzinfo=UTC), datetime(2027, 2, 25, 5, tzinfo=UTC)]
    assert _versions(session) == {NEW}
    assert _retime(app) == "events read 1, changed 0; letters changed 0"


def test_letters_move_where_only_their_reader_lives_by_other_clocks(
    app: Flask, session: Session, publish: Any, subscribe: Any, new_rules: Callable[[], None]
) -> None:
    """The event in Berlin stays where it is; its reader in Baku is written to at ten as ever, by the new clock."""
    event = publish()
    subscribe(event, zone=CHANGED)
    subscribe(event, email="berlin@example.org", zone="Europe/Berlin")
    berlin = datetime(2027, 2, 25, 9, tzinfo=UTC)
    assert _due(session)[2:] == [datetime(2027, 2, 25, 6, tzinfo=UTC), berlin]
    new_rules()
    # Two letters of one reader: each called back, and promised for its new hour.
    assert _retime(app) == "events read 1, changed 0; letters changed 4"
    assert _due(session)[2:] == [datetime(2027, 2, 25, 5, tzinfo=UTC), berlin]
    assert _versions(session) == {NEW}
    assert _retime(app) == "events read 1, changed 0; letters changed 0"


def test_letters_to_organisers_move_with_their_clock(
    app: Flask, session: Session, publish: Any, new_rules: Callable[[], None]
) -> None:
    with transaction():
        person = Person(email="organiser@example.org", name="Leyla Example", time_zone=CHANGED)
        session.add(person)
    # Both end on one day, and ask how they went in one letter.
    publish(by=person)
    publish(by=person, title="Later", starts=datetime(2027, 2, 26, 18), ends=datetime(2027, 2, 26, 20))
    before = _due(session, "event_check")
    assert before
    new_rules()
    _retime(app)
    assert [(a - b).total_seconds() for a, b in zip(before, _due(session, "event_check"), strict=True)] == (
        [3600.0] * len(before)
    )
    assert _versions(session) == {NEW}
    assert _retime(app) == "events read 2, changed 0; letters changed 0"
