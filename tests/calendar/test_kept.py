"""Kept answers: one maker, few bytes, no question to the database, and never older than the reader may expect."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event as listening

from campaign import create_app
from campaign.calendar import pages, versions
from campaign.campaigns import configuration, service
from campaign.campaigns import queries as campaigns
from campaign.core import bell
from campaign.core.db import db, transaction
from campaign.events.models import Event
from config import Settings
from tests.calendar.conftest import CONFIGURATION, details, publish
from tests.conftest import Clock, limits
from tests.fault.databases import empty_postgres, refused

LIST = "/en/remembrance/events/"


@pytest.fixture
def standing(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An installation with a database of its own, whose processes keep what they know."""
    if engine == "sqlite":
        yield from _standing(f"sqlite:///{tmp_path / 'standing.sqlite'}", tmp_path)
        return
    with empty_postgres(request.getfixturevalue("postgres_url"), "standing") as url:
        yield from _standing(url, tmp_path)


def _standing(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(Settings.for_tests(database_url=url, data_dir=folder))
    pages.forget()
    versions.keep_for(1000)
    with app.app_context():
        upgrade()
        with transaction():
            campaign = service.take_over(configuration.read(CONFIGURATION))
            publish(campaign, details())
        db.session.remove()
    yield app
    versions.keep_for(0)
    pages.forget()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def questions(app: Flask) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    listening.listen(engine, "before_cursor_execute", note)
    yield asked
    listening.remove(engine, "before_cursor_execute", note)


def _publish(app: Flask, title: str) -> None:
    with app.app_context(), transaction():
        publish(campaigns.get_by_slug("remembrance"), details("Baku", title=title))


def body(client: FlaskClient, path: str = LIST) -> str:
    return client.get(path).get_data(as_text=True)


def test_what_is_kept_asks_the_database_nothing(standing: Flask) -> None:
    client = standing.test_client()
    first = client.get(LIST, headers={"Accept-Encoding": "gzip"})
    with questions(standing) as asked:
        again = client.get(LIST, headers={"Accept-Encoding": "gzip"})
        known = client.get(LIST, headers={"If-None-Match": first.headers["ETag"]})
        plain = client.get(LIST)
        head = client.head(LIST)
    assert asked == []
    assert (again.status_code, again.data) == (200, first.data)
    assert dict(again.headers.items()) == dict(first.headers.items())
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert zlib.decompress(first.data, 31) == plain.data
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(plain.data)))
    assert "Content-Security-Policy" in again.headers


def test_a_kept_answer_of_the_api_costs_nothing_and_is_not_counted(standing: Flask) -> None:
    client, path = standing.test_client(), "/api/v1/campaigns/remembrance/events"
    with limits(standing):
        first = client.get(path)
        assert first.headers["RateLimit"].startswith('"address";r=59;')
        with questions(standing) as asked:
            answers = [client.get(path) for _ in range(70)]
        assert asked == []
        assert {(again.status_code, again.data) for again in answers} == {(200, first.data)}
        assert "RateLimit" not in answers[-1].headers
        assert answers[-1].headers["Access-Control-Allow-Origin"] == "*"
        _publish(standing, "Published a moment ago")
        assert client.get(path).headers["RateLimit"].startswith('"address";r=58;')


