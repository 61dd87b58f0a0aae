"""Figures and alarms: each threshold that should wake somebody does, and nothing else does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.core.db import database_now, db, transaction
from campaign.mail import alarms as standing
from campaign.mail import figures as engine
from campaign.mail import service
from campaign.mail.gate import REFUSES_ALL, Gate
from campaign.mail.models import Letter, Status
from campaign.mail.office import Office
from campaign.operations import alarms, health
from campaign.operations.alarms import are_old
from campaign.operations.findings import Finding
from campaign.places.zones import tz_version
from tests.operations.conftest import statements

Put = Callable[..., Letter]


@pytest.fixture
def put(session: Any) -> Put:
    """A letter in any state; times are given as how long ago."""

    def one(key: str, *, ago: timedelta = timedelta(), status: Status = Status.PENDING, **more: Any) -> Letter:
        now = database_now()
        with transaction():
            chosen = {name: more.pop(name) for name in ("channel", "host", "tz_version") if name in more}
            service.promise(key, "probe", to="reader@example.org", language="en", due_at=now - ago, **chosen)
            letter = db.session.scalars(select(Letter).where(Letter.key == key)).one()
            letter.status = status
            letter.sent_at = now - ago if status is Status.SENT else None
            for name, value in more.items():
                setattr(letter, name, value)
        return letter

    return one


def finding(subject: str) -> Finding | None:
    found = alarms.of_mail(alarms.now()) + alarms.time_zones(alarms.now(), database_now())
    return next((one for one in found if one.subject == subject), None)


MINUTE = timedelta(minutes=1)


def test_numbers_by_channel(put: Put) -> None:
    put("waits", ago=-MINUTE)
    put("due", ago=2 * MINUTE)
    put("held", ago=MINUTE, status=Status.SENDING, doubts=1, next_try_at=database_now() + MINUTE)
    put("sent", ago=30 * MINUTE, status=Status.SENT)
    put("sent long ago", ago=20 * engine.HOUR, status=Status.SENT)
    put("sent last week", ago=7 * engine.DAY, status=Status.SENT)
    put("failed", ago=engine.HOUR, status=Status.FAILED)
    put("failed last week", ago=7 * engine.DAY, status=Status.FAILED)
    put("not known", ago=7 * engine.DAY, status=Status.UNCERTAIN)
    put("hook", ago=3 * engine.HOUR, channel="webhook", host="partner.example.org:443")
    found = alarms.now()
    assert list(found.channels) == ["email", "webhook"]
    mail, hooks = found.channels.values()
    assert (mail.waiting, mail.due, mail.in_hand, mail.in_doubt) == (3, 1, 1, 1)
    assert (mail.sent_hour, mail.sent_day) == (1, 2)
    assert mail.ended == {Status.FAILED: 1, Status.UNCERTAIN: 1}
    assert 110 < mail.oldest.total_seconds() < 130
    assert (hooks.waiting, hooks.due) == (1, 1)


def test_the_number_of_statements_is_fixed(put: Put, session: Any) -> None:
    counts = []
    for round_number in range(2):
        for number in range(10):
            put(f"{round_number}:{number}", ago=MINUTE, channel=f"channel {number % 3}", host=str(number))
        with transaction():
            Gate(name=f"host {round_number}").failed("no answer")
            standing.sound(f"alarm {round_number}", "look")
        with statements() as sent:
            alarms.now()
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(("minutes", "is_fault"), [(4, False), (6, True)])
def test_what_is_due_for_minutes_is_a_fault(put: Put, minutes: int, is_fault: bool) -> None:
    put("due", ago=timedelta(minutes=minutes))
    assert finding("mail").is_fault is is_fault


def test_what_is_put_off_too_late_or_somebody_elses_is_none(put: Put) -> None:
    """A mailbox that is full for two hours, an expired reminder and a partner's dead server wake nobody."""
    now = database_now()
    put("put off", ago=2 * engine.HOUR, attempts=3, next_try_at=now + 10 * MINUTE)
    put("expired", ago=engine.HOUR, expires_at=now - MINUTE)
    put("hook", ago=engine.DAY, channel="webhook", host="partner.example.org:443")
    put("sent again", ago=7 * engine.DAY, next_try_at=now)
    assert finding("mail").is_ok


