"""Letters in the hands of their sender: what left is marked, and what comes next is asked for, together.

This runs for every few letters, so its statements are put together once; on PostgreSQL they are a single one.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Interval, Update, bindparam, func, literal, or_, select, union_all, update

from campaign.core import clock
from campaign.core.db import UtcDateTime, database_now, db, transaction
from campaign.core.statements import Line, dialect, one_of
from campaign.mail.claims import TABLE
from campaign.mail.models import WAITING, Status


def turn(line: Line, token: str, left: Collection[int], asked: Collection[int]) -> tuple[set[int], set[int]]:
    """Mark letters of a claim that left, and take others in hand; answers what was marked and what was taken.

    What is not marked was lost to another sender. What was called back, taken over, or became too late meanwhile is not
    taken. Safe to repeat; the caller has no transaction open.
    """
    if dialect() == "sqlite":
        with transaction():
            now = database_now()
            return mark_sent(token, left, now), take(token, asked, now)
    about = {"left": list(left), "asked": list(asked), "token": token, "note": "", "offset": clock.offset()}
    rows = line.run(_both(), about)
    return {row.id for row in rows if row.is_left}, {row.id for row in rows if not row.is_left}


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
def _both() -> CompoundSelect[Any]:
    now = func.clock_timestamp() + bindparam("offset", type_=Interval())
    marked, taken = _mark("postgresql", now).cte("marked"), _take("postgresql", now).cte("taken")
    ids = [select(one.c.id, literal(is_left).label("is_left")) for one, is_left in ((marked, True), (taken, False))]
    return union_all(*ids)


def _mark(engine: str, now: Any) -> Update:
    values = {"sent_at": now, "attempts": TABLE.c.attempts + 1, "last_error": bindparam("note")}
    mine = (one_of(TABLE.c.id, "left", engine), TABLE.c.claim == bindparam("token"))
    return update(TABLE).where(*mine).values(status=Status.SENT, **values).returning(TABLE.c.id)


def _take(engine: str, now: Any) -> Update:
    right = or_(TABLE.c.expires_at.is_(None), TABLE.c.expires_at > now)
    mine = (one_of(TABLE.c.id, "asked", engine), TABLE.c.claim == bindparam("token"), TABLE.c.status.in_(WAITING))
    return update(TABLE).where(*mine, right).values(status=Status.SENDING).returning(TABLE.c.id)
