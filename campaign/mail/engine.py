"""Sends what is due: claim, write, check again, hand over, mark. Safe to run anywhere, any number of times at once.

Order is "hand over, then mark": after a crash between the two a letter is sent again under the same Message-ID. A
letter that is lost is worse than one that comes twice. No transaction is open while the mail server is spoken to.

One transaction marks what left and takes in hand what comes next, for about 25 milliseconds of work. So what is called
back stops at once, a sender that dies leaves few letters in doubt, and a fast mail server does not wait for the
database. With an ordinary mail server that is one letter at a time.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog

from campaign.core import clock
from campaign.core.db import db, refresh_read, transaction
from campaign.core.statements import Line
from campaign.mail import alarms, carriers, claims, doubts, hands, outcomes, service
from campaign.mail.carriers import Connection, Road
from campaign.mail.claims import Claim
from campaign.mail.composers import Drop
from campaign.mail.gate import Entry, Gate
from campaign.mail.models import KeptLetter, Letter, Status
from campaign.mail.office import Office
from campaign.mail.receipts import Receipts
from campaign.mail.tally import Tally
from campaign.mail.troubles import AddressRefused, InDoubt, LetterRefused, TryLater, Unreachable
from campaign.mail.writing import Desk, Sendable, Spoiled

log = structlog.get_logger(__name__)

BATCH = 100
LEASE = timedelta(minutes=2)
# Seconds for one host of another channel before mail has its turn again.
SLICE = 10.0
# Seconds of work, and letters, between two looks at the database.
HAND, MOST_IN_HAND = 0.025, 25


@dataclass(slots=True, kw_only=True)
class _Run:
    """The letters of one road, until nothing is due there or `ends`; without `post` letters are kept."""

    road: Road
    office: Office
    desk: Desk
    receipts: Receipts
    line: Line
    post: Connection | None
    ends: float
    gate: Gate | None
    batch: int
    lease: timedelta
    stop: Callable[[], bool]
    tally: Tally = field(default_factory=Tally)
    in_hand: int = 1


@dataclass(slots=True)
class _Batch:
    """What one claim brought. `ends` is half of the lease, `next_at` when the rate allows the next letter."""

    token: str
    ends: float
    next_at: float
    gap: float = 0.0
    queue: deque[Sendable] = field(default_factory=deque)
    left: list[Sendable] = field(default_factory=list)


class _Silence(Exception):
    """The server took a letter and said nothing; that letter is noted already."""


def send_due(
    office: Office, *, batch: int = BATCH, lease: timedelta = LEASE, stop: Callable[[], bool] = lambda: False
) -> Tally:
    """Send everything that is due now, batch by batch, until nothing is, the server is away, or `stop()` says so.

    Mail comes first, and again after a slice of every other road: a host of somebody else delays no letter for long.
    Raises OperationalError when the database is away before a letter was handed over; leases bring those letters back.
    """
    if not office.smtp_url and not office.may_keep:
        raise RuntimeError("letters can neither be sent nor kept: SMTP_URL is missing")
    travel = partial(_travel, office, batch=batch, lease=lease, stop=stop)
    tally = travel(Road())
    for channel, host in claims.due_roads(carriers.others()):
        if stop():
            break
        tally.add(travel(Road(channel, host), seconds=SLICE))
        tally.add(travel(Road()))
    return tally


def _travel(
    office: Office, road: Road, *, batch: int, lease: timedelta, stop: Callable[[], bool], seconds: float = math.inf
) -> Tally:
    carrier = carriers.of(road.channel)
    with ExitStack() as stack:
        post = stack.enter_context(carrier.connection(office, road.host))
        receipts = stack.enter_context(Receipts(office.receipts if post else None))
        run = _Run(
            road=road,
            office=office,
            desk=Desk(office),
            receipts=receipts,
            line=stack.enter_context(Line()),
            post=post,
            gate=carrier.gate(office, road.host),
            batch=batch,
            lease=lease,
            stop=stop,
            ends=time.monotonic() + seconds,
        )
        while not stop() and time.monotonic() < run.ends and alarms.is_clock_right() and _one_batch(run):
            pass
    return run.tally


def _one_batch(run: _Run) -> bool:
    """Claim and deliver; False when there is nothing more to do now."""
    began = time.monotonic()
    with transaction():
        entry = run.gate.enter(run.batch) if run.gate else Entry(run.batch)
        claim = _claim(run, entry.letters)
        wait = run.gate.book(len(claim.letters)) if run.gate else 0.0
        if run.gate and entry.is_probe and claim.letters:
            run.gate.probing()
    run.tally.unreachable = entry.is_resting
    if not claim.letters:
        return bool(claim.token)
    run.receipts.begun(claim.token)
    settled = doubts.settle(claim, run.receipts, run.office.was_accepted)
    run.tally.found += settled.found
    run.tally.uncertain += settled.uncertain
    gap = 1 / run.gate.rate if run.gate and run.gate.rate else 0.0
    ends = min(began + run.lease.total_seconds() / 2, run.ends)
    batch = _Batch(claim.token, ends, began + wait, gap)
    _write(run, batch, settled.clear)
    return _deliver(run, batch, is_probe=entry.is_probe)


def _claim(run: _Run, letters: int) -> Claim:
    if not letters:
        return Claim()
    return claims.claim_due(batch=letters, lease=run.lease, channel=run.road.channel, host=run.road.host)


def _write(run: _Run, batch: _Batch, letters: Sequence[Letter]) -> None:
    """Fill the queue with what is to be sent, and note what is not."""
    stopped = service.suppressed_among({letter.recipient for letter in letters})
    written = run.desk.write([letter for letter in letters if letter.recipient not in stopped])
    refresh_read()
    for letter in letters:
        if letter.recipient in stopped:
            _drop(run, batch, letter, Status.SUPPRESSED, "the address is on the suppression list")
    for letter, result in written:
        if isinstance(result, Drop):
            _drop(run, batch, letter, result.status, result.reason)
        elif isinstance(result, Spoiled):
            _put_off(run, batch, letter, result.reason)
        else:
            batch.queue.append(result)


def _deliver(run: _Run, batch: _Batch, *, is_probe: bool) -> bool:
    """Send the queue; what cannot be tried in the first half of the lease goes back. False when the server is away."""
    trouble = ""
    try:
        while batch.queue and _may_go_on(run, batch):
            _one_hand(run, batch)
    except (Unreachable, _Silence) as error:
        trouble = str(error)
    _turn(run, batch, [])
    if run.gate and (trouble or is_probe):
        log.warning(
            "unreachable", channel=run.road.channel, error=trouble, waiting=len(batch.queue)
        ) if trouble else None
        gate = run.gate
        outcomes.noted(lambda: gate.failed(trouble) if trouble else gate.worked())
    if batch.queue:
        ids = [ready.letter.id for ready in batch.queue]
        run.tally.given_back += outcomes.noted(lambda: claims.give_back(batch.token, ids, trouble))
    run.tally.unreachable = bool(trouble)
    return not trouble


def _may_go_on(run: _Run, batch: _Batch) -> bool:
    """Wait for the rate; False when it is time to stop."""
    while not run.stop() and time.monotonic() < batch.ends:
        early = batch.next_at - time.monotonic()
        if early <= 0:
            return True
        time.sleep(min(early, 0.5))
    return False


def _one_hand(run: _Run, batch: _Batch) -> None:
    """Take some letters in hand and send them while their time lasts; the rest returns to the queue."""
    most = 1 if batch.gap > HAND else run.in_hand
    asked = [batch.queue.popleft() for _ in range(min(most, len(batch.queue)))]
    taken = _turn(run, batch, asked)
    hand = deque(ready for ready in asked if ready.letter.id in taken)
    began, tried = time.monotonic(), 0
    try:
        while hand and (not tried or time.monotonic() - began < HAND):
            _hand_over(run, batch, hand[0])
            hand.popleft()
            tried += 1
    except _Silence:
        hand.popleft()
        raise
    finally:
        batch.queue.extendleft(reversed(hand))
        batch.next_at += batch.gap * tried
    if tried:
        run.in_hand = max(1, min(MOST_IN_HAND, int(HAND * tried / (time.monotonic() - began + 1e-6))))


def _turn(run: _Run, batch: _Batch, asked: Sequence[Sendable]) -> set[int]:
    """One transaction between two hands: mark what left, ask what may still go; answers the ids of the latter."""
    left, next_ones = [ready.letter.id for ready in batch.left], [ready.letter.id for ready in asked]
    if not left and not next_ones:
        return set()
    if run.post is None:
        with transaction():
            db.session.add_all(_kept(ready) for ready in batch.left)

    def work() -> tuple[set[int], set[int]]:
        return hands.turn(run.line, batch.token, left, next_ones)

    # What left must be noted, however long the database is away; before that, its absence ends the run.
    marked, taken = outcomes.surely(work) if left else work()
    for lost in set(left) - marked:
        # This process was so late that another one took the letter over. It answers for it; we must not repeat.
        log.error("lost the lease while a letter was handed over", letter=lost, claim=batch.token)
    batch.left.clear()
    return taken


def _hand_over(run: _Run, batch: _Batch, ready: Sendable) -> None:
    """Give one letter to the mail server. Raises Unreachable before it was handed over, _Silence after."""
    letter = ready.letter
    try:
        content = ready.data()
        if run.post is not None:
            run.receipts.tried(batch.token, letter.id)
            run.post.send(ready.address, content)
    except TryLater as error:
        _put_off(run, batch, letter, str(error))
    except InDoubt as error:
        outcomes.put_off_in_doubt(batch.token, letter, str(error), is_silence=error.is_silence)
        run.tally.deferred += 1
        if error.is_silence:
            raise _Silence(str(error)) from error
    except AddressRefused as error:
        outcomes.refuse_address(batch.token, letter, str(error))
        run.tally.dropped += 1
    except (LetterRefused, ValueError) as error:
        _drop(run, batch, letter, Status.FAILED, str(error))
    else:
        run.receipts.accepted(batch.token, letter.id)
        batch.left.append(ready)
        if run.post is None:
            run.tally.kept += 1
        else:
            run.tally.sent += 1


def _put_off(run: _Run, batch: _Batch, letter: Letter, reason: str) -> None:
    if outcomes.put_off(batch.token, letter, reason):
        run.tally.deferred += 1
    else:
        run.tally.failed += 1


def _drop(run: _Run, batch: _Batch, letter: Letter, status: Status, reason: str) -> None:
    outcomes.end(batch.token, letter, status, reason)
    if status is Status.FAILED:
        run.tally.failed += 1
    else:
        run.tally.dropped += 1


def _kept(ready: Sendable) -> KeptLetter:
    content = ready.data()
    source = content.decode("ascii", "replace") if isinstance(content, bytes) else ""
    return KeptLetter(recipient=ready.letter.recipient, title=ready.title, source=source, kept_at=clock.now())
