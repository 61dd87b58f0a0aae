"""Runs migrations inside the application's own engine; models are the one description of the schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, TypeDecorator

from campaign.core.db import db

extension = current_app.extensions["migrate"]


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write column types of ours as what the database sees, so that old migrations never import today's code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


@contextmanager
def tables_may_be_copied(connection: Connection) -> Iterator[None]:
    """SQLite copies a table to change it and drops the old one, which would delete all that refers to it.

    The switch works only outside a transaction, so it is thrown on the driver's connection; whether every reference
    still holds is checked afterwards.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if broken := raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"after the migration rows refer to nothing: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    with db.engine.connect() as connection, tables_may_be_copied(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            # SQLite cannot alter a table in place; batch mode copies it.
            render_as_batch=True,
            render_item=plain,
            transaction_per_migration=True,
            **{k: v for k, v in extension.configure_args.items() if k != "render_as_batch"},
        )
        with context.begin_transaction():
            context.run_migrations()


run()
