"""Reading the journal."""

from collections.abc import Sequence

from sqlalchemy import Integer, bindparam, select

from campaign.core.db import db
from campaign.journal.models import Entry

# Put together once, for pages of events.
_NEWEST = (
    select(Entry)
    .where(Entry.subject == bindparam("subject"), Entry.subject_id == bindparam("subject_id"))
    .where(Entry.act.in_(bindparam("acts", expanding=True)))
    .order_by(Entry.id.desc())
    .limit(bindparam("limit", type_=Integer))
)


def history(subject: str, subject_id: int) -> Sequence[Entry]:
    """All that happened to one thing, oldest first."""
    statement = select(Entry).where(Entry.subject == subject, Entry.subject_id == subject_id).order_by(Entry.id)
    return db.session.scalars(statement).all()


def latest(subject: str, subject_id: int, act: str) -> Entry | None:
    """The newest entry of one kind."""
    statement = (
        select(Entry)
        .where(Entry.subject == subject, Entry.subject_id == subject_id, Entry.act == act)
        .order_by(Entry.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def newest(subject: str, subject_id: int, acts: Sequence[str], *, limit: int) -> Sequence[Entry]:
    """The newest entries of some kinds, newest first."""
    values = {"subject": subject, "subject_id": subject_id, "acts": acts, "limit": limit}
    return db.session.scalars(_NEWEST, values).all()
