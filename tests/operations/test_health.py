"""Health addresses and `doctor`."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaign.core.db import transaction
from campaign.mail import service
from tests.conftest import Clock


def test_alive_is_not_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["worker"] == {"ok": False, "state": "never seen"}


def test_a_worker_that_shows_itself_makes_it_ready(client: FlaskClient, moved_clock: Clock) -> None:
    with transaction():
        service.beat("worker")
    assert client.get("/readyz").status_code == 200
    moved_clock.shift(timedelta(minutes=4))
    assert client.get("/readyz").status_code == 503


def test_doctor_names_what_is_wrong(app: Flask, session: Session) -> None:
    answer = app.test_cli_runner().invoke(args=["doctor"])
    assert answer.exit_code == 1
    assert "FAULT worker" in answer.output
    assert "ok    database" in answer.output
    assert "Run `flask places load`." in answer.output
