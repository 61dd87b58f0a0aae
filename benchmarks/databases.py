"""Databases with synthetic events, made once and found again by the next run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from config import ROOT
from tests.servers.postgres import postgres

CAMPAIGN = "khojaly"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database of so many events; `deep` is the key of a page near the end of the list, `ref` names an event."""

    engine: str
    events: int
    environment: dict[str, str]
    deep: str
    ref: str


@contextmanager
def server(engine: str) -> Iterator[str]:
    """The address of PostgreSQL; SQLite needs none. `TEST_DATABASE_URL` names one that outlives this run."""
    if engine == "sqlite":
        yield ""
        return
    with postgres() as url:
        yield url


def prepare(engine: str, events: int, server_url: str, folder: Path) -> Prepared:
    """Make the schema and publish what is missing."""
    data = folder / f"{engine}-{events}"
    data.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{data / 'campaign.sqlite'}" if engine == "sqlite" else _database(server_url, f"bench_{events}")
    environment = environment_of(url, data)
    _flask(environment, "db", "upgrade")
    if int(_ask(url, "SELECT count(*) FROM events")) < events:
        _flask(environment, "places", "load")
        _flask(environment, "campaigns", "import", f"campaign/data/campaigns/{CAMPAIGN}.yaml")
        _flask(environment, "events", "seed", "--count", str(events))
    return found(engine, events, environment)


def environment_of(url: str, data: Path) -> dict[str, str]:
    """What a process of this installation finds in its environment."""
    fixed = {"PYTHONTZPATH": "", "ENVIRONMENT": "development", "LOG_LEVEL": "warning", "DATABASE_URL": url}
    return {**os.environ, **fixed, "DATA_DIR": str(data), "REDIS_URL": "", "CLOCK_FILE": ""}


def found(engine: str, events: int, environment: dict[str, str]) -> Prepared:
    """A database that is there: any with the campaign."""
    from campaign.core import paging

    url = environment["DATABASE_URL"]
    dated = f"FROM listings JOIN campaigns ON campaigns.id = campaign_id WHERE slug = '{CAMPAIGN}' AND is_run IS FALSE"
    number = int(_ask(url, f"SELECT count(*) {dated}"))
    at = f"{dated} ORDER BY sort_key LIMIT 1 OFFSET"
    deep = paging.encode(int(_ask(url, f"SELECT sort_key {at} {number * 8 // 10}")))
    return Prepared(engine, events, environment, deep, str(_ask(url, f"SELECT ref {at} {number // 2}")))


def _database(server_url: str, name: str) -> str:
    main = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with main.connect() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            connection.execute(text(f"CREATE DATABASE {name}"))
    main.dispose()
    return f"{server_url.rpartition('/')[0]}/{name}"


def _ask(url: str, statement: str) -> str | int:
    engine = create_engine(url)
    with engine.connect() as connection:
        value: str | int = connection.execute(text(statement)).scalar_one()
    engine.dispose()
    return value


def _flask(environment: dict[str, str], *words: str) -> None:
    _run(environment, "-m", "flask", "--app", "wsgi", *words)


def _run(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
