"""What needs a person: raised where it is noticed, shown by `doctor` and /readyz, cleared by who raised it.

Who raised it raises it again while it lasts. When nobody did for an hour, that one is gone, and the alarm with it.
"""

import socket
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select

from campaign.core.db import clock_skew, database_now, db, insert_or, transaction
from campaign.mail.models import Alarm

log = structlog.get_logger(__name__)

# Beyond this somebody's clock is wrong, and nobody can say whose.
MOST_SKEW = timedelta(seconds=30)
# How often an alarm is raised again, and how long it stands without that.
AGAIN, STANDS = timedelta(minutes=10), timedelta(hours=1)


def sound(name: str, text: str) -> bool:
    """Raise an alarm, raise it again, or change its text; False when it stood there already, word for word."""
    former = db.session.scalar(select(Alarm.text).where(Alarm.name == name))
    values = {"text": text, "raised_at": database_now()}
    row = insert_or(Alarm).values(name=name, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))
    return former != text


def clear(name: str) -> None:
    """It is over; safe to call when there was none."""
    db.session.execute(delete(Alarm).where(Alarm.name == name))


def standing(at: datetime | None = None) -> Sequence[Alarm]:
    """All that needs a person (at this moment of the database), in the order in which it was raised first."""
    lasts = Alarm.raised_at > (at or database_now()) - STANDS
    return db.session.scalars(select(Alarm).where(lasts).order_by(Alarm.id)).all()


def is_clock_right() -> bool:
    """Whether this machine and the database agree about the time; raises or clears the alarm about it.

    A sender whose clock is wrong could mark, sign and date letters wrongly, and if it is the database's that is wrong,
    everything would leave at a wrong hour.
    """
    skew, name = clock_skew(), f"clock of {socket.gethostname()}"
    is_right = abs(skew) <= MOST_SKEW
    raised_at = db.session.scalar(select(Alarm.raised_at).where(Alarm.name == name))
    if is_right and raised_at is not None:
        with transaction():
            clear(name)
    if not is_right and (raised_at is None or raised_at < database_now() - AGAIN):
        with transaction():
            sound(name, f"differs from the database's by {skew.total_seconds():+.0f} s: no letters leave from here")
    if not is_right:
        log.error("the clocks disagree; nothing is sent", seconds=skew.total_seconds())
    return is_right
