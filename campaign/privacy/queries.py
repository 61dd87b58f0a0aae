"""All that is kept about one address: every row of every table that names it.

The tables are found by the schema, so that no new one can be forgotten: a column that refers to a person or to a
reader, or that holds an address.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, cast, func, or_, select

from campaign.accounts.models import Person
from campaign.core.db import Model, db
from campaign.events.models import Event
from campaign.reminders.models import Reader

ADDRESSES = ("email", "recipient")
# No foreign key: the journal outlives what it tells of.
ACTORS = ("actor_id",)
# What would open something, or is only of use to the machinery.
SECRETS = frozenset(("password_hash", "session_version", "token", "claim", "secret", "key", "auth", "p256dh"))


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about: an address, and the account and the reader of it where there are such."""

    email: str
    person: Person | None
    reader: Reader | None

    @classmethod
    def of(cls, email: str) -> "Subject":
        """`email` in the form that `accounts.service.normal_email` returns."""
        person = db.session.scalar(select(Person).where(Person.email == email))
        return cls(email, person, db.session.scalar(select(Reader).where(Reader.email == email)))


def holdings(subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """By table, the rows that name this subject, as JSON; tables without one are left out."""
    found = {}
    for table in Model.metadata.sorted_tables:
        where = list(_conditions(table, subject))
        if not where:
            continue
        shown = [column for column in table.columns if column.name not in SECRETS]
        rows = db.session.execute(select(*shown).where(or_(*where)).order_by(*table.primary_key)).mappings()
        if written := [{name: _plain(value) for name, value in row.items()} for row in rows]:
            found[table.name] = written
    return found


def listings_naming(email: str) -> list[str]:
    """The references of events whose text or public contact holds an address."""
    words = func.lower(cast(Event.stored_details, String))
    return list(db.session.scalars(select(Event.ref).where(words.contains(email, autoescape=True)).order_by(Event.ref)))


def _conditions(table: Table, subject: Subject) -> Iterator[ColumnElement[bool]]:
    for column in table.columns:
        target = _target(table, column)
        if target == "people" and subject.person:
            yield column == subject.person.id
        elif target == "readers" and subject.reader:
            yield column == subject.reader.id
        elif column.name in ADDRESSES:
            yield func.lower(column) == subject.email


def _target(table: Table, column: Column[Any]) -> str:
    """Whom a number in this column means."""
    if column.name in ACTORS or (table.name == "people" and column.primary_key):
        return "people"
    return next((key.column.table.name for key in column.foreign_keys), "")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, str | int | float | bool | dict | list | None) else str(value)
