"""Statements that are put together once and run thousands of times, past the ORM."""

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, cast

from sqlalchemy import ARRAY, JSON, ClauseElement, ColumnElement, Connection, Engine, any_, bindparam, func, select
from sqlalchemy.exc import DBAPIError

from campaign.core.db import db, transaction


def dialect() -> str:
    """`postgresql` or `sqlite`."""
    return str(db.session.get_bind().dialect.name)


def one_of(column: Any, name: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column is in the list that is bound as one parameter of this name.

    `column.in_()` makes another statement for every length of the list, which costs more than to run it.
    """
    if dialect == "postgresql":
        return cast(ColumnElement[bool], column == any_(bindparam(name, type_=ARRAY(column.type))))
    listed = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
    return cast(ColumnElement[bool], column.in_(select(listed.c.value)))


def written(statement: ClauseElement) -> str:
    """The words of a statement for `Line`; each of its values is bound by name, or spelled out in it."""
    return str(statement.compile(dialect=db.session.get_bind().dialect))


def listed(numbers: Iterable[int]) -> str:
    """Numbers for a parameter of `one_of` in a statement that was written; the driver takes one by one for a list."""
    return f"{{{','.join(map(str, numbers))}}}"


class Line:
    """Runs statements that are each a transaction of their own, on PostgreSQL. Use as a context manager.

    That is one round trip on a connection that is kept, instead of four, and the words go to the driver as they are.
    Where the caller has bound the session to a transaction (tests do), it is an ordinary one.
    """

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _k: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self.hang_up()

    def run(self, words: str, about: Mapping[str, Any]) -> Sequence[Any]:
        """The one row of the answer; `words` as `written` gives them. After an error the next call connects anew."""
        bind = db.session.get_bind()
        if not isinstance(bind, Engine):
            with transaction():
                return db.session.connection().exec_driver_sql(words, dict(about)).one()
        if self._connection is None:
            self._connection = bind.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            return self._connection.exec_driver_sql(words, dict(about)).one()
        except DBAPIError:
            self.hang_up()
            raise

    def hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
