"""Reads about letters: what waits, what went wrong, what was kept, who is alive."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select

from campaign.core.db import UtcDateTime, db
from campaign.core.faults import NotFound
from campaign.mail.models import WAITING, KeptLetter, Letter, Status


def letters(*, status: Status | None = None, subject: str = "", limit: int = 100) -> Sequence[Letter]:
    """The newest letters first, of one status and about one kind of thing if asked."""
    chosen = select(Letter).order_by(Letter.id.desc()).limit(limit)
    if status is not None:
        chosen = chosen.where(Letter.status == status)
    if subject:
        chosen = chosen.where(Letter.subject == subject)
    return db.session.scalars(chosen).all()


def id_of(key: str) -> int:
    """The letter that was promised under this key. Raises NotFound."""
    found = db.session.scalar(select(Letter.id).where(Letter.key == key))
    if found is None:
        raise NotFound
    return found


def waiting(*, limit: int = 1000) -> Sequence[Letter]:
    """What will be sent, in the order it becomes due."""
    chosen = select(Letter).where(Letter.status.in_(WAITING)).order_by(Letter.due_at, Letter.id).limit(limit)
    return db.session.scalars(chosen).all()


def about(subject: str, subject_id: int, kind: str, *, statuses: Collection[Status] = WAITING) -> Select[Letter]:
    """A query for the letters of one kind about one thing; the caller narrows it down."""
    return select(Letter).where(
        Letter.subject == subject, Letter.subject_id == subject_id, Letter.kind == kind, Letter.status.in_(statuses)
    )


def last_due(recipient_id: int, kind: str) -> datetime | None:
    """When the newest letter of this kind was due that this recipient got."""
    mine = (Letter.recipient_id == recipient_id, Letter.kind == kind, Letter.status == Status.SENT)
    return db.session.scalar(select(func.max(Letter.due_at, type_=UtcDateTime())).where(*mine))


def kept(*, to: str = "", before: int | None = None, limit: int = 50) -> Sequence[KeptLetter]:
    """Kept letters, newest first, older than the id `before`; `to` is a part of the address."""
    chosen = select(KeptLetter).order_by(KeptLetter.id.desc()).limit(limit)
    if to:
        chosen = chosen.where(KeptLetter.recipient.icontains(to, autoescape=True))
    if before is not None:
        chosen = chosen.where(KeptLetter.id < before)
    return db.session.scalars(chosen).all()


def get_kept(letter_id: int) -> KeptLetter:
    """One kept letter. Raises NotFound."""
    letter = db.session.get(KeptLetter, letter_id)
    if letter is None:
        raise NotFound
    return letter
