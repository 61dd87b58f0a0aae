"""Sends what is due: claim, check again, write, hand over, mark. Safe to run anywhere, any number of times at once.

Order is "hand over, then mark": after a crash between the two a letter is sent again under the same Message-ID. A
letter that is lost is worse than one that comes twice. No transaction is open while the mail server is spoken to.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import SystemRandom

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from campaign.core import clock
from campaign.core.db import db, refresh_read, transaction
from campaign.mail import claims, composers, envelope, rendering, service, smtp
from campaign.mail.composers import Drop
from campaign.mail.models import KeptLetter, Letter, Status
from campaign.mail.office import Office

log = structlog.get_logger(__name__)

BATCH = 50
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
BACKOFF = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 40, 60))
# The circuit: how long letters rest after the mail server could not be reached.
REST = timedelta(seconds=15)
_DATABASE_AWAY = (OperationalError, InterfaceError)


@dataclass(slots=True)
class Tally:
    """What one run did, in letters."""

    sent: int = 0
    kept: int = 0
    dropped: int = 0
    deferred: int = 0
    failed: int = 0
    given_back: int = 0
    unreachable: bool = False


@dataclass(slots=True)
class _Run:
    office: Office
    post: smtp.Post | None
    batch: int
    lease: timedelta
    stop: Callable[[], bool]
    tally: Tally = field(default_factory=Tally)


def send_due(
    office: Office, *, batch: int = BATCH, lease: timedelta = LEASE, stop: Callable[[], bool] = lambda: False
) -> Tally:
    """Send everything that is due now, batch by batch, until nothing is, the server is away, or `stop()` says so.

    Raises OperationalError when the database is away before a letter was handed over; leases bring those letters back.
    """
    if not office.smtp_url:
        if not office.may_keep:
            raise RuntimeError("letters can neither be sent nor kept: SMTP_URL is missing")
        run = _Run(office, None, batch, lease, stop)
        _batches(run)
        return run.tally
    with smtp.Post(office.smtp_url, office.sender.addr_spec, office.domain) as post:
        run = _Run(office, post, batch, lease, stop)
        _batches(run)
    return run.tally


def _batches(run: _Run) -> None:
    while not run.stop() and not run.tally.unreachable:
        began = time.monotonic()
        with transaction():
            letters = claims.claim_due(batch=run.batch, lease=run.lease)
        if not letters:
            return
        _deliver(run, letters, began)


def _deliver(run: _Run, letters: Sequence[Letter], began: float) -> None:
    """One batch; what cannot be tried in the first half of the lease goes back."""
    half = run.lease.total_seconds() / 2
    for number, letter in enumerate(letters):
        if run.stop() or time.monotonic() - began > half:
            _give_back(run, letters[number:])
            return
        try:
            _one(run, letter)
        except smtp.Unreachable as error:
            log.warning("mail server unreachable", error=str(error), waiting=len(letters) - number)
            run.tally.unreachable = True
            _give_back(run, letters[number:], REST, str(error))
            return


def _give_back(run: _Run, letters: Sequence[Letter], wait: timedelta = timedelta(0), reason: str = "") -> None:
    with transaction():
        run.tally.given_back += claims.give_back(letters, wait, reason)


def _one(run: _Run, letter: Letter) -> None:
    """Check once more, write, hand over, mark."""
    if not claims.is_held(letter):
        refresh_read()
        return
    if service.is_suppressed(letter.recipient):
        _end(run, letter, Status.SUPPRESSED, "the address is on the suppression list")
        return
    written = _write(run, letter)
    if written is None:
        return
    title, data = written
    refresh_read()
    if run.post is None:
        kept = KeptLetter(recipient=letter.recipient, title=title, source=data.decode("ascii", "replace"))
        _mark_sent(letter, kept)
        run.tally.kept += 1
        return
    try:
        run.post.send(letter.recipient, data)
    except smtp.TryLater as error:
        _put_off(run, letter, str(error))
    except smtp.LetterRefused as error:
        _end(run, letter, Status.FAILED, str(error))
    except smtp.AddressRefused as error:
        _end(run, letter, Status.SUPPRESSED, str(error), bounced=True)
    else:
        _mark_sent(letter)
        run.tally.sent += 1


def _write(run: _Run, letter: Letter) -> tuple[str, bytes] | None:
    """Title and bytes; None when the letter is not to be sent now, which is then already noted."""
    compose = composers.find(letter.kind) or rendering.from_context
    try:
        message = compose(letter)
        if isinstance(message, Drop):
            _end(run, letter, message.status, message.reason)
            return None
        return message.subject, envelope.seal(letter, message, run.office)
    except _DATABASE_AWAY:
        raise
    except Exception as error:
        log.exception("a letter could not be written", letter=letter.id, kind=letter.kind)
        db.session.rollback()
        _put_off(run, letter, f"could not be written: {type(error).__name__}: {error}")
        return None


def _put_off(run: _Run, letter: Letter, reason: str) -> None:
    done = letter.attempts + 1
    if done >= MAX_ATTEMPTS:
        log.error("a letter failed for good", letter=letter.id, kind=letter.kind, reason=reason)
        _end(run, letter, Status.FAILED, reason)
        return
    wait = BACKOFF[min(done, len(BACKOFF)) - 1] * SystemRandom().uniform(1.0, 1.2)
    _surely(lambda: claims.put_off(letter, reason, wait))
    run.tally.deferred += 1


def _end(run: _Run, letter: Letter, status: Status, reason: str, *, bounced: bool = False) -> None:
    def work() -> int:
        if bounced:
            service.suppress(letter.recipient, reason[:200])
        return claims.mark_ended(letter, status, reason)

    _surely(work)
    if status is Status.FAILED:
        run.tally.failed += 1
    else:
        run.tally.dropped += 1


def _mark_sent(letter: Letter, kept: KeptLetter | None = None) -> None:
    def work() -> int:
        marked = claims.mark_sent(letter)
        if kept is not None and marked:
            db.session.add(
                KeptLetter(recipient=kept.recipient, title=kept.title, source=kept.source, kept_at=clock.now())
            )
        return marked

    if _surely(work) == 0:
        # This process was so late that another one took the letter over. It answers for it; we must not repeat.
        log.error("lost the lease while a letter was handed over", letter=letter.id, message_id=letter.message_id)


def _surely(work: Callable[[], int]) -> int:
    """Do this in its own small transaction, and again until the database is back: what happened must be noted."""
    pause = 0.1
    while True:
        try:
            with transaction():
                return work()
        except _DATABASE_AWAY:
            log.warning("the database is away; a mark waits", pause=pause)
            time.sleep(pause)
            pause = min(pause * 2, 5.0)
