"""What becomes of a letter that did not simply leave; noted in a small transaction of its own, whatever happens."""

import time
from collections.abc import Callable
from datetime import timedelta
from random import SystemRandom
from typing import TypeVar

import structlog

from campaign.core.db import DATABASE_AWAY, transaction
from campaign.mail import carriers, claims
from campaign.mail.models import Letter, Status

log = structlog.get_logger(__name__)

# A server that took a letter and then said nothing gets time to come to itself: the next silence ends the letter.
AFTER_SILENCE = timedelta(minutes=5)

Result = TypeVar("Result")


def surely(work: Callable[[], Result]) -> Result:
    """Do this, and again until the database is back: what happened must be noted.

    `work` must be safe to repeat, because a commit whose answer was lost may have happened.
    """
    pause = 0.1
    while True:
        try:
            return work()
        except DATABASE_AWAY:
            log.warning("the database is away; a note waits", pause=pause)
            time.sleep(pause)
            pause = min(pause * 2, 5.0)


def noted(work: Callable[[], Result]) -> Result:
    """The same in a transaction of its own."""

    def whole() -> Result:
        with transaction():
            return work()

    return surely(whole)


def put_off(token: str, letter: Letter, reason: str) -> bool:
    """Try again later; False when it was tried often enough and failed for good."""
    wait = carriers.of(letter.channel).tries.wait_after(letter.attempts + 1)
    if wait is None:
        log.error("a letter failed for good", letter=letter.id, kind=letter.kind, reason=reason)
        end(token, letter, Status.FAILED, reason)
        return False
    pause = _with_jitter(wait)
    noted(lambda: claims.put_off(token, letter, reason, pause))
    return True


def put_off_in_doubt(token: str, letter: Letter, reason: str, *, is_silence: bool) -> None:
    """The server may have it. Whoever claims it next asks first, see `doubts`."""
    wait = _with_jitter(AFTER_SILENCE if is_silence else carriers.of(letter.channel).tries.waits[0])
    noted(lambda: claims.put_off(token, letter, reason, wait, doubts=1))


def end(token: str, letter: Letter, status: Status, reason: str) -> None:
    """It will not be sent."""
    noted(lambda: claims.mark_ended(token, letter, status, reason))


def refuse_address(token: str, letter: Letter, reason: str) -> None:
    """The server says that nobody can be reached there: this letter came back, and no other one is tried."""

    def work() -> int:
        ended = claims.mark_ended(token, letter, Status.BOUNCED, reason)
        carriers.of(letter.channel).refused(letter, reason)
        return ended

    noted(work)


def _with_jitter(wait: timedelta) -> timedelta:
    """Up to a fifth longer, so that what failed together does not come back together."""
    return wait * SystemRandom().uniform(1.0, 1.2)
