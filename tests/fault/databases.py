"""Databases that come and go, and that can be away for a while."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, make_url, text


@contextmanager
def _admin(url: str) -> Iterator[Engine]:
    engine = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@contextmanager
def empty_postgres(server_url: str, name: str) -> Iterator[str]:
    """A fresh database on this server, so that the tables of the suite stay untouched."""
    with _admin(server_url) as admin:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def take_away(url: str, seconds: float) -> None:
    """Let the database be unusable for so long: all connections cut and refused, or the file locked."""
    if url.startswith("sqlite"):
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.rollback()
            connection.connection.execute("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
            time.sleep(seconds)
            connection.connection.execute("ROLLBACK")  # type: ignore[attr-defined]
        engine.dispose()
        return
    with refused(url):
        time.sleep(seconds)


@contextmanager
def refused(url: str) -> Iterator[None]:
    """PostgreSQL cuts all connections of this database and takes no new ones."""
    name = make_url(url).database
    with _admin(url) as admin, admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"))
        cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = :name"
        connection.execute(text(cut), {"name": name})
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"))
