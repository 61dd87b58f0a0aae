"""Other channels in the same engine: the same rows, the same guarantees, and nobody holds anybody else up."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from campaign.core.db import database_now, transaction
from campaign.mail import carriers, composers, engine, gate, service
from campaign.mail.carriers import gate_of
from campaign.mail.composers import Drop, OneByOne, Parcel
from campaign.mail.gate import Gate
from campaign.mail.models import Letter, MailHost, Status
from campaign.mail.troubles import AddressRefused, LetterRefused, TryLater, Unreachable
from tests.mail.conftest import probe


@dataclass
class Pigeons:
    """A carrier that remembers what it brought where, and fails as it is told."""

    brought: list[tuple[str, str]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    flight: Callable[[str], None] = lambda _address: None
    tries: carriers.Tries = carriers.USUAL

    @contextmanager
    def connection(self, _office: Any, host: str) -> Iterator["Pigeons"]:
        self.opened.append(host)
        yield self

    def send(self, address: str, parcel: Parcel, _following: str = "") -> None:
        self.flight(address)
        self.brought.append((address, parcel.body.decode()))

    def gate(self, _office: Any, host: str) -> Gate:
        return gate_of(host)

    def refused(self, letter: Letter, _reason: str) -> None:
        self.refusals.append(letter.recipient)


@pytest.fixture
def pigeons(monkeypatch: pytest.MonkeyPatch, compose: object) -> Pigeons:
    made = Pigeons()
    monkeypatch.setattr(carriers, "_carriers", {**carriers._carriers, "pigeon": made})

    def pack(letter: Letter) -> Parcel | Drop:
        if letter.context.get("over"):
            return Drop(Status.CANCELLED, "over")
        return Parcel(address=letter.recipient, headers={}, body=letter.key.encode())

    writers = {"probe": OneByOne(probe), "pigeon": OneByOne(pack)}
    monkeypatch.setattr(composers, "_composers", writers)
    return made


@pytest.fixture
def fly(session: Any, pigeons: Pigeons) -> Callable[..., Letter]:
    def one(key: str, to: str = "loft 1", host: str = "north", **more: Any) -> Letter:
        with transaction():
            service.promise(key, "pigeon", to=to, language="en", channel="pigeon", host=host, **more)
        return session.query(Letter).filter_by(key=key).one()

    return one


def test_each_letter_travels_by_its_own_channel(session, office, mailbox, promise, pigeons, fly):
    letter = promise("probe:1")
    fly("pigeon:1")
    fly("pigeon:2", host="south")
    tally = engine.send_due(office)
    assert [m["Message-ID"] for m in mailbox.messages] == [letter.message_id]
    assert sorted(pigeons.brought) == [("loft 1", "pigeon:1"), ("loft 1", "pigeon:2")]
    assert sorted(pigeons.opened) == ["north", "south"]
    assert tally.sent == 3
    assert {letter.status for letter in session.query(Letter)} == {Status.SENT}
    engine.send_due(office)
    assert len(pigeons.brought) == 2


def test_what_was_called_back_is_over_or_too_late_stays_home(session, office, pigeons, fly):
    gone = fly("pigeon:1", subject="event", subject_id=1)
    fly("pigeon:2", expires_at=database_now() - timedelta(minutes=1))
    fly("pigeon:3", context={"over": 1})
    fly("pigeon:4", due_at=database_now() + timedelta(hours=1))
    with transaction():
        service.call_back("event", 1, ["pigeon"])
    engine.send_due(office)
    assert pigeons.brought == []
    session.expire_all()
    assert session.get(Letter, gone.id).status is Status.CANCELLED


@pytest.mark.parametrize(
    ("fault", "status", "attempts"),
    [
        (TryLater("busy"), Status.PENDING, 1),
        (LetterRefused("too heavy"), Status.FAILED, 1),
        (AddressRefused("no such loft"), Status.BOUNCED, 1),
        (Unreachable("fog"), Status.PENDING, 0),
    ],
)
def test_what_goes_wrong_means_the_same(session, office, pigeons, fly, fault, status, attempts):
    letter = fly("pigeon:1")

    def flight(_address: str) -> None:
        raise fault

    pigeons.flight = flight
    engine.send_due(office)
    session.expire_all()
    letter = session.get(Letter, letter.id)
    assert (letter.status, letter.attempts) == (status, attempts)
    assert str(fault) in letter.last_error
    assert pigeons.refusals == (["loft 1"] if status is Status.BOUNCED else [])


def test_a_host_that_is_away_rests_and_the_others_get_theirs(session, office, pigeons, fly, promise, mailbox):
    def flight(address: str) -> None:
        if address == "north loft":
            raise Unreachable("fog")

    pigeons.flight = flight
    for number in range(3):
        fly(f"pigeon:n{number}", to="north loft", host="north")
        fly(f"pigeon:s{number}", to="south loft", host="south")
    promise("probe:1")
    engine.send_due(office)
    assert [address for address, _ in pigeons.brought] == ["south loft"] * 3
    assert len(mailbox.messages) == 1
    assert [host.name for host in gate.failing()] == ["north"]
    tried = len(pigeons.opened)
    pigeons.flight = lambda _address: None
    engine.send_due(office)
    assert len(pigeons.brought) == 3, "it rests"
    assert len(pigeons.opened) == tried + 1
    with transaction():
        session.query(MailHost).one().rests_until = database_now() - timedelta(seconds=1)
    engine.send_due(office)
    assert len(pigeons.brought) == 6


def test_a_slow_host_holds_no_letter_up(session, office, pigeons, fly, promise, mailbox, monkeypatch):
    """Mail has its turn again after a slice, not after all that a slow host has to get."""
    monkeypatch.setattr(engine, "SLICE", 0.3)
    for number in range(20):
        fly(f"pigeon:{number}")

    def flight(_address: str) -> None:
        if not pigeons.brought:
            promise("probe:urgent")
        time.sleep(0.1)

    pigeons.flight = flight
    engine.send_due(office)
    assert len(mailbox.messages) == 1
    assert 0 < len(pigeons.brought) < 10
    engine.send_due(office)
    engine.send_due(office)
    waiting = session.query(Letter).filter_by(status=Status.PENDING).count()
    assert waiting + len(pigeons.brought) == 20


def test_a_channel_that_nobody_carries_waits(session, office, promise):
    """As after a carrier was taken out: nothing is lost, nothing fails."""
    with transaction():
        service.promise("smoke:1", "probe", to="hill", language="en", channel="smoke")
    engine.send_due(office)
    assert session.query(Letter).filter_by(key="smoke:1").one().status is Status.PENDING
