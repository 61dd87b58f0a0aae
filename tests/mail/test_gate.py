"""A mail server that failed rests, one letter tries it again, and a rate holds for all senders together."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.db import database_now, transaction
from campaign.mail import alarms, engine, gate, smtp
from campaign.mail.gate import Gate
from campaign.mail.models import Letter, MailHost, Status
from campaign.mail.office import Office
from tests.servers.ports import free_port

Promise = Callable[..., Letter]


def test_a_server_that_does_not_answer_rests_longer_each_time(
    session: Session, promise: Promise, moved_clock: Any
) -> None:
    promise()
    nobody = Office(smtp_url=f"smtp://127.0.0.1:{free_port()}?tls=none")
    for rest in (15, 30, 60, 60):
        assert engine.send_due(nobody).given_back == 1
        host = session.scalars(select(MailHost).execution_options(populate_existing=True)).one()
        assert host.rests_until is not None
        assert rest - 2 <= (host.rests_until - database_now()).total_seconds() <= rest * 1.2 + 1
        tally = engine.send_due(nobody)
        assert (tally.unreachable, tally.given_back) == (True, 0)
        moved_clock.shift(timedelta(seconds=rest * 1.2 + 2))
    assert [host.failures for host in gate.failing()] == [4]


def test_one_letter_tries_whether_it_works_again(
    session: Session, promise: Promise, office: Office, mailbox: Any, moved_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [promise(f"p:{number}") for number in range(3)]
    name = smtp.Server.parse(office.smtp_url).name
    with transaction():
        Gate(name=name).failed("refused")
    moved_clock.shift(timedelta(minutes=1))
    meanwhile: list[gate.Entry] = []
    real = smtp.Post.send

    def send(post: smtp.Post, to: str, data: bytes, following: str) -> None:
        meanwhile.append(Gate(name=name).enter(100))
        real(post, to, data, following)

    monkeypatch.setattr(smtp.Post, "send", send)
    assert engine.send_due(office).sent == 3
    assert [entry.is_resting for entry in meanwhile] == [True, False, False]
    assert gate.failing() == []
    for letter in letters:
        session.refresh(letter)
        assert (letter.status, letter.attempts) == (Status.SENT, 1)


def test_a_server_that_takes_letters_and_says_nothing_rests_too(
    session: Session, promise: Promise, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent, spared = promise("a"), promise("b")

    def silence(_post: smtp.Post, _to: str, _data: bytes, _next: str) -> None:
        raise smtp.InDoubt("no answer", is_silence=True)

    monkeypatch.setattr(smtp.Post, "send", silence)
    tally = engine.send_due(office)
    session.refresh(silent)
    session.refresh(spared)
    assert (tally.deferred, tally.given_back, tally.unreachable) == (1, 1, True)
    assert (silent.doubts, spared.doubts, spared.attempts) == (1, 0, 0)
    assert silent.next_try_at - database_now() > timedelta(minutes=4)


def test_the_rate_holds(session: Session, promise: Promise, office: Office, mailbox: Any) -> None:
    for number in range(6):
        promise(f"p:{number}")
    began = time.monotonic()
    assert engine.send_due(replace(office, letters_a_minute=600)).sent == 6
    assert time.monotonic() - began >= 0.5


def test_the_rate_is_shared(session: Session) -> None:
    first, second = Gate(name="mx:25", rate=10), Gate(name="mx:25", rate=10)
    with transaction():
        assert first.enter(100).letters == 50
        assert first.book(50) == 0
        assert second.enter(100).letters == 50
        assert 3.9 <= second.book(50) <= 5.1
        third = second.enter(100)
        assert (third.letters, third.is_resting) == (0, False)


def test_a_wrong_clock_sends_nothing_and_raises_an_alarm(
    session: Session, promise: Promise, office: Office, mailbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise()
    right = clock.now
    monkeypatch.setattr(clock, "now", lambda: right() + timedelta(seconds=90))
    assert engine.send_due(office).sent == 0
    assert mailbox.messages == []
    (alarm,) = alarms.standing()
    assert "+90 s" in alarm.text or "+89 s" in alarm.text or "+91 s" in alarm.text
    monkeypatch.setattr(clock, "now", right)
    assert engine.send_due(office).sent == 1
    assert alarms.standing() == []


def test_an_alarm_stands_once_until_it_is_over(session: Session) -> None:
    with transaction():
        assert alarms.sound("disk", "90 % full")
        assert not alarms.sound("disk", "90 % full")
        assert alarms.sound("disk", "95 % full")
    assert [(alarm.name, alarm.text) for alarm in alarms.standing()] == [("disk", "95 % full")]
    with transaction():
        alarms.clear("disk")
        alarms.clear("disk")
    assert alarms.standing() == []


def test_the_alarm_of_a_machine_that_is_gone_ends(session: Session, moved_clock: Any) -> None:
    with transaction():
        alarms.sound("clock of a-container-that-was-replaced", "differs by +61 s")
    moved_clock.shift(timedelta(minutes=59))
    assert len(alarms.standing()) == 1
    moved_clock.shift(timedelta(minutes=2))
    assert alarms.standing() == []


def test_an_alarm_that_lasts_is_raised_again(
    session: Session, office: Office, moved_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = clock.now
    monkeypatch.setattr(clock, "now", lambda: right() + timedelta(seconds=90))
    for _ in range(3):
        engine.send_due(office)
        moved_clock.shift(timedelta(minutes=50))
        assert len(alarms.standing()) == 1
