"""Database base classes and the one place that commits.

Two engines, one code: SQLite in WAL mode and PostgreSQL. SQLite writers take the write lock when their
transaction begins (`BEGIN IMMEDIATE`); a deferred transaction that turns into a writer half-way fails under load.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

import structlog
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import Format
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from typing_extensions import override

from campaign.core import clock
from campaign.core.faults import Conflict

log = structlog.get_logger(__name__)

# What is raised while the database cannot be reached, is locked for too long, or (InternalError) can only be read
# because another server is taking over.
DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)


class UtcDateTime(TypeDecorator[datetime]):
    """Stores aware datetimes as UTC and refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class WallTime(TypeDecorator[datetime]):
    """Stores what a clock on the wall shows: a datetime that must carry no zone."""

    impl = DateTime(timezone=False)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError("wall time carries no zone")
        return value


def text_enum(kind: type[StrEnum]) -> Enum:
    """Stores the member's value as plain text; new members need no migration."""
    return Enum(
        kind,
        native_enum=False,
        length=40,
        create_constraint=False,
        values_callable=lambda members: [m.value for m in members],
    )


# Options of a statement that reads bytes: PostgreSQL would write them as hexadecimal digits.
IN_BINARY: Mapping[str, bool] = {"in_binary": True}

# SQLite numbers rows by itself only for a column that is exactly INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")


class Model(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False, eq=False):
    """Base of every table; plain SQLAlchemy so that type checkers understand it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        dict[str, str]: JSON,
    }

    id: Mapped[int] = mapped_column(Key, primary_key=True, sort_order=-1, init=False)


def is_described(_item: object, name: str | None, _kind: str, *_more: object) -> bool:
    """Whether models describe this on both engines; migrations make the rest."""
    return not str(name).startswith(Model.metadata.info.get("of_one_engine", ()))


db = SQLAlchemy(metadata=Model.metadata)
migrate = Migrate(render_as_batch=True, compare_type=False, include_object=is_described)


def init_app(app: Flask, migrations: Path) -> None:
    """Connect the application to its database; only our own engines, never the embedded broker's, are prepared."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(migrations))
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _prepare_sqlite)
                event.listen(engine, "begin", _begin_sqlite)
            else:
                event.listen(engine, "before_cursor_execute", _choose_format)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # The `begin` event below decides, not the driver.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _choose_format(
    _connection: object, cursor: Any, _statement: str, _values: object, context: Any, _many: bool
) -> None:
    if context is not None and context.execution_options.get("in_binary"):
        cursor.format = Format.BINARY


@contextmanager
def transaction() -> Iterator[None]:
    """Commit on success, roll back on any error, then run `on_commit` work. Does not nest.

    Raises Conflict when another writer changed a versioned row in between.
    """
    session = db.session()
    if "on_commit" in session.info:
        raise RuntimeError("transaction() does not nest; services never open one")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside a transaction()")
    if session.in_transaction():
        session.commit()  # Ends the read that, say, loading the signed-in person began.
    callbacks: list[Callable[[], object]] = []
    session.info["on_commit"] = callbacks
    try:
        session.connection(execution_options={"immediate": True})
        yield
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise Conflict from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("on_commit", None)
    for callback in callbacks:
        _run_quietly(callback)


def _run_quietly(callback: Callable[[], object]) -> None:
    """The commit already happened; a failure here must not undo the answer."""
    try:
        callback()
    except Exception:
        log.exception("after-commit work failed; the next sweep will pick it up")


def on_commit(callback: Callable[[], object]) -> None:
    """Run `callback` once the surrounding transaction has really committed; at once where there is none."""
    callbacks = db.session().info.get("on_commit")
    if callbacks is None:
        callback()
    else:
        callbacks.append(callback)


def insert_or(model: type[Model] | Table) -> Any:
    """The INSERT of this engine that knows ON CONFLICT; both spell it alike."""
    return (postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert)(model)


def refresh_read() -> None:
    """End the current read transaction, so that the next read sees what others committed."""
    session = db.session()
    if not session.in_transaction():
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside a transaction()")
    session.commit()


def clock_skew() -> timedelta:
    """How far this process's clock is ahead of the database's."""
    return clock.now() - database_now()


def database_now() -> datetime:
    """The database server's clock at this moment, moved as the installation's clock is moved; decides what is due.

    Not CURRENT_TIMESTAMP: that is the beginning of the transaction (PostgreSQL), and whole seconds (SQLite).
    """
    if db.session.get_bind().dialect.name == "postgresql":
        value = db.session.scalar(select(func.clock_timestamp(type_=UtcDateTime())))
    else:
        written = db.session.scalar(select(func.strftime("%Y-%m-%d %H:%M:%f", "now")))
        value = datetime.fromisoformat(str(written)).replace(tzinfo=UTC)
    assert isinstance(value, datetime)
    return value + clock.offset()
