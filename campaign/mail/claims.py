"""Who may send which letter: claims with a lease and a fencing token, and what became of them.

A claim moves `next_try_at` to the end of its lease. So "due" is one comparison for fresh, deferred and abandoned
letters alike: the sweep that finds what a killed sender left is the ordinary query.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, CursorResult, RowMapping, Update, select, text, update

from campaign.core.db import database_now, db
from campaign.mail.models import Letter, Status

# Spelled out, not bound: a partial index serves only a query that repeats its words.
_WAITING = text("letters.status in ('pending','sending')")


def claim_due(*, batch: int, lease: timedelta) -> Sequence[Letter]:
    """Take up to `batch` due letters, in the order they became due; also ends what waited past its expiry.

    The database's clock decides what is due. Rows another sender is taking at this moment are skipped (PostgreSQL);
    SQLite has one writer at a time. Answers copies that belong to no session.
    """
    now = database_now()
    due = (_WAITING, Letter.next_try_at <= now)
    _run(update(Letter).where(*due, Letter.expires_at <= now).values(status=Status.EXPIRED, last_error="too late"))
    chosen = select(Letter.id).where(*due).order_by(Letter.next_try_at, Letter.id).limit(batch)
    ids = db.session.scalars(chosen.with_for_update(skip_locked=True)).all()
    if not ids:
        return []
    until = now + lease
    taken = (
        update(Letter)
        .where(Letter.id.in_(ids))
        .values(status=Status.SENDING, claim=uuid.uuid4().hex, lease_until=until, next_try_at=until)
        .returning(*Letter.__table__.columns)
    )
    rows = db.session.execute(taken, execution_options={"synchronize_session": False})
    return sorted((_copy(row) for row in rows.mappings()), key=lambda letter: (letter.due_at, letter.id))


def _copy(values: RowMapping) -> Letter:
    """A letter that belongs to no session: reading it opens no transaction, changing it changes nothing."""
    letter = Letter(**{str(name): value for name, value in values.items() if name != "id"})
    letter.id = values["id"]
    return letter


def is_held(letter: Letter) -> bool:
    """Whether this claim still stands: not called back, not taken over."""
    return db.session.scalar(select(Letter.id).where(*_mine(letter), Letter.status == Status.SENDING)) is not None


def mark_sent(letter: Letter) -> int:
    """Rows marked; 0 means that the lease was lost and somebody else answers for the letter now."""
    values = {"status": Status.SENT, "sent_at": database_now(), "attempts": Letter.attempts + 1, "last_error": ""}
    return _run(update(Letter).where(*_mine(letter)).values(**values))


def mark_ended(letter: Letter, status: Status, reason: str) -> int:
    """It will not be sent, and why."""
    ended = update(Letter).where(*_mine(letter), Letter.status == Status.SENDING)
    return _run(ended.values(status=status, last_error=reason[:500], attempts=Letter.attempts + 1))


def put_off(letter: Letter, reason: str, wait: timedelta) -> int:
    """An attempt failed; the next one comes after `wait`."""
    values = {
        "status": Status.PENDING,
        "attempts": Letter.attempts + 1,
        "last_error": reason[:500],
        "next_try_at": database_now() + wait,
    }
    return _run(update(Letter).where(*_mine(letter), Letter.status == Status.SENDING).values(**values))


def give_back(letters: Sequence[Letter], wait: timedelta, reason: str = "") -> int:
    """Letters that were claimed and not tried; this costs them no attempt."""
    if not letters:
        return 0
    values: dict[str, object] = {"status": Status.PENDING, "claim": None, "next_try_at": database_now() + wait}
    if reason:
        values["last_error"] = reason[:500]
    ids = [letter.id for letter in letters]
    held = (Letter.id.in_(ids), Letter.claim == letters[0].claim, Letter.status == Status.SENDING)
    return _run(update(Letter).where(*held).values(**values))


def _mine(letter: Letter) -> tuple[ColumnElement[bool], ...]:
    return (Letter.id == letter.id, Letter.claim == letter.claim)


def _run(statement: Update) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