def test_who_publishes_sees_it_with_the_next_request(standing: Flask) -> None:
    client = standing.test_client()
    before = client.get(LIST)
    _publish(standing, "Published a moment ago")
    after = client.get(LIST, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Published a moment ago" in after.get_data(as_text=True)


def test_another_machine_sees_it_when_it_asks_again(standing: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = standing.test_client()
    assert "From elsewhere" not in body(client)
    monkeypatch.setattr(bell.PUBLISHED, "ring", lambda: None)
    _publish(standing, "From elsewhere")
    assert "From elsewhere" not in body(client)
    monkeypatch.setattr("campaign.calendar.versions.time.monotonic", lambda: 1e12)
    assert "From elsewhere" in body(client)


def test_a_failed_transaction_rings_no_bell(standing: Flask) -> None:
    heard = bell.PUBLISHED.heard()
    with suppress(ZeroDivisionError), standing.app_context(), transaction():
        publish(campaigns.get_by_slug("remembrance"), details("Baku", title="Never"))
        raise ZeroDivisionError
    assert bell.PUBLISHED.heard() == heard
    _publish(standing, "Now")
    assert bell.PUBLISHED.heard() != heard


def test_unknown_parameters_and_their_order_make_no_answer_of_their_own(standing: Flask) -> None:
    client = standing.test_client()
    # The first who asks has the answer made, and nothing of hers may stand in it for others.
    first = client.get(f"{LIST}?utm_source=x&country=DE&type=ceremony")
    for query in ("country=DE&type=ceremony", "type=ceremony&country=DE", "country=DE&&type=ceremony&=1"):
        other = client.get(f"{LIST}?{query}")
        assert other.headers["ETag"] == first.headers["ETag"]
        assert other.data == first.data
    page = first.get_data(as_text=True)
    assert "utm" not in page
    assert f'name="next" value="{LIST}?country=DE&amp;type=ceremony"' in page


def test_a_senseless_cookie_makes_no_answer_of_its_own(standing: Flask) -> None:
    client = standing.test_client()
    plain = client.get(LIST)
    for name, value in (("tz", "Mars/Olympus"), ("theme", "pink"), ("session", "x" * 400)):
        client.set_cookie(name, value)
    assert client.get(LIST).headers["ETag"] == plain.headers["ETag"]
    client.set_cookie("tz", "Asia/Baku")
    assert "Cookie" in plain.headers["Vary"]
    assert client.get(LIST).headers["ETag"] != plain.headers["ETag"]


def test_a_foreign_host_is_refused_and_never_kept(standing: Flask) -> None:
    client = standing.test_client()
    client.get(LIST)
    for _ in range(2):
        assert client.get(LIST, headers={"Host": "evil.example"}).status_code == 400


def test_the_language_of_a_feed_follows_the_reader(standing: Flask) -> None:
    client = standing.test_client()
    names = [
        client.get("/feeds/remembrance.ics", headers={"Accept-Language": code}).get_data(as_text=True)
        for code in ("az", "en", "az")
    ]
    assert ["Anım" in name for name in names] == [True, False, True]
    assert "Accept-Language" in client.get("/feeds/remembrance.ics").headers["Vary"]


def test_a_withdrawn_event_is_gone_at_once(standing: Flask) -> None:
    from campaign.events import service as events

    client = standing.test_client()
    with standing.app_context():
        ref = db.session.query(Event).one().ref
    address = client.get(f"/e/{ref}").location
    assert client.get(address).status_code == 200
    with standing.app_context(), transaction():
        events.withdraw(db.session.query(Event).one(), by=None)
    assert client.get(address).status_code == 410


def test_while_the_database_is_away_the_last_answer_is_given_again(
    standing: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = standing.test_client()
    before = client.get(LIST)
    known = {"If-None-Match": before.headers["ETag"]}
    # Long after it was last asked, so that every answer would ask it again.
    monkeypatch.setattr("campaign.calendar.versions.time.monotonic", lambda: 1e12)
    with _away(standing):
        again = client.get(LIST)
        assert (again.status_code, again.data) == (200, before.data)
        assert again.headers["Cache-Status"] == "Campaign; fwd=stale; fwd-status=503"
        assert client.get(LIST, headers=known).status_code == 304
        never_asked = client.get(LIST + "?type=vigil")
        assert (never_asked.status_code, never_asked.headers["Retry-After"]) == (503, "30")
        # Something was withdrawn, perhaps: what is kept may be what must not be shown.
        bell.PUBLISHED.ring()
        assert client.get(LIST).status_code == 503
    after = client.get(LIST)
    assert (after.status_code, after.data, "Cache-Status" in after.headers) == (200, before.data, False)


def test_an_answer_much_past_its_time_is_given_no_more(standing: Flask, moved_clock: Clock) -> None:
    client = standing.test_client()
    client.get(LIST)
    with _away(standing):
        moved_clock.shift(timedelta(hours=1))
        assert client.get(LIST).status_code == 200
        moved_clock.shift(timedelta(hours=1))
        assert client.get(LIST).status_code == 503


@contextmanager
def _away(app: Flask) -> Iterator[None]:
    """The database cannot be reached: its connections are cut and refused, or a folder stands where its file was."""
    with app.app_context():
        url, file = db.engine.url, Path(str(db.engine.url.database))
        db.session.remove()
        db.engine.dispose()
    if url.get_backend_name() == "postgresql":
        with refused(url.render_as_string(hide_password=False)):
            yield
        return
    file.rename(file.with_suffix(".away"))
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        file.with_suffix(".away").rename(file)


def test_a_database_built_anew_never_says_that_nothing_changed(standing: Flask) -> None:
    client = standing.test_client()
    before = client.get(LIST)
    with standing.app_context(), transaction():
        # As after a backup was restored and as many changes were made as before: the same number, other contents.
        campaigns.get_by_slug("remembrance").calendar_changed_at += timedelta(seconds=1)
    versions.keep_for(1000)
    assert client.get(LIST, headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
