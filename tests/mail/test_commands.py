"""What an operator can ask and do; every answer is one JSON object a line."""

import json
import signal
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from campaign.mail import cli, service
from campaign.mail.composers import Compose, Drop
from campaign.mail.models import Letter, Status
from campaign.places import moments


@pytest.fixture
def ask(app: Flask, session: Session) -> Callable[..., list[dict[str, Any]]]:
    groups = {"reminders": cli.reminders_group(moments.before, lambda _stop: []), "mail": cli.mail_group()}

    def invoke(group: str, *words: str, code: int = 0) -> list[dict[str, Any]]:
        result = app.test_cli_runner().invoke(groups[group], list(words))
        assert result.exit_code == code, result.output
        return [json.loads(line) for line in result.output.splitlines()] if code == 0 else []

    return invoke


def test_running_once_sends_and_says_so(
    ask: Callable[..., Any], promise: Callable[..., Letter], session: Session
) -> None:
    letter = promise()
    before = signal.getsignal(signal.SIGTERM)
    (tally,) = ask("reminders", "run", "--once")
    session.refresh(letter)
    assert tally["kept"] == 1
    assert letter.status is Status.SENT
    assert signal.getsignal(signal.SIGTERM) is before


def test_what_waits_is_listed(ask: Callable[..., Any], promise: Callable[..., Letter]) -> None:
    promise("b")
    (row,) = ask("reminders", "list")
    assert (row["key"], row["status"], row["attempts"]) == ("b", "pending", 0)
    assert row["due_at"].endswith("Z")


@pytest.mark.parametrize(
    ("words", "at"),
    [
        (("2027-02-27T18:00", "Asia/Baku", "P1D"), "2027-02-26T14:00:00Z"),
        (("2027-03-28T03:30", "Europe/Berlin", "PT2H"), "2027-03-27T23:30:00Z"),
    ],
)
def test_when_a_reminder_is_due(ask: Callable[..., Any], words: tuple[str, ...], at: str) -> None:
    assert ask("reminders", "when", *words)[0]["at"] == at


@pytest.mark.parametrize("words", [("x", "Asia/Baku", "P1D"), ("2027-02-27T18:00", "No/Where", "P1D")])
def test_a_senseless_question_ends_with_one(ask: Callable[..., Any], words: tuple[str, ...]) -> None:
    ask("reminders", "when", *words, code=1)


def test_a_letter_can_be_sent_again(ask: Callable[..., Any], promise: Callable[..., Letter], session: Session) -> None:
    letter = promise()
    ask("reminders", "run", "--once")
    (row,) = ask("mail", "resend", str(letter.id))
    assert (row["status"], row["message_id"]) == ("pending", letter.message_id)
    assert ask("mail", "list", "--status", "pending")[0]["id"] == letter.id
    ask("mail", "resend", "999999", code=1)


def test_what_would_be_dropped_is_not_sent_again(
    ask: Callable[..., Any], promise: Callable[..., Letter], compose: Callable[[Compose], None], session: Session
) -> None:
    letter = promise()
    ask("reminders", "run", "--once")
    compose(lambda _letter: Drop(Status.CANCELLED, "a newer version is known"))
    ask("mail", "resend", str(letter.id), code=1)
    session.refresh(letter)
    assert letter.status is Status.SENT


def test_an_address_can_be_suppressed(ask: Callable[..., Any], session: Session) -> None:
    assert ask("mail", "suppress", "A@example.org")[0]["changed"] is True
    assert service.is_suppressed("a@example.org")
    assert ask("mail", "suppress", "a@example.org", "--remove")[0]["changed"] is True
    assert not service.is_suppressed("a@example.org")
