"""Where Celery beat does not ring, `reminders run` does what the schedule says; what nobody does is noticed."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core.db import transaction
from campaign.mail import service
from campaign.mail.models import Heartbeat
from campaign.operations import alarms, rounds
from campaign.operations.findings import Finding
from tests.conftest import Clock

HOURLY = [
    "operations.tidy_broker",
    "partners.sweep",
    "reminders.sweep",
    "reminders.sweep_organisers",
    "review.sweep",
]
NIGHTLY = ["operations.tell_stopped", "privacy.sweep", "reminders.plan"]
MORNING = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def morning(session: Session, moved_clock: Clock) -> Clock:
    moved_clock.set(MORNING)
    return moved_clock


def celery(app: Flask) -> Any:
    """As a worker has it."""
    app.extensions["celery"].loader.import_default_modules()
    return app.extensions["celery"]


def stamps(session: Session) -> set[str]:
    return set(session.scalars(select(Heartbeat.part)))


def jobs() -> Finding:
    return next(one for one in alarms.of_mail(alarms.now()) if one.subject == "periodic jobs")


def test_what_was_never_done_is_done_and_then_once_an_hour(morning: Clock) -> None:
    assert sorted(rounds.do_due()) == HOURLY
    assert rounds.do_due() == []
    morning.set(MORNING + timedelta(minutes=45))
    assert sorted(rounds.do_due()) == [name for name in HOURLY if name != "partners.sweep"]
    morning.set(MORNING + timedelta(minutes=55))
    assert rounds.do_due() == ["partners.sweep"]


def test_nightly_jobs_wait_for_their_hour(morning: Clock) -> None:
    rounds.do_due()
    morning.set(MORNING + timedelta(days=1))
    assert sorted(rounds.do_due()) == sorted(HOURLY + NIGHTLY)


def test_beat_has_its_jobs_to_itself(morning: Clock) -> None:
    with transaction():
        service.beat("beat")
    assert rounds.do_due() == []
    morning.shift(timedelta(minutes=4))
    assert sorted(rounds.do_due()) == HOURLY


def test_one_that_fails_holds_up_no_other_and_is_tried_again(app: Flask, morning: Clock, monkeypatch: Any) -> None:
    def fails() -> None:
        raise RuntimeError("no")

    task = celery(app).tasks["reminders.sweep"]
    with monkeypatch.context() as broken:
        broken.setattr(task, "run", fails)
        assert sorted(rounds.do_due()) == [name for name in HOURLY if name != "reminders.sweep"]
        assert rounds.do_due() == []
    assert jobs().state == "reminders.sweep was never done"
    morning.shift(rounds.TURN)
    assert "reminders.sweep" in rounds.do_due()


def test_two_drivers_take_turns(morning: Clock) -> None:
    with transaction():
        assert [service.take_turn("job", rounds.TURN) for _ in range(2)] == [True, False]
    morning.shift(rounds.TURN)
    with transaction():
        assert service.take_turn("job", rounds.TURN)


def test_a_task_of_celery_leaves_its_stamp(app: Flask, session: Session) -> None:
    for task in ("review.sweep", "mail.hello"):
        celery(app).tasks[task]()
    assert stamps(session) == {"review.sweep", "worker"}


def test_jobs_that_nobody_does_are_named(morning: Clock) -> None:
    assert "reminders.sweep was never done" in jobs().state
    rounds.do_due()
    assert jobs().is_ok
    morning.shift(timedelta(hours=5))
    assert not jobs().is_ok
    assert "review.sweep was done 5 hours ago" in jobs().state


def test_cron_alone_is_enough(app: Flask, client: FlaskClient, session: Session, morning: Clock) -> None:
    result = app.test_cli_runner().invoke(args=["reminders", "run", "--once"])
    assert json.loads(result.output)["failed"] == 0
    assert stamps(session) >= {"once", *HOURLY}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["checks"]["periodic jobs"]["ok"]
    morning.shift(timedelta(minutes=6))
    assert client.get("/readyz").status_code == 200
    morning.shift(timedelta(minutes=6))
    assert client.get("/readyz").status_code == 503
