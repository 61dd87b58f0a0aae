"""What is due leaves once, in time, and every failure has its own consequence."""

import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from campaign.core.db import database_now, transaction
from campaign.core.statements import Line
from campaign.mail import carriers, claims, engine, hands, service, tasks
from campaign.mail.composers import Compose, Drop, Message
from campaign.mail.models import KeptLetter, Letter, Status
from campaign.mail.office import Office
from tests.servers.ports import free_port

Promise = Callable[..., Letter]


def test_a_due_letter_leaves_once(session: Session, promise: Promise, office: Office, mailbox: Any) -> None:
    letter = promise()
    assert engine.send_due(office).sent == 1
    assert engine.send_due(office).sent == 0
    session.refresh(letter)
    assert letter.status is Status.SENT
    assert letter.sent_at is not None
    assert [m["Message-ID"] for m in mailbox.messages] == [letter.message_id]


def test_nothing_leaves_early(session: Session, promise: Promise, office: Office, moved_clock: Any) -> None:
    promise(due_at=database_now() + timedelta(hours=1))
    assert engine.send_due(office).sent == 0
    moved_clock.shift(timedelta(hours=1, seconds=5))
    assert engine.send_due(office).sent == 1


def test_what_is_too_late_expires(
    session: Session, promise: Promise, office: Office, mailbox: Any, long_ago: datetime
) -> None:
    letter = promise(due_at=long_ago, expires_at=long_ago + timedelta(hours=1))
    engine.send_due(office)
    session.refresh(letter)
    assert letter.status is Status.EXPIRED
    assert mailbox.messages == []


def test_the_oldest_leaves_first(
    session: Session, promise: Promise, office: Office, mailbox: Any, long_ago: datetime
) -> None:
    for number in (3, 1, 2):
        promise(f"p:{number}", due_at=long_ago + timedelta(minutes=number))
    engine.send_due(office, batch=2)
    assert [m["Subject"] for m in mailbox.messages] == ["Probe p:1", "Probe p:2", "Probe p:3"]


def test_a_suppressed_address_gets_nothing(session: Session, promise: Promise, office: Office, mailbox: Any) -> None:
    letter = promise()
    with transaction():
        service.suppress(letter.recipient, "asked")
    assert engine.send_due(office).dropped == 1
    session.refresh(letter)
    assert letter.status is Status.SUPPRESSED
    assert mailbox.messages == []


def test_a_composer_may_drop(
    session: Session, promise: Promise, compose: Callable[[Compose], None], office: Office, mailbox: Any
) -> None:
    compose(lambda _letter: Drop(Status.CANCELLED, "the event was cancelled"))
    letter = promise()
    engine.send_due(office)
    session.refresh(letter)
    assert (letter.status, letter.last_error) == (Status.CANCELLED, "the event was cancelled")
    assert mailbox.messages == []


def test_a_letter_that_left_and_is_dropped_the_second_time_has_still_left(
    session: Session, promise: Promise, compose: Callable[[Compose], None], office: Office, mailbox: Any
) -> None:
    letter = promise()
    engine.send_due(office)
    session.refresh(letter)
    sent_at = letter.sent_at
    with transaction():
        assert service.resend(letter.id).sent_at == sent_at
    compose(lambda _letter: Drop(Status.CANCELLED, "a newer version is known"))
    engine.send_due(office)
    session.expire_all()
    assert (letter.status, letter.sent_at) == (Status.SENT, sent_at)
    assert letter.last_error == "a newer version is known"


def test_called_back_after_the_claim_is_not_sent(
    session: Session, promise: Promise, compose: Callable[[Compose], None], office: Office, mailbox: Any
) -> None:
    promise("a", subject="events", subject_id=1)
    second = promise("b", subject="events", subject_id=2)

    def first_writes_second_is_called_back(letter: Letter) -> Message:
        with transaction():
            service.call_back("events", 2, ["probe"])
        return Message(subject=letter.key, text="-\n", html="<p>-</p>\n")

    compose(first_writes_second_is_called_back)
    engine.send_due(office)
    session.refresh(second)
    assert second.status is Status.CANCELLED
    assert [m["Subject"] for m in mailbox.messages] == ["a"]


def test_a_refused_address_is_suppressed(session: Session, promise: Promise, office: Office, mailbox: Any) -> None:
    mailbox.refused.add("gone@example.org")
    gone, here = promise("a", to="gone@example.org"), promise("b")
    tally = engine.send_due(office)
    session.refresh(gone)
    session.refresh(here)
    assert (tally.sent, tally.dropped) == (1, 1)
    assert (gone.status, here.status) == (Status.BOUNCED, Status.SENT)
    assert service.is_suppressed("gone@example.org")


def test_an_unreachable_server_costs_no_attempt(session: Session, promise: Promise) -> None:
    letters = [promise(f"p:{n}") for n in range(3)]
    tally = engine.send_due(Office(smtp_url=f"smtp://127.0.0.1:{free_port()}?tls=none"))
    assert tally.unreachable
    assert tally.given_back == 3
    for letter in letters:
        session.refresh(letter)
        assert (letter.status, letter.attempts, letter.claim) == (Status.PENDING, 0, None)


