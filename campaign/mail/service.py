"""Promises letters, calls them back, and keeps the list of addresses that get none. Never commits."""

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import CursorResult, Select, delete, select, update

from campaign.core import bell, clock
from campaign.core.db import Model, database_now, db, insert_or, on_commit
from campaign.core.faults import NotFound
from campaign.core.statements import dialect, one_of
from campaign.mail.addresses import routable
from campaign.mail.models import EMAIL, WAITING, Heartbeat, Letter, Status, Suppression
from campaign.mail.office import Office

_KIND = re.compile(r"[a-z0-9][a-z0-9_-]*")
_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One letter to be promised; see `promise` for what the parts mean.

    Through another `channel` than mail, `to` is what that carrier calls its receiver.
    """

    key: str
    kind: str
    to: str
    language: str
    context: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    expires_at: datetime | None = None
    subject: str = ""
    subject_id: int = 0
    recipient_id: int | None = None
    tz_version: str = ""
    channel: str = EMAIL
    host: str = ""


def promise(key: str, kind: str, *, to: str, language: str, **more: Any) -> bool:
    """Promise one letter; it leaves once the surrounding transaction has committed and `due_at` (now) has come.

    `key` names the promise for ever, such as `reminder:12:34:P1D:2`: promising it again, even after it was sent or
    called back, changes nothing and answers False. `context` is JSON. `more` are the other parts of a Promise.
    Raises ValueError for an impossible address.
    """
    return promise_all([Promise(key=key, kind=kind, to=to, language=language, **more)]) == 1


def promise_all(promises: Iterable[Promise], *, again: bool = False, moves: bool = False) -> int:
    """Promise many letters with few statements; answers how many are new or changed.

    With `again`, a letter that was called back is promised once more; one that left or ended otherwise never is. With
    `moves`, one that nobody has tried to send yet gets the hour of this promise. Senders are woken by the commit.
    """
    new, waiting, now, office = 0, iter(promises), database_now(), Office.current()
    while rows := _rows(islice(waiting, _AT_ONCE), now, office):
        fresh = insert_or(Letter).values(rows)
        if again:
            fresh = _or_revive(fresh)
        else:
            fresh = _or_move(fresh) if moves else fresh.on_conflict_do_nothing(index_elements=["key"])
        changed = db.session.execute(fresh.returning(Letter.next_try_at)).scalars().all()
        new += len(changed)
        if any(at <= now for at in changed):
            on_commit(bell.LETTERS.ring)
    return new


def _or_revive(fresh: Any) -> Any:
    """The claim stays: if the letter is in somebody's hands at this moment, their mark still counts."""
    hours, words = ("due_at", "next_try_at", "expires_at", "tz_version"), ("recipient", "language", "context")
    values = {name: getattr(fresh.excluded, name) for name in (*hours, *words, "subject_id", "status")}
    never_left = (Letter.status == Status.CANCELLED) & Letter.sent_at.is_(None)
    return fresh.on_conflict_do_update(index_elements=["key"], set_=values, where=never_left)


def _or_move(fresh: Any) -> Any:
    values = {name: getattr(fresh.excluded, name) for name in ("due_at", "next_try_at", "expires_at", "tz_version")}
    is_untried = (Letter.status == Status.PENDING) & Letter.claim.is_(None) & (Letter.attempts == 0)
    other_end = Letter.expires_at.is_distinct_from(fresh.excluded.expires_at)
    is_other = (Letter.due_at != fresh.excluded.due_at) | other_end
    return fresh.on_conflict_do_update(index_elements=["key"], set_=values, where=is_untried & is_other)


def _rows(promises: Iterable[Promise], now: datetime, office: Office) -> list[dict[str, Any]]:
    """Each key once, as it was promised first: PostgreSQL changes no row twice in a statement."""
    rows: dict[str, dict[str, Any]] = {}
    for one in promises:
        rows.setdefault(one.key, _row(one, now, office))
    return list(rows.values())


def _row(one: Promise, now: datetime, office: Office) -> dict[str, Any]:
    address = one.to.strip()
    if one.channel == EMAIL:
        routable(address)
    if not _KIND.fullmatch(one.kind):
        raise ValueError(f"not a kind of letter: {one.kind}")
    due = one.due_at or now
    return {
        "key": one.key,
        "channel": one.channel,
        "host": one.host,
        "kind": one.kind,
        "recipient": address,
        "language": one.language,
        "message_id": message_id(one.key, office),
        "due_at": due,
        "next_try_at": due,
        "expires_at": one.expires_at,
        "context": dict(one.context),
        "subject": one.subject,
        "subject_id": one.subject_id,
        "recipient_id": one.recipient_id,
        "status": Status.PENDING,
        "attempts": 0,
        "doubts": 0,
        "last_error": "",
        "tz_version": one.tz_version,
        "created_at": clock.now(),
    }


def message_id(key: str, office: Office) -> str:
    """The Message-ID that follows from the key, so that receivers can drop a second copy (RFC 5322, 3.6.4).

    Nobody else can work it out: who forges a report about a letter that came back would have to know it.
    """
    named = hmac.new(office.secret.encode(), key.encode(), hashlib.sha256).hexdigest()
    return f"<r.{named[:32]}@{office.domain}>"


