"""Two engines, one suite: every test that touches the database runs on SQLite and on PostgreSQL.

Each test lives in one outer transaction that is rolled back; the code under test commits as it likes (savepoints).
"""

import os

os.environ["PYTHONTZPATH"] = ""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.orm import Session
from typing_extensions import override
from xdist.scheduler import LoadScopeScheduling

from campaign import create_app
from campaign.core import clock
from campaign.core.db import db
from campaign.core.security import limiter
from campaign.demonstration import loading
from config import Settings
from tests.fault.databases import empty_postgres
from tests.servers import mailbox as mail_servers
from tests.servers.postgres import postgres
from tests.servers.redis import redis

ENGINES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", default="both", choices=(*ENGINES, "both"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        asked = metafunc.config.getoption("--engine")
        engines = ENGINES if asked == "both" else (asked,)
        if metafunc.definition.get_closest_marker("any_engine"):
            engines = engines[:1]
        metafunc.parametrize("engine", engines, scope="session")


class ByEngine(LoadScopeScheduling):  # type: ignore[misc]
    """Of the two processes of `make test` each has one engine; then they share what needs none, the browser as one."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        engine = next((engine for engine in ENGINES if f"[{engine}" in nodeid), "")
        path = nodeid.partition("::")[0]
        return engine or ("browser" if path.startswith("tests/browser/") else path)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByEngine:
    return ByEngine(config, log)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with redis() as url:
        yield url


@pytest.fixture(scope="session")
def database_url(engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    if engine == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.sqlite'}"


class FreshContextClient(FlaskClient):
    """Gives each request its own app context, as a real server would, and forgets what was loaded."""

    @override
    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if has_app_context():  # The test's own context; what it loaded before the request is stale now.
            db.session.expire_all()
        return response


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application per engine, its schema made by the real migrations."""
    folder = Path(tmp_path_factory.mktemp("data"))
    app = create_app(Settings.for_tests(database_url=database_url, data_dir=folder))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = FreshContextClient
    with app.app_context():
        upgrade()
        db.engine.dispose()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The database session of one test; everything is undone afterwards."""
    with ExitStack() as stack:
        stack.enter_context(app.app_context())
        engine = db.engine
        connection = engine.connect()
        outer = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield db.session()
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()
            db.engines[None] = engine


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def limited(app: Flask) -> Iterator[None]:
    """Rate limits, which are off in tests."""
    with limits(app):
        yield


@contextmanager
def limits(app: Flask) -> Iterator[None]:
    """The application was wired without limits, so their hooks are added here."""
    app.config["RATELIMIT_ENABLED"] = True
    if limiter not in app.extensions.get("limiter", ()):
        app._got_first_request = False
        limiter.init_app(app)
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.reset()
    limiter.enabled = False
    app.config["RATELIMIT_ENABLED"] = False


@pytest.fixture
def mailbox() -> Iterator[mail_servers.Mailbox]:
    box, controller = mail_servers.serve()
    yield box
    controller.stop()


class Clock:
    """Moves this process's clock."""

    def shift(self, by: timedelta) -> None:
        clock.set_offset(clock.offset() + by)

    def set(self, moment: Any) -> None:
        # SQLite tells whole milliseconds: it must not believe that the moment has not quite come.
        clock.set_offset(clock.offset() + (moment - clock.now()) + timedelta(milliseconds=1))


@pytest.fixture
def moved_clock() -> Iterator[Clock]:
    yield Clock()
    clock.set_offset(timedelta())


@dataclass(frozen=True)
class Demonstration:
    """An application of its own with the whole demonstration as it is at `moment`; `lines` is what loading said."""

    app: Flask
    settings: Settings
    lines: list[str]
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def loaded(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Demonstration]:
    """Loaded once per engine, because it takes a while: whoever uses it leaves it as it is."""
    folder = tmp_path_factory.mktemp("demonstration")
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'demonstration.sqlite'}"
        if engine == "postgresql":
            url = stack.enter_context(empty_postgres(request.getfixturevalue("postgres_url"), "demonstration"))
        settings = Settings.for_tests(database_url=url, data_dir=folder)
        app = create_app(settings)
        app.test_client_class = FreshContextClient
        clock.set_offset(Demonstration.moment - clock.now())
        with app.app_context():
            upgrade()
            lines = list(loading.load(settings))
            db.engine.dispose()
        clock.set_offset(timedelta())
        yield Demonstration(app, settings, lines)
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def demonstration(loaded: Demonstration, moved_clock: Clock) -> Iterator[Demonstration]:
    """The demonstration, on the day on which it was loaded; nothing that a test writes is kept."""
    moved_clock.set(Demonstration.moment)
    with loaded.app.app_context():
        yield loaded
        db.session.rollback()
