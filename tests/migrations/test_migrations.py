"""Migrations run up and down on both engines and give exactly what the models say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from campaign import create_app
from campaign.core.db import db
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
        assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []


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
