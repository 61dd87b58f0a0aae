"""The log of letters and the list of addresses that get none, a page at a time, the newest first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from campaign.core import paging
from campaign.core.db import db
from campaign.core.faults import NotFound
from campaign.core.paging import Page
from campaign.mail.models import WAITING, WENT_WRONG, Letter, Status, Suppression

PAGE = 50
# No page looks further back than this at once: a rare kind among a million letters costs what any page costs.
WINDOW = 20_000
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What to look for; empty parts exclude nothing. `recipient` is an address, or its beginning."""

    status: Status | None = None
    kind: str = ""
    recipient: str = ""
    is_whole_address: bool = False
    event_id: int | None = None


def logged(sought: Sought, *, within: Select[Any] | None = None, after: str | None = None) -> Page[Letter]:
    """Letters, the newest first; `within` selects the ids of the events that they must be about.

    An empty page with a next key says that nothing was found so far, and that there is more to look through.
    """
    statement = _sought(select(Letter), sought)
    if within is not None:
        statement = statement.where(Letter.subject == "event", Letter.subject_id.in_(within))
    key, bottom = paging.decode(after, int), 0
    if key is not None:
        statement = statement.where(Letter.id < key[0])
    if not sought.recipient and sought.status not in _RARE:
        newest = int(key[0]) if key else _newest() + 1
        bottom = max(newest - WINDOW, 0)
        statement = statement.where(Letter.id >= bottom)
    rows = db.session.scalars(statement.order_by(Letter.id.desc()).limit(PAGE + 1)).all()
    if len(rows) > PAGE:
        return Page(rows[:PAGE], paging.encode(rows[PAGE - 1].id))
    return Page(rows, paging.encode(bottom) if bottom > 1 else None)


_RARE = frozenset((Status.FAILED, Status.BOUNCED, Status.SUPPRESSED, Status.UNCERTAIN, Status.EXPIRED))


def _sought(statement: Select[Letter], sought: Sought) -> Select[Letter]:
    if sought.status is not None:
        statement = statement.where(Letter.status == sought.status)
    if sought.status in _RARE:
        statement = statement.where(WENT_WRONG)
    if sought.kind:
        statement = statement.where(Letter.kind == sought.kind)
    if sought.event_id is not None:
        statement = statement.where(Letter.subject == "event", Letter.subject_id == sought.event_id)
    if sought.recipient and sought.is_whole_address:
        statement = statement.where(Letter.recipient == sought.recipient)
    elif sought.recipient:
        first = sought.recipient
        statement = statement.where(Letter.recipient >= first, Letter.recipient < first + _LAST)
    return statement


def _newest() -> int:
    return db.session.scalar(select(Letter.id).order_by(Letter.id.desc()).limit(1)) or 0


def get(letter_id: int, *, within: Select[Any] | None = None) -> Letter:
    """Raises NotFound, also for a letter about an event of another desk."""
    if not 0 < letter_id < 2**63:
        raise NotFound
    found = select(Letter).where(Letter.id == letter_id)
    if within is not None:
        found = found.where(Letter.subject == "event", Letter.subject_id.in_(within))
    letter = db.session.scalar(found)
    if letter is None:
        raise NotFound
    return letter


def is_over(letter: Letter) -> bool:
    """Whether nothing happens to the letter any more by itself."""
    return letter.status not in WAITING


def suppressed(*, email: str = "", after: str | None = None) -> Page[Suppression]:
    """The addresses that get no letters, or the one that is asked for."""
    statement, key = select(Suppression), paging.decode(after, int)
    if email:
        statement = statement.where(Suppression.email.startswith(email, autoescape=True))
    if key is not None:
        statement = statement.where(Suppression.id < key[0])
    rows = db.session.scalars(statement.order_by(Suppression.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], paging.encode(rows[PAGE - 1].id) if len(rows) > PAGE else None)
