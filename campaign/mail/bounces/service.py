"""Notes letters that came back and stops addresses that nobody reads. Never commits."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import false, func, select

from campaign.core.db import database_now, db, insert_or
from campaign.mail import service
from campaign.mail.answers import is_nobody_there
from campaign.mail.bounces.reading import Report
from campaign.mail.models import EMAIL, Bounce, Letter, Status, Suppression

# So many different letters came back for good: nobody is there.
ENOUGH = 2
# A report comes within days; later, an address may have a new owner.
_LATEST = timedelta(days=30)


class Meaning(StrEnum):
    """What a report did: `unknown` names no letter of ours, `known` was told before, `temporary` may mend itself."""

    UNKNOWN = "unknown"
    KNOWN = "known"
    TEMPORARY = "temporary"
    NOTED = "noted"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Outcome:
    meaning: Meaning
    letter: int = 0
    status: str = ""

    def line(self) -> dict[str, object]:
        return asdict(self)


def note(report: Report) -> Outcome:
    """Act upon one report: safe to repeat, so the same one may come from a mailbox and from an address of the web."""
    letter = _find(report)
    if letter is None:
        return Outcome(Meaning.UNKNOWN, status=report.status)
    if not report.has_failed:
        return Outcome(Meaning.TEMPORARY, letter.id, report.status)
    is_permanent = report.status.startswith("5") and is_nobody_there(report.said, status=report.status)
    if not remember(letter, report.status, report.said, is_permanent=is_permanent):
        return Outcome(Meaning.KNOWN, letter.id, report.status)
    letter.status = Status.BOUNCED
    letter.last_error = f"{report.status} {report.said}"[:500].strip()
    if not is_permanent:
        return Outcome(Meaning.TEMPORARY, letter.id, report.status)
    if _number(letter.recipient) < ENOUGH:
        return Outcome(Meaning.NOTED, letter.id, report.status)
    service.suppress(letter.recipient, f"letters came back {ENOUGH} times: {letter.last_error}"[:200])
    return Outcome(Meaning.STOPPED, letter.id, report.status)


def remember(letter: Letter, status: str, said: str, *, is_permanent: bool) -> bool:
    """Keep that this letter came back; False when that is known. What was sent again since then came back anew."""
    values = {
        "letter_id": letter.id,
        "email": letter.recipient.casefold(),
        "status": status,
        "said": said[:300],
        "is_permanent": is_permanent,
        "reported_at": database_now(),
    }
    fresh = insert_or(Bounce).values(**values)
    is_older = Bounce.reported_at < letter.sent_at if letter.sent_at else false()
    kept = fresh.on_conflict_do_update(index_elements=["letter_id"], set_=values, where=is_older)
    return db.session.scalar(kept.returning(Bounce.id)) is not None


def stopped_since(moment: datetime) -> Collection[str]:
    """The addresses that were stopped since then because mail servers said that nobody is there."""
    came_back = select(Bounce.email).where(Bounce.email == Suppression.email, Bounce.is_permanent)
    found = select(Suppression.email).where(Suppression.created_at > moment, came_back.exists())
    return db.session.scalars(found.order_by(Suppression.email)).all()


def _find(report: Report) -> Letter | None:
    """The letter that is meant: sent lately, under this Message-ID, to one of those addresses.

    Both must fit. Whoever forges a report to stop somebody's letters would have to know which letters were sent.
    """
    named = {spelling for one in report.recipients for spelling in (one, one.casefold()) if one}
    since = database_now() - _LATEST
    mine = (Letter.recipient.in_(named), Letter.message_id == report.message_id, Letter.channel == EMAIL)
    left = (Letter.status.in_((Status.SENT, Status.BOUNCED, Status.UNCERTAIN)), Letter.due_at > since)
    return db.session.scalar(select(Letter).where(*mine, *left).limit(1).with_for_update())


def _number(email: str) -> int:
    """How many letters to this address came back for good, lately."""
    mine = (Bounce.email == email.casefold(), Bounce.is_permanent, Bounce.reported_at > database_now() - 6 * _LATEST)
    return db.session.scalar(select(func.count()).where(*mine)) or 0
