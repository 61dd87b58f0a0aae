"""Runs migrations inside the application's own engine; models are the one description of the schema."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import TypeDecorator

from campaign.core.db import db

extension = current_app.extensions["migrate"]


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write column types of ours as what the database sees, so that old migrations never import today's code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    with db.engine.connect() as connection:
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
