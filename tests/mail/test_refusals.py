"""A refusal speaks against a reader only if it is about the address, and if the server takes letters to others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from campaign.core.db import database_now
from campaign.mail import engine, gate, refusals, service
from campaign.mail.answers import is_nobody_there
from campaign.mail.models import Letter, Status
from campaign.mail.office import Office

Promise = Callable[..., Letter]
MANY = 12
UNKNOWN, RELAY = "550 5.1.1 User unknown", "550 relay not permitted"


@pytest.mark.parametrize(
    ("said", "more", "expected"),
    [
        ("5.1.1 <a@example.net>: Recipient address rejected: User unknown in relay recipient table", {}, True),
        ("5.1.0 address rejected by policy", {}, True),
        ("User unknown in relay recipient table", {}, True),
        ("no such mailbox", {}, True),
        ("Requested action not taken: mailbox name not allowed", {"code": 553}, True),
        ("5.2.1 the account is disabled", {}, True),
        ("smtp; 550 user unknown", {"status": "5.0.0"}, True),
        ("relay not permitted", {}, False),
        ("Relaying denied", {}, False),
        ("5.5.0 rejected by our spam policy", {}, False),
        ("5.1.8 <calendar@example.org>: Sender address rejected: Domain not found", {}, False),
        ("Mailbox is full", {"code": 552}, False),
        ("5.7.1 user unknown", {}, False),
        ("5.2.2 over quota", {}, False),
        ("log in", {"code": 530}, False),
        ("smtp; 550 blocked using a DNSBL", {"status": "5.0.0"}, False),
    ],
)
def test_which_words_are_about_the_address(said: str, more: dict[str, Any], expected: bool) -> None:
    assert is_nobody_there(said, **more) is expected


@pytest.fixture
def readers(promise: Promise) -> list[Letter]:
    past = database_now() - timedelta(minutes=1)
    return [promise(f"p:{n:02}", to=f"reader{n:02}@example.org", due_at=past) for n in range(MANY)]


@pytest.mark.parametrize("words", [UNKNOWN, RELAY])
def test_a_server_that_refuses_everybody_rests_and_no_reader_suffers(
    session: Any, office: Office, mailbox: Any, readers: list[Letter], moved_clock: Any, words: str
) -> None:
    mailbox.refusal, mailbox.refused = words, {letter.recipient for letter in readers}
    tally = engine.send_due(office)
    assert (tally.unreachable, tally.dropped, tally.deferred, tally.given_back) == (True, 0, 0, MANY)
    (host,) = gate.failing()
    assert gate.refuses_all(host)
    assert words in host.last_error
    for _ in range(3):
        moved_clock.shift(timedelta(minutes=4))
        assert engine.send_due(office).sent == 0
    session.expire_all()
    assert {(letter.status, letter.attempts) for letter in readers} == {(Status.PENDING, 0)}
    assert service.suppressed_among([letter.recipient for letter in readers]) == set()
    mailbox.refused = set()
    moved_clock.shift(timedelta(minutes=4))
    assert engine.send_due(office).sent == MANY
    assert gate.failing() == []


def test_some_among_many_are_refused_at_once_and_never_tried_again(
    session: Any, office: Office, mailbox: Any, readers: list[Letter], moved_clock: Any
) -> None:
    gone = readers[: refusals.AT_FIRST - 1] + readers[-2:]
    mailbox.refusal, mailbox.refused = UNKNOWN, {letter.recipient for letter in gone}
    tally = engine.send_due(office)
    assert (tally.sent, tally.dropped, tally.unreachable) == (MANY - len(gone), len(gone), False)
    session.expire_all()
    assert {letter.status for letter in gone} == {Status.BOUNCED}
    assert service.suppressed_among([letter.recipient for letter in readers]) == {letter.recipient for letter in gone}
    moved_clock.shift(timedelta(hours=1))
    assert engine.send_due(office).sent == 0


def test_many_readers_who_are_gone_keep_nobody_waiting_for_long(
    session: Any, office: Office, mailbox: Any, promise: Promise, readers: list[Letter], moved_clock: Any
) -> None:
    """Twelve of them come first: the server looks as if it took nobody, until it is tried with others."""
    mailbox.refusal, mailbox.refused = UNKNOWN, {letter.recipient for letter in readers}
    here = promise("here", to="here@example.org")
    engine.send_due(office)
    moved_clock.shift(timedelta(seconds=20))
    engine.send_due(office)
    session.expire_all()
    assert here.status is Status.SENT
    moved_clock.shift(timedelta(minutes=4))
    engine.send_due(office)
    session.expire_all()
    assert {letter.status for letter in readers} == {Status.BOUNCED}


def test_rules_of_a_server_put_one_letter_off(
    session: Any, office: Office, mailbox: Any, readers: list[Letter]
) -> None:
    mailbox.refusal, mailbox.refused = RELAY, {readers[0].recipient}
    tally = engine.send_due(office)
    assert (tally.sent, tally.deferred) == (MANY - 1, 1)
    assert not service.is_suppressed(readers[0].recipient)


def test_a_reader_with_two_letters_is_asked_for_once(
    session: Any, office: Office, mailbox: Any, promise: Promise
) -> None:
    asked: list[str] = []
    usual = mailbox.handle_RCPT

    async def heard(server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        asked.append(address)
        return str(await usual(server, session, envelope, address, options))

    mailbox.handle_RCPT = heard
    mailbox.refused = {"gone@example.org"}
    letters = [promise(f"p:{n}", to="gone@example.org") for n in range(2)]
    engine.send_due(office)
    session.expire_all()
    assert asked == ["gone@example.org"]
    assert Status.PENDING not in {letter.status for letter in letters}
