"""Who may send which letter: claims with a lease and a fencing token, and what became of those that did not leave.

A claim moves `next_try_at` to the end of its lease. So "due" is one comparison for fresh, deferred and abandoned
letters alike: the sweep that finds what a killed sender left is the ordinary query.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Case, CursorResult, Table, Update, bindparam, case, func, select, update

from campaign.core.db import UtcDateTime, database_now, db
from campaign.core.statements import dialect, one_of
from campaign.mail.models import EMAIL, IS_WAITING, WAITING, Letter, Status

TABLE = cast(Table, Letter.__table__)
_NAMES = tuple(TABLE.c.keys())
# Ends that are told of a letter that left before, too.
_TOLD = (Status.BOUNCED, Status.FAILED, Status.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Claim:
    """Letters that are ours until the lease ends, in the order they became due.

    `abandoned` names the letters that a former claimer had in hand when it died, with the token of its claim.
    """

    token: str = ""
    letters: Sequence[Letter] = ()
    abandoned: Mapping[int, str] = field(default_factory=dict)


def claim_due(*, batch: int, lease: timedelta, channel: str = EMAIL, host: str = "") -> Claim:
    """Take up to `batch` due letters of one road; ends those of them that waited past their expiry.

    An answer without letters but with a token says that all of them were too late, and there may be more.

    The database's clock decides what is due. Rows another sender is taking at this moment are skipped (PostgreSQL);
    SQLite has one writer at a time. The letters are copies that belong to no session.
    """
    now = database_now()
    due = (IS_WAITING, Letter.channel == channel, Letter.host == host, Letter.next_try_at <= now)
    chosen = select(Letter.id, Letter.status, Letter.claim, Letter.doubts, Letter.expires_at).where(*due)
    # In the index's own order: to order by more, every letter of a great hour would be read for every claim.
    first = chosen.order_by(Letter.next_try_at).limit(batch)
    found = db.session.execute(first.with_for_update(skip_locked=True)).all()
    if not found:
        return Claim()
    # A letter that may have left already is not just too late; see `doubts`.
    late = {
        row.id for row in found if _is_late(row.expires_at, now) and row.status is Status.PENDING and not row.doubts
    }
    _expire(late)
    token = uuid.uuid4().hex
    about = {"ids": [row.id for row in found if row.id not in late], "token": token, "until": now + lease}
    rows = db.session.connection().execute(_claiming(dialect()), about).all()
    letters = sorted(map(_copy, rows), key=lambda letter: (letter.due_at, letter.id))
    return Claim(token, letters, {row.id: row.claim or "" for row in found if row.status is Status.SENDING})


def _is_late(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now


def _expire(ids: Collection[int]) -> None:
    if ids:
        _run(update(Letter).where(Letter.id.in_(ids)).values(status=_stays(Status.EXPIRED), last_error="too late"))


def _stays(status: Status) -> Case[Status]:
    """A letter that left, and was to go once more, stays what it was when that comes to nothing."""
    return case((Letter.sent_at.is_not(None), Status.SENT), else_=status)


@cache
def _claiming(engine: str) -> Update:
    until = bindparam("until", type_=UtcDateTime())
    values = {"claim": bindparam("token"), "lease_until": until, "next_try_at": until}
    return update(TABLE).where(one_of(TABLE.c.id, "ids", engine)).values(values).returning(*TABLE.c)


def due_roads(channels: Collection[str]) -> Sequence[tuple[str, str]]:
    """The (channel, host) to which something is due in these channels, who waited longest first."""
    due = (IS_WAITING, Letter.channel.in_(channels), Letter.next_try_at <= database_now())
    roads = select(Letter.channel, Letter.host).where(*due).group_by(Letter.channel, Letter.host)
    return [(row.channel, row.host) for row in db.session.execute(roads.order_by(func.min(Letter.next_try_at)))]


def _copy(values: Sequence[Any]) -> Letter:
    """A letter that belongs to no session: reading it opens no transaction, changing it changes nothing."""
    letter: Letter = Letter.__mapper__.class_manager.new_instance()
    vars(letter).update(zip(_NAMES, values, strict=True))
    return letter


def mark_ended(token: str, letter: Letter, status: Status, reason: str) -> int:
    """It will not be sent, and why."""
    values = {
        "status": status if status in _TOLD else _stays(status),
        "last_error": reason[:500],
        "attempts": Letter.attempts + 1,
    }
    return _run(update(Letter).where(*_waits(token, [letter.id])).values(**values))


def put_off(token: str, letter: Letter, reason: str, wait: timedelta, *, doubts: int = 0) -> int:
    """An attempt failed; the next one comes after `wait`."""
    values = {
        "status": Status.PENDING,
        "attempts": Letter.attempts + 1,
        "doubts": Letter.doubts + doubts,
        "last_error": reason[:500],
        "next_try_at": database_now() + wait,
    }
    return _run(update(Letter).where(*_waits(token, [letter.id])).values(**values))


def doubt(token: str, letter: Letter) -> int:
    """Its former claimer died while handing it over and nobody knows more; it stays ours to send."""
    values = {"status": Status.PENDING, "doubts": Letter.doubts + 1}
    return _run(update(Letter).where(*_waits(token, [letter.id])).values(**values))


def give_back(token: str, ids: Collection[int], reason: str = "", wait: timedelta = timedelta()) -> int:
    """Letters that were not tried, or not to blame, are due again after `wait`; this costs them no attempt."""
    if not ids:
        return 0
    values: dict[str, object] = {"status": Status.PENDING, "claim": None, "next_try_at": database_now() + wait}
    if reason:
        values["last_error"] = reason[:500]
    return _run(update(Letter).where(*_waits(token, ids)).values(**values))


def is_over(letter: Letter, now: datetime) -> bool:
    """Whether the letter makes no sense any more."""
    return _is_late(letter.expires_at, now)


def _waits(token: str, ids: Collection[int]):  # type: ignore[no-untyped-def]
    return (Letter.id.in_(ids), Letter.claim == token, Letter.status.in_(WAITING))


def _run(statement: Update) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
