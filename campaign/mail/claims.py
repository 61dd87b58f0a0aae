"""Who may send which letter: claims with a lease and a fencing token, and what became of them.

A claim moves `next_try_at` to the end of its lease. So "due" is one comparison for fresh, deferred and abandoned
letters alike: the sweep that finds what a killed sender left is the ordinary query.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, RowMapping, Update, func, or_, select, text, update

from campaign.core.db import database_now, db
from campaign.mail.models import EMAIL, WAITING, Letter, Status

# Spelled out, not bound: a partial index serves only a query that repeats its words.
_WAITING = text("letters.status in ('pending','sending')")


@dataclass(frozen=True, slots=True)
class Claim:
    """Letters that are ours until the lease ends, in the order they became due.

    `abandoned` names the letters that a former claimer had in hand when it died, with the token of its claim.
    """

    token: str = ""
    letters: Sequence[Letter] = ()
    abandoned: Mapping[int, str] = field(default_factory=dict)


def claim_due(*, batch: int, lease: timedelta, channel: str = EMAIL, host: str = "") -> Claim:
    """Take up to `batch` due letters of one road; also ends what waited past its expiry.

    The database's clock decides what is due. Rows another sender is taking at this moment are skipped (PostgreSQL);
    SQLite has one writer at a time. The letters are copies that belong to no session.
    """
    now = database_now()
    due = (_WAITING, Letter.channel == channel, Letter.host == host, Letter.next_try_at <= now)
    too_late = (Letter.expires_at <= now, Letter.status == Status.PENDING, Letter.doubts == 0)
    _run(update(Letter).where(*due, *too_late).values(status=Status.EXPIRED, last_error="too late"))
    chosen = select(Letter.id, Letter.status, Letter.claim).where(*due).order_by(Letter.next_try_at, Letter.id)
    found = db.session.execute(chosen.limit(batch).with_for_update(skip_locked=True)).all()
    if not found:
        return Claim()
    token, until = uuid.uuid4().hex, now + lease
    taken = (
        update(Letter)
        .where(Letter.id.in_([row.id for row in found]))
        .values(claim=token, lease_until=until, next_try_at=until)
        .returning(*Letter.__table__.columns)
    )
    rows = db.session.execute(taken, execution_options={"synchronize_session": False})
    letters = sorted((_copy(row) for row in rows.mappings()), key=lambda letter: (letter.due_at, letter.id))
    return Claim(token, letters, {row.id: row.claim or "" for row in found if row.status is Status.SENDING})


def due_roads(channels: Collection[str]) -> Sequence[tuple[str, str]]:
    """The (channel, host) to which something is due in these channels, who waited longest first."""
    due = (_WAITING, Letter.channel.in_(channels), Letter.next_try_at <= database_now())
    roads = select(Letter.channel, Letter.host).where(*due).group_by(Letter.channel, Letter.host)
    return [(row.channel, row.host) for row in db.session.execute(roads.order_by(func.min(Letter.next_try_at)))]


def _copy(values: RowMapping) -> Letter:
    """A letter that belongs to no session: reading it opens no transaction, changing it changes nothing."""
    letter = Letter(**{str(name): value for name, value in values.items() if name != "id"})
    letter.id = values["id"]
    return letter


def take_in_hand(token: str, ids: Collection[int], now: datetime) -> set[int]:
    """Note that these are handed over next; answers those of which that is still right.

    What was called back, taken over by another sender, or became too late meanwhile is not among them. Safe to
    repeat.
    """
    if not ids:
        return set()
    right = or_(Letter.expires_at.is_(None), Letter.expires_at > now)
    mine = (Letter.id.in_(ids), Letter.claim == token, Letter.status.in_(WAITING))
    taken = update(Letter).where(*mine, right).values(status=Status.SENDING).returning(Letter.id)
    return set(db.session.scalars(taken, execution_options={"synchronize_session": False}))


def mark_sent(token: str, ids: Collection[int], now: datetime, note: str = "") -> set[int]:
    """Answers what was marked; for the rest the lease was lost, and somebody else answers for it now.

    A letter that was called back while it was in hand is marked too: it has left, and its row says so.
    """
    if not ids:
        return set()
    values = {"status": Status.SENT, "sent_at": now, "attempts": Letter.attempts + 1, "last_error": note}
    marked = update(Letter).where(Letter.id.in_(ids), Letter.claim == token).values(**values).returning(Letter.id)
    return set(db.session.scalars(marked, execution_options={"synchronize_session": False}))


def mark_ended(token: str, letter: Letter, status: Status, reason: str) -> int:
    """It will not be sent, and why."""
    values = {"status": status, "last_error": reason[:500], "attempts": Letter.attempts + 1}
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


def give_back(token: str, ids: Collection[int], reason: str = "") -> int:
    """Letters that were claimed and not tried are due again at once; this costs them no attempt."""
    if not ids:
        return 0
    values: dict[str, object] = {"status": Status.PENDING, "claim": None, "next_try_at": database_now()}
    if reason:
        values["last_error"] = reason[:500]
    return _run(update(Letter).where(*_waits(token, ids)).values(**values))


def is_over(letter: Letter, now: datetime) -> bool:
    """Whether the letter makes no sense any more."""
    return letter.expires_at is not None and letter.expires_at <= now


def _waits(token: str, ids: Collection[int]):  # type: ignore[no-untyped-def]
    return (Letter.id.in_(ids), Letter.claim == token, Letter.status.in_(WAITING))


def _run(statement: Update) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
