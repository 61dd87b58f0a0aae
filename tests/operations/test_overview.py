"""The operators' page and the address for whoever measures."""

from dataclasses import replace
from typing import Any

import pytest
from celery.schedules import crontab
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from campaign import schedule
from campaign.core.db import transaction
from campaign.mail import service
from campaign.operations import jobs
from tests.operations.conftest import statements


def test_only_operators_see_it(signed_in, world, operator, client):
    assert client.get("/desk/operations/").status_code == 302
    assert signed_in(world.people["Lena"]).get("/desk/operations/").status_code == 403
    page = signed_in(operator).get("/desk/operations/")
    assert page.status_code == 200
    for part in ("Waiting", "Sent in the last hour", "Last ring of the scheduler", "plan-reminders", "tzdata 20"):
        assert part in page.text
    assert "http-equiv" not in page.text


def test_the_number_of_statements_is_fixed(signed_in, operator, session):
    client, counts = signed_in(operator), []
    client.get("/desk/operations/")
    for number in range(2):
        with transaction():
            for n in range(10):
                service.promise(f"{number}:{n}", "probe", to="a@example.org", language="en", channel=f"c{n}", host="h")
            service.beat(f"part {number}")
        with statements() as sent:
            client.get("/desk/operations/")
        counts.append(len(sent))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["az", "ar"])
def test_it_is_a_page_in_every_language(signed_in, operator, language):
    assert signed_in(operator).get(f"/desk/operations/?lang={language}").status_code == 200


def test_when_jobs_run_next(moved_clock: Any) -> None:
    from datetime import UTC, datetime

    moved_clock.set(datetime(2026, 11, 24, 2, 9, 30, tzinfo=UTC))
    entries: dict[str, Any] = {
        "soon": {"task": "a", "schedule": crontab(hour=2, minute=10)},
        "tomorrow": {"task": "b", "schedule": crontab(hour=2, minute=9)},
        "mondays": {"task": "c", "schedule": crontab(hour=6, minute=0, day_of_week=1)},
        "first": {"task": "d", "schedule": crontab(hour=0, minute=0, day_of_month=1)},
        "often": {"task": "e", "schedule": 15.0},
    }
    found = {job.name: job for job in jobs.coming(entries)}
    assert found["soon"].at == datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
    assert found["tomorrow"].at == datetime(2026, 11, 25, 2, 9, tzinfo=UTC)
    assert found["mondays"].at == datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
    assert found["first"].at == datetime(2026, 12, 1, tzinfo=UTC)
    assert (found["often"].at, found["often"].every) == (None, 15.0)
    assert {job.name for job in jobs.coming(schedule.ENTRIES)} == set(schedule.ENTRIES)


def samples(text: str) -> dict[tuple[str, ...], float]:
    """What Prometheus' own parser reads."""
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_are_what_prometheus_reads(client, session):
    with transaction():
        service.beat("worker")
        service.promise("probe:1", "probe", to="reader@example.org", language="en")
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    found = samples(answer.text)
    assert found["campaign_letters_waiting", "email"] == 1
    assert found["campaign_letters_ended", "email", "failed"] == 0
    assert found["campaign_finding", "worker"] == 0
    assert found["campaign_seen_seconds", "worker"] < 60
    assert abs(found[("campaign_clock_skew_seconds",)]) < 5
    assert "reader@example.org" not in answer.text


@pytest.mark.parametrize(
    ("headers", "address", "code"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "::1", 200),
        ({}, "10.0.0.7", 404),
        ({}, "93.184.216.34", 404),
        ({"X-Forwarded-For": "93.184.216.34"}, "127.0.0.1", 404),
        ({"Forwarded": "for=93.184.216.34"}, "127.0.0.1", 404),
        ({"Via": "1.1 proxy"}, "127.0.0.1", 404),
        ({"Host": "calendar.example.org"}, "127.0.0.1", 404),
        ({"Host": "127.0.0.1.example.org"}, "127.0.0.1", 404),
    ],
)
def test_without_a_token_only_this_machine_measures(client, headers, address, code):
    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code == code


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("Bearer a-token-of-some-length", 200),
        ("Bearer a-token-of-some-lengtH", 404),
        ("Bearer ", 404),
        ("Bearer é", 404),
        ("", 404),
    ],
)
def test_with_a_token_only_who_shows_it(app: Flask, client, monkeypatch, authorization, code):
    settings = replace(app.extensions["settings"], metrics_token="a-token-of-some-length")
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert client.get("/metrics", headers={"Authorization": authorization}).status_code == code
