"""Statements that are put together once and run thousands of times, past the ORM."""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from threading import Lock
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

from cachetools import LRUCache
from sqlalchemy import (
    ARRAY,
    JSON,
    BindParameter,
    ClauseElement,
    ColumnElement,
    Connection,
    CursorResult,
    Engine,
    Executable,
    Float,
    Text,
    any_,
    bindparam,
    func,
    select,
    type_coerce,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import visitors
from sqlalchemy.types import NullType

from campaign.core.db import db, transaction

# Whatever a statement selects.
Rows = CursorResult[*tuple[Any, ...]]
_kept: LRUCache[Hashable, Executable] = LRUCache(500)
_keeping = Lock()
Made = TypeVar("Made")


def run(statement: Executable, values: Mapping[str, Any]) -> Rows:
    """Run a statement that gives no entities on the connection of the session, which looks for none in it."""
    session = db.session()
    session.flush()  # What waits to be written is read too, as with the session's own `execute`.
    return session.connection().execute(statement, values)


def kept(shape: Hashable, values: Mapping[str, Any], make: Callable[[], Executable]) -> Rows:
    """Run a statement that is put together once for its shape: that takes several times as long as to run it.

    `make` binds by name (`bindparam`) what may differ from time to time; all else it puts in is part of `shape`.
    `values` has a value for each of the names.
    """
    with _keeping:
        statement = _kept.get(shape)
    if statement is None:
        statement = make()
        if missing := _names(statement) - values.keys():
            raise LookupError(f"no value for {sorted(missing)}")
        with _keeping:
            _kept[shape] = statement
    return run(statement, values)


def _names(statement: Executable) -> set[str]:
    """What a statement binds by name."""
    parts = visitors.iterate(cast(ClauseElement, statement))
    return {part.key for part in parts if isinstance(part, BindParameter) and not part.unique}


def bound(name: str, column: Any, value: Any = None) -> BindParameter[Any]:
    """A value that is bound by name, of the type of a column; `value` where the statement is run by itself."""
    return bindparam(name, value, type_=column.type)


def undecoded(column: Any) -> ColumnElement[Any]:
    """A column as the driver gives it, in values that can be compared; `decoded` makes of them what it holds."""
    given = sql_cast(column, Text) if isinstance(column.type, JSON) else type_coerce(column, NullType())
    return given.label(None)  # A name of its own, whatever else is selected.


def decoded(row: Sequence[Any], columns: Sequence[Any]) -> list[Any]:
    """What a row of `undecoded` columns holds."""
    spoken = db.session.get_bind().dialect
    made = (_decoding(column.type, spoken) for column in columns)
    return [value if make is None else make(value) for make, value in zip(made, row, strict=True)]


@lru_cache(maxsize=100)
def _decoding(type_: Any, spoken: Any) -> Callable[[Any], Any] | None:
    if isinstance(type_, JSON):
        return json.loads
    if isinstance(type_, Float):
        return None  # Both drivers give numbers; SQLAlchemy would ask the driver's cursor which.
    made: Callable[[Any], Any] | None = type_.dialect_impl(spoken).result_processor(spoken, None)
    return made


class Known(Generic[Made]):
    """Rows of undecoded columns as what `make` gives of their values: the same object again while a row says the same.

    It is as large as `most` objects and what their rows hold.
    """

    def __init__(self, stored: Sequence[Any], make: Callable[..., Made], most: int) -> None:
        self.columns = [undecoded(column) for column in stored]
        self._made = lru_cache(most)(lambda row: make(*decoded(row, stored)))

    def read(self, rows: Iterable[Sequence[Any]]) -> list[Made]:
        """Rows of `columns`, in their order."""
        return [self._made(tuple(row)) for row in rows]


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
