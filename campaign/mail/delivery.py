"""Delivers what was claimed, hand by hand: take, hand over, mark.

Order is "hand over, then mark": after a crash between the two a letter is sent again under the same Message-ID. A
letter that is lost is worse than one that comes twice. No transaction is open while the mail server is spoken to.

One transaction marks what left and takes in hand what comes next, for about 25 milliseconds of work. So what is called
back stops at once, a sender that dies leaves few letters in doubt, and a fast mail server does not wait for the
database. With an ordinary mail server that is one letter at a time.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from campaign.core import clock
from campaign.core.db import db, transaction
from campaign.core.statements import Line
from campaign.mail import claims, hands, outcomes
from campaign.mail.carriers import Connection, Road
from campaign.mail.gate import Gate
from campaign.mail.models import EMAIL, KeptLetter, Letter, Status
from campaign.mail.office import Office
from campaign.mail.receipts import Receipts
from campaign.mail.refusals import WAIT, Refusals
from campaign.mail.tally import Tally
from campaign.mail.troubles import AddressRefused, InDoubt, LetterRefused, TryLater, Unreachable, Unwelcome
from campaign.mail.writing import Desk, Sendable

log = structlog.get_logger(__name__)

# Seconds of work, and letters, between two looks at the database.
HAND, MOST_IN_HAND = 0.025, 25


@dataclass(slots=True, kw_only=True)
class Run:
    """The letters of one road, until nothing is due there or `ends`; without `post` letters are kept."""

    road: Road
    office: Office
    desk: Desk
    receipts: Receipts
    line: Line
    post: Connection | None
    ends: float
    gate: Gate | None
    lease: timedelta
    stop: Callable[[], bool]
    tally: Tally = field(default_factory=Tally)
    in_hand: int = 1


@dataclass(slots=True)
class Batch:
    """What one claim brought. `ends` is half of the lease, `next_at` when the rate allows the next letter."""

    token: str
    ends: float
    next_at: float
    gap: float = 0.0
    queue: deque[Sendable] = field(default_factory=deque)
    left: list[Sendable] = field(default_factory=list)
    refusals: Refusals = field(default_factory=Refusals)


class _Silence(Exception):
    """The server took a letter and said nothing; that letter is noted already."""


def deliver(run: Run, batch: Batch, *, is_probe: bool) -> bool:
    """Send the queue; what cannot be tried in the first half of the lease goes back. False when the server is away."""
    trouble = ""
    try:
        while batch.queue and _may_go_on(run, batch):
            _one_hand(run, batch)
    except (Unreachable, _Silence) as error:
        trouble = str(error)
    _turn(run, batch, [])
    trouble = trouble or batch.refusals.verdict()
    _judge(run, batch, trouble)
    if run.gate and (trouble or is_probe):
        if trouble:
            log.warning("unreachable", channel=run.road.channel, error=trouble, waiting=len(batch.queue))
        gate = run.gate
        outcomes.noted(lambda: gate.failed(trouble) if trouble else gate.worked())
    if batch.queue:
        ids = [ready.letter.id for ready in batch.queue]
        run.tally.given_back += outcomes.noted(lambda: claims.give_back(batch.token, ids, trouble))
    run.tally.unreachable = bool(trouble)
    return not trouble


def _judge(run: Run, batch: Batch, trouble: str = "") -> None:
    """Decide about the readers who were refused: their fault, unless the server is in trouble itself."""
    held = batch.refusals.take()
    if trouble and held:
        ids = [letter.id for letter, _said in held]
        run.tally.given_back += outcomes.noted(lambda: claims.give_back(batch.token, ids, trouble, WAIT))
        return
    for letter, said in held:
        if isinstance(said, AddressRefused):
            outcomes.refuse_address(batch.token, letter, str(said))
            run.tally.dropped += 1
        else:
            put_off(run, batch, letter, str(said))


def _may_go_on(run: Run, batch: Batch) -> bool:
    """Wait for the rate; False when it is time to stop."""
    while not run.stop() and time.monotonic() < batch.ends:
        early = batch.next_at - time.monotonic()
        if early <= 0:
            return True
        time.sleep(min(early, 0.5))
    return False


def _one_hand(run: Run, batch: Batch) -> None:
    """Take some letters in hand and send them while their time lasts; the rest returns to the queue."""
    most = 1 if batch.gap > HAND else run.in_hand
    asked = [batch.queue.popleft() for _ in range(min(most, len(batch.queue)))]
    taken = _turn(run, batch, asked)
    hand = deque(ready for ready in asked if ready.letter.id in taken)
    began, waiting = time.monotonic(), len(hand)
    try:
        _empty(run, batch, hand, until=began + HAND)
    finally:
        tried = waiting - len(hand)
        batch.queue.extendleft(reversed(hand))
        batch.next_at += batch.gap * tried
    if tried:
        run.in_hand = max(1, min(MOST_IN_HAND, int(HAND * tried / (time.monotonic() - began + 1e-6))))


def _empty(run: Run, batch: Batch, hand: deque[Sendable], *, until: float) -> None:
    """Send one letter at least. While there is time for another, that one is announced together with the letter before.

    What is announced goes out, unless this process slept until somebody else may have taken its letters over.
    """
    is_announced = False
    while hand:
        following = hand[1] if len(hand) > 1 and time.monotonic() < until else None
        try:
            _hand_over(run, batch, hand[0], following)
        except _Silence:
            hand.popleft()
            raise
        hand.popleft()
        is_announced = following is not None
        if time.monotonic() > (batch.ends if is_announced else until):
            return


def _turn(run: Run, batch: Batch, asked: Sequence[Sendable]) -> set[int]:
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


def _hand_over(run: Run, batch: Batch, ready: Sendable, following: Sendable | None) -> None:
    """Give one letter to the mail server. Raises Unreachable before it was handed over, _Silence after."""
    letter = ready.letter
    try:
        _try(run, batch, ready, following)
    except (AddressRefused, Unwelcome) as error:
        batch.refusals.add(letter, error, has_sent=run.tally.sent > 0)
        if run.road.channel != EMAIL:
            _judge(run, batch)  # Behind the hosts of others are single receivers; each knows about itself.
    except TryLater as error:
        put_off(run, batch, letter, str(error))
    except InDoubt as error:
        outcomes.put_off_in_doubt(batch.token, letter, str(error), is_silence=error.is_silence)
        run.tally.deferred += 1
        if error.is_silence:
            raise _Silence(str(error)) from error
    except (LetterRefused, ValueError) as error:
        drop(run, batch, letter, Status.FAILED, str(error))
    else:
        run.receipts.accepted(batch.token, letter.id)
        batch.left.append(ready)
        if run.post is None:
            run.tally.kept += 1
        else:
            run.tally.sent += 1
        _judge(run, batch)


def _try(run: Run, batch: Batch, ready: Sendable, following: Sendable | None) -> None:
    if said := batch.refusals.about(ready.letter.recipient):
        raise said
    content = ready.data()
    if run.post is not None:
        run.receipts.tried(batch.token, ready.letter.id)
        run.post.send(ready.address, content, _address(following))


def _address(ready: Sendable | None) -> str:
    """Nobody's where it cannot be written to: that is said when the turn of that letter comes."""
    try:
        return ready.address if ready else ""
    except ValueError:
        return ""


def put_off(run: Run, batch: Batch, letter: Letter, reason: str) -> None:
    if outcomes.put_off(batch.token, letter, reason):
        run.tally.deferred += 1
    else:
        run.tally.failed += 1


def drop(run: Run, batch: Batch, letter: Letter, status: Status, reason: str) -> None:
    outcomes.end(batch.token, letter, status, reason)
    if status is Status.FAILED:
        run.tally.failed += 1
    else:
        run.tally.dropped += 1


def _kept(ready: Sendable) -> KeptLetter:
    content = ready.data()
    source = content.decode("ascii", "replace") if isinstance(content, bytes) else ""
    return KeptLetter(recipient=ready.letter.recipient, title=ready.title, source=source, kept_at=clock.now())
