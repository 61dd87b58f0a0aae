"""Reading the journal."""

from collections.abc import Sequence

from sqlalchemy import select

from campaign.core.db import db
from campaign.journal.models import Entry


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
    statement = (
        select(Entry)
        .where(Entry.subject == subject, Entry.subject_id == subject_id, Entry.act.in_(acts))
        .order_by(Entry.id.desc())
        .limit(limit)
    )
    return db.session.scalars(statement).all()