@pytest.mark.parametrize(
    ("missed", "sent", "is_ok"), [(30, None, False), (30, 20, True), (30, 70, False), (2, None, True), (90, None, True)]
)
def test_nothing_left_in_an_hour_in_which_something_was_due(
    put: Put, missed: int, sent: int | None, is_ok: bool
) -> None:
    put("missed", ago=timedelta(minutes=missed), attempts=1, next_try_at=database_now() + MINUTE)
    if sent:
        put("sent", ago=timedelta(minutes=sent), status=Status.SENT)
    assert finding("last hour").is_ok is is_ok


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNCERTAIN])
def test_what_failed_is_a_warning_for_a_day(put: Put, status: Status) -> None:
    subject = f"letters {status.value}"
    assert finding(subject).is_ok
    put("bad", ago=MINUTE, status=status)
    warned = finding(subject)
    assert (warned.is_ok, warned.is_fault, warned.state) == (False, False, "1")


def test_a_webhook_that_fails_is_its_owners_business(put: Put) -> None:
    put("hook", ago=MINUTE, status=Status.FAILED, channel="webhook", host="partner.example.org:443")
    assert finding("letters failed").is_ok


def test_a_mail_server_that_does_not_answer_is_named(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(smtp_url="smtp://mail.example.org:25")
    monkeypatch.setattr(Office, "current", classmethod(lambda _cls: office))
    for failures in range(1, alarms.FAILURES + 1):
        with transaction():
            Gate(name="mail.example.org:25").failed("connection refused")
            Gate(name="partner.example.org:443").failed("connection refused")
        named = finding("mail server mail.example.org:25")
        assert (named is not None) is (failures >= alarms.FAILURES)
    assert finding("mail server partner.example.org:443") is None


def test_a_mail_server_that_refuses_everybody_is_named_at_once(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(smtp_url="smtp://mail.example.org:25")
    monkeypatch.setattr(Office, "current", classmethod(lambda _cls: office))
    with transaction():
        Gate(name="mail.example.org:25").failed(f"{REFUSES_ALL}: 550 relay not permitted")
    assert "550 relay not permitted" in finding("mail server mail.example.org:25").state


@pytest.mark.parametrize(
    ("part", "minutes", "is_fault"), [("worker", 2, False), ("runner", 2, False), ("worker", 4, True)]
)
def test_any_sender_that_shows_itself_is_enough(
    session: Any, moved_clock: Any, part: str, minutes: int, is_fault: bool
) -> None:
    with transaction():
        service.beat(part)
    moved_clock.shift(timedelta(minutes=minutes))
    assert finding("worker").is_fault is is_fault


def test_alarms_of_the_engine_are_findings(session: Any) -> None:
    with transaction():
        standing.sound("clock of host-7", "differs by +61 s")
    assert finding("clock of host-7").state == "differs by +61 s"


@pytest.mark.parametrize(
    ("version", "today", "is_old"),
    [
        ("2026f", "2026-11-24", False),
        ("2026f", "2027-04-30", False),
        ("2026f", "2027-05-01", True),
        ("2025b", "2026-11-24", True),
        ("2025b", "2026-04-30", False),
        ("2024a", "2026-04-30", True),
        ("unknown", "2026-04-30", True),
    ],
)
def test_rules_that_must_have_a_successor(version: str, today: str, is_old: bool) -> None:
    assert are_old(version, datetime.fromisoformat(today)) is is_old


def test_letters_planned_by_other_rules_are_counted(put: Put) -> None:
    put("now", ago=-MINUTE, tz_version=tz_version())
    put("none", ago=-MINUTE)
    assert finding("time zones of letters").is_ok
    put("old", ago=-MINUTE, tz_version="2019c")
    assert finding("time zones of letters").state == "1 planned by other rules"


def test_readiness_shows_alarms_and_stays_ready(client: FlaskClient, put: Put) -> None:
    with transaction():
        service.beat("runner")
        standing.sound("clock of host-7", "differs by +61 s")
    put("bad", ago=MINUTE, status=Status.FAILED)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["checks"]["letters failed"] == {"ok": False, "state": "1"}
    assert answer.json["checks"]["clock of host-7"]["ok"] is False


def test_doctor_warns_without_failing_for_it(app: Flask, put: Put) -> None:
    put("bad", ago=MINUTE, status=Status.FAILED)
    output = app.test_cli_runner().invoke(args=["doctor"]).output
    assert "WARN  letters failed: 1" in output
    assert "/desk/letters/" in output


def test_a_silent_database_is_a_finding(app: Flask, session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    def away() -> Any:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(alarms, "now", away)
    found = health.readiness()
    assert [one.is_fault for one in found] == [False, True]
    assert not health.is_ready(found)
