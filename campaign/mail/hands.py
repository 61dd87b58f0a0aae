"""Letters in the hands of their sender: what left is marked, and what comes next is asked for, together.

This runs for every few letters, so its statements are put together once; on PostgreSQL they are a single one, and its
answer is one row.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Interval, Update, bindparam, func, literal_column, or_, select, text, update

from campaign.core import clock
from campaign.core.db import UtcDateTime, database_now, db, transaction
from campaign.core.statements import Line, dialect, listed, one_of, written
from campaign.mail.claims import TABLE
from campaign.mail.models import Status

# So spelled that no partial index answers it: rows are looked up by their numbers, and nothing else costs less.
_IS_WAITING = text("letters.status || '' in ('pending','sending')")


def turn(line: Line, token: str, left: Collection[int], asked: Collection[int]) -> tuple[set[int], set[int]]:
    """Mark letters of a claim that left, and take others in hand; answers what was marked and what was taken.

    What is not marked was lost to another sender. What was called back, taken over, or became too late meanwhile is not
    taken. Safe to repeat; the caller has no transaction open.
    """
    if dialect() == "sqlite":
        with transaction():
            now = database_now()
            return mark_sent(token, left, now), take(token, asked, now)
    about = {"left": listed(left), "asked": listed(asked), "token": token, "note": "", "offset": clock.offset()}
    marked, taken = line.run(_both(), about)
    return set(marked), set(taken)


def mark_sent(token: str, left: Collection[int], now: datetime, note: str = "") -> set[int]:
    """The marking alone, inside a transaction.

    A letter that was called back while it was in hand is marked too: it has left, and its row says so.
    """
    if not left:
        return set()
    about = {"left": list(left), "token": token, "now": now, "note": note}
    return set(db.session.connection().execute(_marking(dialect()), about).scalars())


def take(token: str, asked: Collection[int], now: datetime) -> set[int]:
    """The taking alone, inside a transaction."""
    if not asked:
        return set()
    about = {"asked": list(asked), "token": token, "now": now}
    return set(db.session.connection().execute(_taking(dialect()), about).scalars())


@cache
def _marking(engine: str) -> Update:
    return _mark(engine, bindparam("now", type_=UtcDateTime()))


@cache
def _taking(engine: str) -> Update:
    return _take(engine, bindparam("now", type_=UtcDateTime()))


@cache
def _both() -> str:
    now = func.clock_timestamp() + bindparam("offset", type_=Interval())
    parts = (_mark("postgresql", now).cte("marked"), _take("postgresql", now).cte("taken"))
    return written(select(*(func.array(select(part.c.id).scalar_subquery()) for part in parts)))


def _mark(engine: str, now: Any) -> Update:
    mine = (one_of(TABLE.c.id, "left", engine), TABLE.c.claim == bindparam("token"))
    values = {"sent_at": now, "attempts": TABLE.c.attempts + literal_column("1"), "last_error": bindparam("note")}
    return update(TABLE).where(*mine).values(status=_said(Status.SENT), **values).returning(TABLE.c.id)


def _take(engine: str, now: Any) -> Update:
    right = or_(TABLE.c.expires_at.is_(None), TABLE.c.expires_at > now)
    mine = (one_of(TABLE.c.id, "asked", engine), TABLE.c.claim == bindparam("token"), _IS_WAITING)
    return update(TABLE).where(*mine, right).values(status=_said(Status.SENDING)).returning(TABLE.c.id)


def _said(status: Status) -> Any:
    return literal_column(f"'{status.value}'")
