"""Migrations run up and down on both engines and give exactly what the models say."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, inspect, text

from campaign import create_app
from campaign.core.db import db, is_described
from config import ROOT, Settings
from tests.fault.databases import empty_postgres


@pytest.fixture
def empty_app(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on an empty database of its own."""
    if engine == "sqlite":
        yield from _in_context(f"sqlite:///{tmp_path / 'empty.sqlite'}", tmp_path)
        return
    with empty_postgres(request.getfixturevalue("postgres_url"), "migrations") as url:
        yield from _in_context(url, tmp_path)


def _in_context(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(Settings.for_tests(database_url=url, data_dir=folder))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_each_revision_goes_up_and_down(empty_app: Flask) -> None:
    revisions = [r.revision for r in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()][::-1]
    for revision in revisions:
        upgrade(revision=revision)
        downgrade(revision="-1")
        upgrade(revision=revision)
    assert "events" in inspect(db.engine).get_table_names()
    downgrade(revision="base")
    db.engine.dispose()
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}


def test_models_and_migrations_agree(empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        described = MigrationContext.configure(connection, opts={"include_object": is_described})
        assert compare_metadata(described, db.metadata) == []


def test_changing_a_table_keeps_what_refers_to_it(empty_app: Flask) -> None:
    """SQLite changes a table by dropping it; rows that would go with it must stay."""
    upgrade(revision="0001")
    with db.engine.begin() as connection:
        campaign = "(id, slug, names, month, day, settings, is_open, calendar_version)"
        connection.execute(text(f"INSERT INTO campaigns {campaign} VALUES (1, 'a', '{{}}', 2, 26, '{{}}', true, 1)"))
        region = "(id, campaign_id, key, desk_names, time_zone, fallback)"
        connection.execute(text(f"INSERT INTO regions {region} VALUES (1, 1, 'europe', '{{}}', 'UTC', 'lead')"))
    upgrade()
    downgrade(revision="0001")
    upgrade()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM regions")) == 1
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_who_wanted_no_letters_about_coming_years_still_wants_none(empty_app: Flask) -> None:
    upgrade(revision="0020")
    with db.engine.begin() as connection:
        known = "(id, email, name, password_hash, language, time_zone, is_admin, session_version, created_at, version)"
        values = "(7, 'a@example.org', 'A', '', 'en', '', false, 1, '2027-01-01 00:00:00', 1)"
        connection.execute(text(f"INSERT INTO people {known} VALUES {values}"))
        connection.execute(text("INSERT INTO season_stops (person_id, stopped_at) VALUES (7, '2027-01-02 00:00:00')"))
        before = connection.execute(text("SELECT person_id, stopped_at FROM season_stops")).all()
    upgrade(revision="0021")
    with db.engine.begin() as connection:
        stopped = connection.execute(text("SELECT person_id, kind FROM letter_stops")).all()
        assert stopped == [(7, "season")]
        more = "INSERT INTO letter_stops (person_id, kind, stopped_at) VALUES (7, 'event_check', '2027-01-03 00:00:00')"
        connection.execute(text(more))
    downgrade(revision="0020")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT person_id, stopped_at FROM season_stops")).all() == before


def test_subscriptions_of_an_address_become_one_reader(empty_app: Flask) -> None:
    """Rows, planned reminders and addresses are the same again after the way back."""
    upgrade(revision="0004")
    with db.engine.begin() as connection:
        _two_subscriptions(connection)
        before = _kept(connection)
    upgrade(revision="0005")
    with db.engine.connect() as connection:
        readers = connection.execute(text("SELECT email, language, zone, days FROM readers")).all()
        assert readers == [("a@example.org", "az", "Asia/Baku", "7,1")]
        topics = connection.execute(text("SELECT topic, campaign_id FROM subscriptions ORDER BY id")).all()
        assert topics == [("event:1", 1), ("event:2", 1)]
        (context,) = connection.execute(text("SELECT context FROM letters")).scalars()
        said = json.loads(context) if isinstance(context, str) else context
        assert said == {"items": [[2, 0, "P1D", 3, "2027-02-25T16:00:00+00:00"]]}
    downgrade(revision="0004")
    with db.engine.connect() as connection:
        assert _kept(connection) == before


def _two_subscriptions(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO campaigns (id, slug, names, month, day, settings, is_open, calendar_version, "
            "calendar_changed_at) VALUES (1, 'a', '{}', 2, 26, '{}', true, 1, '2027-01-01 00:00:00')"
        )
    )
    for number in (1, 2):
        connection.execute(
            text(
                "INSERT INTO events (id, ref, uid, campaign_id, status, stored_details, title, country, time_zone, "
                "sequence, schedule_version, public_note, source_url, import_note, is_demonstration, changed_at, "
                "created_at, version) VALUES (:n, :ref, :ref, 1, 'published', '{}', '', '', '', 1, 1, '', '', '', "
                "false, '2027-01-01 00:00:00', '2027-01-01 00:00:00', 1)"
            ),
            {"n": number, "ref": f"EVENT{number}"},
        )
        connection.execute(
            text(
                "INSERT INTO subscriptions (id, event_id, email, language, zone, asked_at, confirmed_at) VALUES "
                "(:id, :n, 'a@example.org', 'az', 'Asia/Baku', '2027-01-02 00:00:00', '2027-01-02 00:00:00')"
            ),
            {"id": 10 + number, "n": number},
        )
    connection.execute(
        text(
            "INSERT INTO letters (key, kind, recipient, language, message_id, due_at, next_try_at, context, subject, "
            "subject_id, recipient_id, status, attempts, last_error, tz_version, created_at) VALUES ('k', 'reminder', "
            "'a@example.org', 'az', '<k@x>', '2027-02-25 16:00:00', '2027-02-25 16:00:00', :context, "
            "'event', 2, 12, 'pending', 0, '', '', '2027-01-02 00:00:00')"
        ),
        {"context": json.dumps({"position": 0, "offset": "P1D", "schedule_version": 3})},
    )


def _kept(connection: Connection) -> list[object]:
    rows = connection.execute(text("SELECT id, event_id, email, language, zone FROM subscriptions ORDER BY id")).all()
    letters = connection.execute(text("SELECT key, subject_id, recipient_id, context FROM letters")).all()
    plain = [(*x[:3], json.loads(x[3]) if isinstance(x[3], str) else x[3]) for x in letters]
    return [*map(tuple, rows), *plain]


def test_texts_of_calendar_files_move_and_come_back(empty_app: Flask) -> None:
    """What somebody wrote that looks like the end of an event stays theirs; the address is the line before the end."""
    begins, ends = "BEGIN:VEVENT\r\nDESCRIPTION:Xocalı 追悼 END:VEVENT\r\n", "END:VEVENT\r\n"
    upgrade(revision="0004")
    with db.engine.begin() as connection:
        _two_subscriptions(connection)
    upgrade(revision="0019")
    with db.engine.begin() as connection:
        _one_listing(connection, begins + ends)
    upgrade(revision="0020")
    with db.engine.connect() as connection:
        stored = connection.execute(text("SELECT sort_key, listing_id, time_zone, vevent FROM listing_vevents")).one()
        assert tuple(stored[:3]) == (7, 1, "Asia/Baku")
        assert bytes(stored[3]).decode() == f"{begins}URL:\x1aEVENT1\r\n{ends}"
    downgrade(revision="0019")
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT vevent FROM listings")) == begins + ends


def _one_listing(connection: Connection, vevent: str) -> None:
    connection.execute(
        text(
            "INSERT INTO listings (id, sort_key, event_id, campaign_id, ref, position, changed_at, status, type, "
            "duration, is_run, mode, is_free, country, city_key, time_zone, starts_local, starts_on, ends_on, "
            "starts_at, ends_at, card, vevent) VALUES (1, 7, 1, 1, 'EVENT1', 0, '2027-01-01 00:00:00', 'published', "
            "'vigil', 'moment', false, 'in_person', true, 'AZ', 'az/baku', 'Asia/Baku', '2027-02-26 18:00:00', "
            "'2027-02-26', '2027-02-26', '2027-02-26 14:00:00', '2027-02-26 16:00:00', '{}', :vevent)"
        ),
        {"vevent": vevent},
    )
