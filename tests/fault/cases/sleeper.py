"""A10: a sender is put to sleep in the middle of its work and wakes when others have long taken over."""

import signal
import time
from datetime import timedelta

from tests.fault.figures import Outcome, judged
from tests.fault.installation import Installation

BEYOND_THE_LEASE = timedelta(minutes=3)


def sleeper(home: Installation, *, letters: int, limit: float = 600) -> Outcome:
    """SIGSTOP for longer than a lease, before it hears that a letter was taken: that one comes twice, no other.

    Not in a transaction: on SQLite nobody else can write until such a sleeper wakes or is killed.
    """
    due = home.remind(letters)
    home.sink.be("delay", 500)
    began, size = time.monotonic(), home.sink.size
    asleep = home.runner()
    home.until(lambda: home.sink.size > size, 60)
    home.signal(asleep, signal.SIGSTOP)
    home.sink.be("usual")
    if home.is_brisk:
        home.advance(BEYOND_THE_LEASE)
    home.runner()
    home.until(home.is_done, limit)
    taken_over = home.waiting() == 0
    home.signal(asleep, signal.SIGCONT)
    time.sleep(1.0)
    figures = {"lost leases noted": home.log().count("lost the lease")}
    return judged(home, "sigstop-sender", began, due, figures=figures, most_duplicates=1, taken_over=taken_over)
