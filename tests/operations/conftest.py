"""The small world of the desk, seen by an operator too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from campaign.accounts.models import Person
from campaign.core.db import db
from tests.review.conftest import World, signed_in, world

__all__ = ["World", "signed_in", "statements", "world"]


@pytest.fixture
def operator(world: World, session: Any) -> Person:
    """Runs the installation and has no desk."""
    person = world.person("Samir")
    person.is_admin = True
    session.commit()
    return person


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SELECTs that the block sends."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
