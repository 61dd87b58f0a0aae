"""A letter whose sender died with it in hand: found out about, sent once more, or left to a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from campaign.core.db import database_now, transaction
from campaign.mail import claims, engine, hands, service, smtp
from campaign.mail.models import Letter, Status
from campaign.mail.office import Office
from campaign.mail.receipts import Receipts
from campaign.mail.reconcile import MailLog

Promise = Callable[..., Letter]
AT_ONCE = timedelta(seconds=-1)


@pytest.fixture
def office(office: Office, tmp_path: Path) -> Office:
    return replace(office, receipts=tmp_path / "receipts")


@pytest.fixture
def die(session: Session) -> Callable[..., str]:
    """Let a sender claim everything, take it in hand, and be no more; answers the token of its claim."""

    def one() -> str:
        with transaction():
            claim = claims.claim_due(batch=10, lease=AT_ONCE)
            hands.take(claim.token, [letter.id for letter in claim.letters], database_now())
        return claim.token

    return one


def test_what_nobody_knows_is_sent_once_more(
    session: Session, promise: Promise, die: Callable[..., str], office: Office, mailbox: Any
) -> None:
    letter = promise()
    die()
    assert engine.send_due(office).sent == 1
    session.refresh(letter)
    assert (letter.status, letter.doubts) == (Status.SENT, 1)
    assert [m["Message-ID"] for m in mailbox.messages] == [letter.message_id]


def test_and_then_left_to_a_person(
    session: Session, promise: Promise, die: Callable[..., str], office: Office, mailbox: Any
) -> None:
    letter, token = promise(), die()
    with transaction():
        letter.doubts = 1
    assert token
    tally = engine.send_due(office)
    session.refresh(letter)
    assert (tally.uncertain, letter.status, mailbox.messages) == (1, Status.UNCERTAIN, [])
    with transaction():
        service.resend(letter.id)
    assert engine.send_due(office).sent == 1


def test_a_receipt_of_this_machine_is_as_good_as_a_mark(
    session: Session, promise: Promise, die: Callable[..., str], office: Office, mailbox: Any
) -> None:
    accepted, tried, untouched = promise("a"), promise("b"), promise("c")
    token = die()
    with Receipts(office.receipts) as book:
        book.begun(token)
        for letter in (accepted, tried):
            book.tried(token, letter.id)
        book.accepted(token, accepted.id)
    tally = engine.send_due(office)
    for letter in (accepted, tried, untouched):
        session.refresh(letter)
    assert (tally.found, tally.sent) == (1, 2)
    assert [letter.doubts for letter in (accepted, tried, untouched)] == [0, 1, 0]
    assert {m["Subject"] for m in mailbox.messages} == {"Probe b", "Probe c"}


def test_a_receipt_of_an_earlier_round_says_nothing(
    session: Session, promise: Promise, die: Callable[..., str], office: Office, mailbox: Any
) -> None:
    letter = promise()
    engine.send_due(office)
    with transaction():
        service.resend(letter.id)
    die()
    assert engine.send_due(office).sent == 1
    assert len(mailbox.messages) == 2


def test_the_log_of_the_mail_server_is_asked(
    session: Session, promise: Promise, die: Callable[..., str], office: Office, mailbox: Any, tmp_path: Path
) -> None:
    known, unknown = promise("a"), promise("b")
    die()
    log = tmp_path / "mail.log"
    log.write_text(
        f"Nov 24 22:10:01 mx postfix/cleanup[71]: 4XyZ01: message-id={known.message_id}\n"
        f"Nov 24 22:10:01 mx postfix/qmgr[9]: 4XyZ01: from=<calendar@example.org>, size=2211, nrcpt=1 (queue active)\n"
    )
    tally = engine.send_due(replace(office, was_accepted=MailLog(log)))
    session.refresh(known)
    session.refresh(unknown)
    assert (tally.found, tally.sent, known.status, unknown.status) == (1, 1, Status.SENT, Status.SENT)
    assert [m["Message-ID"] for m in mailbox.messages] == [unknown.message_id]


def test_what_is_over_by_now_is_not_sent_again(
    session: Session, promise: Promise, die: Callable[..., str], office: Office, mailbox: Any, moved_clock: Any
) -> None:
    letter = promise(expires_at=database_now() + timedelta(minutes=1))
    die()
    moved_clock.shift(timedelta(minutes=2))
    assert engine.send_due(office).uncertain == 1
    session.refresh(letter)
    assert (letter.status, mailbox.messages) == (Status.UNCERTAIN, [])


def test_a_connection_that_broke_is_a_doubt_too(
    session: Session, promise: Promise, office: Office, moved_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = promise()

    def breaks(_post: smtp.Post, _to: str, _data: bytes, _next: str) -> None:
        raise smtp.InDoubt("the connection broke", is_silence=False)

    monkeypatch.setattr(smtp.Post, "send", breaks)
    for doubts in (1, 2):
        assert engine.send_due(office).deferred == 1
        session.refresh(letter)
        assert (letter.status, letter.doubts) == (Status.PENDING, doubts)
        moved_clock.shift(timedelta(minutes=3))
    assert engine.send_due(office).uncertain == 1


@pytest.mark.parametrize(
    ("line", "accepted"),
    [
        ("postfix/cleanup[71]: 4XyZ01: message-id=<r.1@x.org>\n", False),
        (
            "postfix/cleanup[71]: 4XyZ01: message-id=<r.1@x.org>\npostfix/qmgr[9]: OTHER: from=<a@x.org>, size=2\n",
            False,
        ),
        (
            "postfix/cleanup[71]: 4XyZ01: message-id=<r.1@x.org>\npostfix/qmgr[9]: 4XyZ01: from=<a@x.org>, size=2\n",
            True,
        ),
        ("2026-11-24 22:10:01 1abc-02 <= a@x.org H=app [127.0.0.1] P=esmtp S=2211 id=r.1@x.org\n", True),
        ("2026-11-24 22:10:01 1abc-02 => b@x.org R=dnslookup\n", False),
        ("\xff\xfe nonsense", False),
    ],
)
def test_reading_a_log(tmp_path: Path, line: str, accepted: bool) -> None:
    """Postfix answers for a letter only once its queue manager has it; a broken connection leaves the first line."""
    (tmp_path / "mail.log").write_text(line, encoding="latin-1")
    assert MailLog(tmp_path / "mail.log")({"<r.1@x.org>"}) == ({"<r.1@x.org>"} if accepted else set())
    (tmp_path / "mail.log").rename(tmp_path / "mail.log.1")
    assert MailLog(tmp_path / "mail.log")({"<r.1@x.org>"}) == ({"<r.1@x.org>"} if accepted else set())


def test_old_receipts_are_dropped_and_a_missing_folder_is_no_trouble(tmp_path: Path, moved_clock: Any) -> None:
    folder = tmp_path / "receipts"
    with Receipts(folder) as book:
        book.begun("c")
        assert book.look_up([(1, "c"), (2, "d")]).untouched == {1}
    moved_clock.shift(timedelta(days=4))
    with Receipts(folder) as book:
        assert book.look_up([(1, "c")]).untouched == set()
    blocked = tmp_path / "file"
    blocked.write_text("")
    for nowhere in (None, blocked / "x"):
        with Receipts(nowhere) as book:
            book.tried("c", 1)
