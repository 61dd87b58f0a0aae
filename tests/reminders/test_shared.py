"""Letters that several events of an organiser share: planned once, for the hour that suits all of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from campaign.accounts.models import Person
from campaign.core.db import transaction
from campaign.events import service as listing
from campaign.events.models import Event
from campaign.mail.models import Letter
from campaign.reminders import nightly

Hold = Callable[..., Event]


@pytest.fixture
def hold(publish: Hold, session: Session) -> Hold:
    """Publish an event of an organiser whose time zone nobody knows."""
    with transaction():
        person = Person(email="organiser@example.org", name="Leyla Example")
        session.add(person)
    return lambda **changes: publish(by=person, **changes)


def _due(session: Session, kind: str, step: int) -> tuple[datetime, datetime | None]:
    session.expire_all()
    (found,) = [x for x in session.query(Letter).filter_by(kind=kind) if x.context["step"] == step]
    return found.due_at, found.expires_at


def _hours(begins: int, ends: int) -> dict[str, datetime]:
    return {"starts": datetime(2027, 2, 26, begins), "ends": datetime(2027, 2, 26, ends)}


@pytest.mark.parametrize("later_first", [False, True])
def test_how_it_went_is_asked_after_the_last_of_the_day(hold: Hold, session: Session, later_first: bool) -> None:
    for hours in sorted([_hours(10, 12), _hours(17, 19)], key=str, reverse=later_first):
        hold(**hours)
    assert _due(session, "event_report", 1) == (
        datetime(2027, 2, 27, 14, tzinfo=UTC),
        datetime(2027, 3, 3, 14, tzinfo=UTC),
    )
    assert nightly.plan_all() == 0


def test_the_letter_comes_earlier_when_the_last_is_called_off(hold: Hold, session: Session) -> None:
    hold(**_hours(10, 14))
    last = hold(**_hours(17, 19))
    with transaction():
        listing.cancel(last, by=None, reason="")
    assert _due(session, "event_report", 1)[0] == datetime(2027, 2, 27, 9, tzinfo=UTC)
    assert nightly.plan_all() == 0


def test_please_check_comes_before_the_first_begins(hold: Hold, session: Session) -> None:
    """Each by the clock of its own place; in Auckland ten o'clock is twelve hours earlier than in Berlin."""
    hold()
    hold(city="Auckland", country="NZ", time_zone="Pacific/Auckland")
    assert _due(session, "event_check", 1) == (
        datetime(2027, 2, 24, 21, tzinfo=UTC),
        datetime(2027, 2, 26, 16, tzinfo=UTC),
    )
    assert nightly.plan_all() == 0


def test_a_day_without_an_hour_is_remembered_until_it_was_asked_about(
    hold: Hold, session: Session, moved_clock: Any
) -> None:
    """It is over long after it began, and holds the letter of all until then; in Los Angeles nobody sleeps yet."""
    with transaction():
        session.query(Person).one().time_zone = "America/Los_Angeles"
    hold(starts=datetime(2027, 2, 26), ends=None, is_time_known=False)
    hold(starts=datetime(2027, 2, 26, 22), ends=datetime(2027, 2, 27, 0, 30))
    assert _due(session, "event_report", 2)[0] == datetime(2027, 3, 6, 3, tzinfo=UTC)
    moved_clock.set(datetime(2027, 3, 5, 23, tzinfo=UTC))
    assert nightly.plan_all() == 0
    assert _due(session, "event_report", 2)[0] == datetime(2027, 3, 6, 3, tzinfo=UTC)