def call_back(subject: str, subject_id: int, kinds: Collection[str]) -> int:
    """Cancel what still waits about this thing; answers how many letters.

    A letter being handed over at this very moment may still arrive; its row then says so.
    """
    stale = update(Letter).where(
        Letter.subject == subject, Letter.subject_id == subject_id, Letter.kind.in_(kinds), Letter.status.in_(WAITING)
    )
    return _count(stale.values(status=Status.CANCELLED))


def cancel(letter_ids: Sequence[int]) -> int:
    """The same for single letters."""
    done = 0
    for first in range(0, len(letter_ids), _AT_ONCE):
        some = letter_ids[first : first + _AT_ONCE]
        stale = update(Letter).where(Letter.id.in_(some), Letter.status.in_(WAITING))
        done += _count(stale.values(status=Status.CANCELLED))
    return done


def call_back_from(recipient_id: int, kinds: Collection[str], *, subject: str, subject_id: int) -> int:
    """Cancel what still waits for one recipient about this thing."""
    mine = (Letter.recipient_id == recipient_id, Letter.kind.in_(kinds), Letter.status.in_(WAITING))
    about = (Letter.subject == subject, Letter.subject_id == subject_id)
    return _count(update(Letter).where(*mine, *about).values(status=Status.CANCELLED))


def forget(recipient_id: int, kinds: Collection[str]) -> int:
    """Remove every letter to this recipient of these kinds, sent or not, with the address on it."""
    return _count(delete(Letter).where(Letter.recipient_id == recipient_id, Letter.kind.in_(kinds)))


def speak(recipient_id: int, kinds: Collection[str], *, language: str) -> int:
    """Let what still waits for this recipient be written in another language."""
    mine = (Letter.recipient_id == recipient_id, Letter.kind.in_(kinds), Letter.status == Status.PENDING)
    return _count(update(Letter).where(*mine).values(language=language))


def stands_by(tz_version: str) -> int:
    """Note that what waits and was planned by other rules of time zones is right by these, too."""
    others = (Letter.status.in_(WAITING), Letter.tz_version != "", Letter.tz_version != tz_version)
    return _count(update(Letter).where(*others).values(tz_version=tz_version))


def suppress(email: str, reason: str) -> bool:
    """Never write to this address again; False when it was on the list already.

    What a sender has claimed stops at once; what waits is looked at when its hour comes.
    """
    waits = (Letter.recipient == email, Letter.status.in_(WAITING))
    # A sender that claims at this moment is waited for, or finds the address on the list.
    db.session.execute(select(Letter.id).where(*waits).with_for_update())
    claimed = (*waits, Letter.claim.is_not(None))
    _count(update(Letter).where(*claimed).values(status=Status.SUPPRESSED, last_error="the address was suppressed"))
    values = {"email": _same(email), "reason": reason, "created_at": clock.now()}
    return _insert_once(Suppression, "email", values)


def unsuppress(email: str) -> bool:
    """Take an address off the list; False when it was not on it."""
    return _count(delete(Suppression).where(Suppression.email == _same(email))) == 1


def is_suppressed(email: str) -> bool:
    return bool(suppressed_among([email]))


def suppressed_among(emails: Collection[str]) -> set[str]:
    """Those of these addresses that must not be written to."""
    asked = [_same(email) for email in emails]
    found = set(db.session.scalars(_suppressed(dialect()), {"emails": asked}))
    return {email for email in emails if _same(email) in found}


@cache
def _suppressed(engine: str) -> Select[str]:
    return select(Suppression.email).where(one_of(Suppression.email, "emails", engine))


def resend(letter_id: int) -> Letter:
    """Let a letter that ended go out once more, now, under the same Message-ID. Raises NotFound.

    When it left before stays on it.
    """
    letter = db.session.get(Letter, letter_id, with_for_update=True)
    if letter is None or letter.status in WAITING:
        raise NotFound
    letter.status = Status.PENDING
    letter.next_try_at = database_now()
    on_commit(bell.LETTERS.ring)
    letter.expires_at = letter.claim = letter.lease_until = None
    letter.attempts = letter.doubts = 0
    letter.last_error = ""
    return letter


def beat(part: str) -> None:
    """Note that this part of the installation is alive now."""
    at = database_now()
    if _count(update(Heartbeat).where(Heartbeat.part == part).values(at=at)) == 0:
        _insert_once(Heartbeat, "part", {"part": part, "at": at})


def take_turn(part: str, every: timedelta) -> bool:
    """Whether nobody else took this turn for so long; then it is ours, and noted."""
    at = database_now()
    fresh = insert_or(Heartbeat).values(part=part, at=at)
    is_over = Heartbeat.at <= at - every
    ours = fresh.on_conflict_do_update(index_elements=["part"], set_={"at": at}, where=is_over).returning(Heartbeat.id)
    return db.session.scalar(ours) is not None


def _same(email: str) -> str:
    return email.strip().casefold()


def _insert_once(model: type[Model], unique: str, values: Mapping[str, Any]) -> bool:
    fresh = insert_or(model).values(**values).on_conflict_do_nothing(index_elements=[unique]).returning(model.id)
    return db.session.scalar(fresh) is not None


def _count(statement: Any) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": "auto"})
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
