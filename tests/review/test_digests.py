"""Letters to the desks: on the mornings of working days, twice a day in the last week, and a word to the lead."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from campaign.accounts import service as accounts
from campaign.accounts.models import OptionalLetter
from campaign.campaigns import queries as campaigns
from campaign.core.db import transaction
from campaign.events import service as events
from campaign.mail import service as mail
from campaign.mail.composers import Drop, Message
from campaign.mail.models import Letter, Status, Suppression
from campaign.review import digests

DAY = date(2027, 2, 26)


@pytest.mark.parametrize(
    ("now", "zone", "hours"),
    [
        # A working day, and the night before it.
        ("2027-01-12T04:00", "Europe/Berlin", ["2027-01-12T06:30"]),
        ("2027-01-11T20:00", "Europe/Berlin", ["2027-01-12T06:30"]),
        ("2027-01-12T06:30", "Europe/Berlin", []),
        # Friday evening: nothing before Monday.
        ("2027-01-15T20:00", "Europe/Berlin", []),
        ("2027-01-17T20:00", "Europe/Berlin", ["2027-01-18T06:30"]),
        # In the last week every day, and after noon too.
        ("2027-02-19T04:00", "Europe/Berlin", ["2027-02-19T06:30", "2027-02-19T12:00"]),
        ("2027-02-20T04:00", "Europe/Berlin", ["2027-02-20T06:30", "2027-02-20T12:00"]),
        ("2027-02-27T04:00", "Europe/Berlin", []),
        ("2027-01-11T10:00", "Pacific/Auckland", ["2027-01-11T18:30"]),
        ("2027-01-12T04:00", "Asia/Kathmandu", []),
    ],
)
def test_when_desks_hear(now: str, zone: str, hours: list[str]) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert [f"{at:%Y-%m-%dT%H:%M}" for at, _on in digests._hours(moment, zone, DAY)] == hours


@pytest.fixture
def waiting(world: Any, moved_clock: Any) -> Any:
    """An event in Berlin that was sent on a Tuesday, at five in the morning there."""
    moved_clock.set(datetime(2027, 1, 12, 4, tzinfo=UTC))
    with transaction():
        return world.event(world.people["Nigar"])


def _letters(session: Any, kind: str, person: Any) -> list[Letter]:
    digests.sweep()
    return list(session.query(Letter).filter_by(kind=kind, recipient_id=person.id).order_by(Letter.id))


def test_a_desk_hears_what_waits(waiting: Any, world: Any, session: Any) -> None:
    mine = _letters(session, "desk_digest", world.people["Lena"])
    assert [f"{x.due_at:%Y-%m-%dT%H:%M}" for x in mine] == ["2027-01-12T06:30"]
    assert digests.sweep() == 0
    written = digests.compose_digest(mine[0])
    assert isinstance(written, Message)
    assert written.subject == "europe: 1 waiting"
    assert "one entry waits for europe." in written.text
    assert f"/desk/queue/{waiting.ref}" in written.text
    (americas,) = _letters(session, "desk_digest", world.people["Ana"])
    assert isinstance(digests.compose_digest(americas), Drop)


def test_who_does_without_the_morning_letter_gets_none(waiting: Any, world: Any, session: Any) -> None:
    lena = world.people["Lena"]
    (letter,) = _letters(session, "desk_digest", lena)
    with transaction():
        accounts.choose_letters(lena, {OptionalLetter.DESK: False})
    assert isinstance(digests.compose_digest(letter), Drop)
    (colleague,) = _letters(session, "desk_digest", world.people["Omar"])
    assert isinstance(digests.compose_digest(colleague), Message)


def test_a_desk_hears_once_of_an_organiser_who_cannot_be_reached(world: Any, session: Any, moved_clock: Any) -> None:
    moved_clock.set(datetime(2027, 1, 12, 4, tzinfo=UTC))
    nigar, lena = world.people["Nigar"], world.people["Lena"]
    event = world.published(nigar)
    world.published(world.person("Anar"), title="Somebody else's")
    (letter,) = _letters(session, "desk_digest", lena)
    assert isinstance(digests.compose_digest(letter), Drop), "nothing waits"
    with transaction():
        mail.suppress(nigar.email, "letters came back")
    written = digests.compose_digest(letter)
    assert isinstance(written, Message)
    assert written.subject == "europe: an organiser cannot be reached"
    assert f"/desk/queue/{event.ref}" in written.text
    assert "Somebody else's" not in written.text
    assert "waits for" not in written.text
    letter.status = Status.SENT
    session.commit()
    moved_clock.set(datetime(2027, 1, 13, 4, tzinfo=UTC))
    session.query(Suppression).one().created_at = datetime(2027, 1, 12, 4, tzinfo=UTC)
    session.commit()
    (_told, again) = _letters(session, "desk_digest", lena)
    assert isinstance(digests.compose_digest(again), Drop), "told yesterday"
    (americas,) = _letters(session, "desk_digest", world.people["Ana"])[1:]
    assert isinstance(digests.compose_digest(americas), Drop), "not their organiser"


def test_the_lead_hears_once_when_a_desk_is_late(waiting: Any, world: Any, session: Any, moved_clock: Any) -> None:
    lead = world.people["Rashad"]
    moved_clock.shift(timedelta(hours=23))
    assert _letters(session, "desk_breach", lead) == []
    moved_clock.shift(timedelta(hours=8))
    (letter,) = _letters(session, "desk_breach", lead)
    written = digests.compose_breach(letter)
    assert isinstance(written, Message)
    assert written.subject == "europe: oldest item 31 hours"
    for _ in range(3):
        moved_clock.shift(timedelta(days=1))
        assert len(_letters(session, "desk_breach", lead)) == 1
    with transaction():
        events.withdraw(waiting, by=None)
    assert isinstance(digests.compose_breach(letter), Drop)


def test_in_the_last_week_the_lead_hears_daily(waiting: Any, world: Any, session: Any, moved_clock: Any) -> None:
    seen = []
    for number in range(17, 29):
        moved_clock.set(datetime(2027, 2, number, 9, tzinfo=UTC))
        seen.append(len(_letters(session, "desk_breach", world.people["Rashad"])))
    assert seen == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]


def test_the_names_of_desks(world: Any) -> None:
    assert campaigns.desks_of(world.people["Lena"].id, "en") == "europe"
    assert campaigns.desks_of(world.people["Rashad"].id, "az") == "Khojaly"
