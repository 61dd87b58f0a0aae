"""What needs a person: raised where it is noticed, shown by `doctor` and /readyz, cleared by who raised it."""

import socket
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import delete, select

from campaign.core.db import clock_skew, database_now, db, insert_or, transaction
from campaign.mail.models import Alarm

log = structlog.get_logger(__name__)

# Beyond this somebody's clock is wrong, and nobody can say whose.
MOST_SKEW = timedelta(seconds=30)


def sound(name: str, text: str) -> bool:
    """Raise an alarm or change its text; False when it stood there already, word for word."""
    if db.session.scalar(select(Alarm.text).where(Alarm.name == name)) == text:
        return False
    row = insert_or(Alarm).values(name=name, text=text, raised_at=database_now())
    db.session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"text": text}))
    return True


def clear(name: str) -> None:
    """It is over; safe to call when there was none."""
    db.session.execute(delete(Alarm).where(Alarm.name == name))


def standing() -> Sequence[Alarm]:
    """All that needs a person now, the oldest first."""
    return db.session.scalars(select(Alarm).order_by(Alarm.raised_at, Alarm.id)).all()


def is_clock_right() -> bool:
    """Whether this machine and the database agree about the time; raises or clears the alarm about it.

    A sender whose clock is wrong could mark, sign and date letters wrongly, and if it is the database's that is wrong,
    everything would leave at a wrong hour.
    """
    skew, name = clock_skew(), f"clock of {socket.gethostname()}"
    is_right = abs(skew) <= MOST_SKEW
    known = db.session.scalar(select(Alarm.id).where(Alarm.name == name)) is not None
    if is_right == known:
        text = f"differs from the database's by {skew.total_seconds():+.0f} s: no letters leave from here"
        with transaction():
            clear(name) if is_right else sound(name, text)
    if not is_right:
        log.error("the clocks disagree; nothing is sent", seconds=skew.total_seconds())
    return is_right
