"""A7: two schedulers ring, or none does."""

import time

from tests.fault.figures import Outcome, judged
from tests.fault.installation import Installation


def two_beats(home: Installation, *, letters: int, seconds: float, limit: float = 300) -> Outcome:
    """Two machines were set up as the one that rings; every letter is due once all the same."""
    due = home.remind(letters, events=10, within=seconds)
    began = time.monotonic()
    home.worker(3)
    home.beat()
    home.beat()
    home.until(home.is_done, seconds + limit)
    return judged(home, "two-beats", began, due, figures={"children": 3})


def no_beat(home: Installation, *, letters: int, seconds: float, limit: float = 300) -> Outcome:
    """Nobody rings; `reminders run` looks by itself."""
    due = home.remind(letters, events=10, within=seconds)
    began = time.monotonic()
    home.worker(1)
    home.runner()
    home.until(home.is_done, seconds + limit)
    return judged(home, "no-beat", began, due, figures={"away": f"{seconds:.0f} s"}, most_late=60.0)