def test_a_letter_that_cannot_be_written_waits_longer_each_time_then_fails(
    session: Session, promise: Promise, compose: Callable[[Compose], None], office: Office, moved_clock: Any
) -> None:
    def broken(_letter: Letter) -> Message:
        raise KeyError("name")

    compose(broken)
    letter, waits = promise(), []
    for _ in range(carriers.USUAL.at_most):
        engine.send_due(office)
        session.refresh(letter)
        waits.append((letter.next_try_at - database_now()).total_seconds() / 60)
        moved_clock.shift(timedelta(hours=2))
    assert letter.status is Status.FAILED
    assert letter.attempts == carriers.USUAL.at_most
    for minutes, wait in zip((1, 2, 5, 10, 20, 40, 60), waits, strict=False):
        assert minutes - 0.1 <= wait <= minutes * 1.2 + 0.1


def test_the_mark_survives_a_database_outage(
    session: Session, promise: Promise, office: Office, mailbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, real, outages = promise(), hands.turn, [1, 1]

    def away_twice(line: Line, token: str, left: Collection[int], asked: Collection[int]) -> tuple[set[int], set[int]]:
        if left and outages:
            outages.pop()
            raise OperationalError("update", {}, Exception("the server closed the connection"))
        return real(line, token, left, asked)

    monkeypatch.setattr(hands, "turn", away_twice)
    engine.send_due(office)
    session.refresh(letter)
    assert letter.status is Status.SENT
    assert len(mailbox.messages) == 1


def test_an_abandoned_letter_is_taken_over_and_the_late_sender_is_told(session: Session, promise: Promise) -> None:
    letter = promise()
    with transaction():
        late = claims.claim_due(batch=5, lease=timedelta(seconds=-1))
        heir = claims.claim_due(batch=5, lease=timedelta(minutes=2))
        now = database_now()
        assert claims.claim_due(batch=5, lease=timedelta(minutes=2)).letters == ()
        assert hands.take(late.token, [letter.id], now) == set()
        assert hands.take(heir.token, [letter.id], now) == {letter.id}
        assert hands.mark_sent(late.token, [letter.id], now) == set()
        assert hands.mark_sent(heir.token, [letter.id], now) == {letter.id}


def test_what_became_too_late_after_the_claim_is_not_sent(
    session: Session,
    promise: Promise,
    compose: Callable[[Compose], None],
    office: Office,
    mailbox: Any,
    moved_clock: Any,
) -> None:
    """Two hours before is never after the start, however slowly the letters before it left."""
    letter = promise(expires_at=database_now() + timedelta(minutes=1))

    def slowly(one: Letter) -> Message:
        moved_clock.shift(timedelta(seconds=70))
        return Message(subject=one.key, text="-\n", html="<p>-</p>\n")

    compose(slowly)
    assert engine.send_due(office).sent == 0
    moved_clock.shift(engine.LEASE)
    engine.send_due(office)
    session.refresh(letter)
    assert (letter.status, mailbox.messages) == (Status.EXPIRED, [])


def test_half_the_lease_is_the_limit_of_a_batch(
    session: Session, promise: Promise, compose: Callable[[Compose], None], office: Office, mailbox: Any
) -> None:
    """What waited behind a slow letter goes back before somebody else takes it over."""
    for number in range(3):
        promise(f"p:{number}")

    def slowly(one: Letter) -> Message:
        time.sleep(0.4)
        return Message(subject=one.key, text="-\n", html="<p>-</p>\n")

    compose(slowly)
    tally = engine.send_due(office, lease=timedelta(seconds=2), stop=_after(2))
    assert (tally.sent, tally.given_back) == (0, 3)


def _after(questions: int) -> Callable[[], bool]:
    """Say no so many times, then stop."""
    answers = iter([False] * questions)
    return lambda: next(answers, True)


def test_stopping_gives_back_what_was_not_tried(session: Session, promise: Promise, office: Office) -> None:
    letter = promise("a")
    promise("b")
    tally = engine.send_due(office, stop=_after(2))
    session.refresh(letter)
    assert (tally.sent, tally.given_back) == (1, 1)


def test_without_a_mail_server_letters_are_kept(session: Session, promise: Promise) -> None:
    letter = promise()
    assert engine.send_due(Office()).kept == 1
    session.refresh(letter)
    assert letter.status is Status.SENT
    kept = session.scalars(select(KeptLetter)).one()
    assert (kept.recipient, kept.title) == (letter.recipient, "Probe probe:1")


def test_production_never_keeps_letters(session: Session) -> None:
    with pytest.raises(RuntimeError, match="SMTP_URL"):
        engine.send_due(Office(may_keep=False))


def test_a_job_ends_well_before_it_would_be_killed(
    app: Flask, session: Session, promise: Promise, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = promise()
    monkeypatch.setattr(tasks, "AT_A_STRETCH", -1.0)
    tasks.send_due.run()  # Within this application, whichever was made last.
    session.refresh(letter)
    assert letter.status is Status.PENDING
    assert letter.claim is None
