"""Kills the real processes, Celery worker and `reminders run`, again and again in the middle of their work."""

import random
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.fault.figures import Figures, read
from tests.fault.installation import Installation, kill
from tests.fault.sink import Sink

# Senders at work at one time: two children of a worker, one runner. Each may be caught between 250 and its mark.
SENDERS = {"worker": 2, "runner": 1}
# Longer than the lease of two minutes.
BEYOND_THE_LEASE = timedelta(minutes=3)


def run(
    folder: Path,
    *,
    case: str,
    database_url: str,
    redis_url: str = "",
    kinds: tuple[str, ...] = ("worker", "runner"),
    letters: int = 500,
    kills: int = 4,
    limit: float = 240,
) -> Figures:
    """Let senders of these kinds work through the letters, kill all of them so often, count what arrived."""
    with Sink(delay=0.02) as sink:
        home = Installation(folder, database_url=database_url, smtp_url=sink.url, redis_url=redis_url)
        try:
            due = home.prepare(letters)
            began = time.monotonic()
            amid = _fight(home, sink, kinds=kinds, kills=kills, ends=began + limit, letters=letters)
            return read(
                sink.journal,
                due,
                case=case,
                kills=kills,
                kills_amid_work=amid,
                most_duplicates=kills * sum(SENDERS[kind] for kind in kinds),
                unmarked=home.waiting(),
                seconds=round(time.monotonic() - began, 1),
            )
        finally:
            home.close()


def _fight(home: Installation, sink: Sink, *, kinds: tuple[str, ...], kills: int, ends: float, letters: int) -> int:
    """Answers how many kills hit while letters were arriving."""
    chance, amid = random.Random(2), 0
    start: dict[str, Callable[[], subprocess.Popen[bytes]]] = {"worker": home.worker, "runner": home.runner}
    share = max(3, letters // (kills + 2) // 2)
    alive = [start[kind]() for kind in kinds]
    try:
        for _ in range(kills):
            enough = len(sink.journal) + chance.randint(3, share)
            _until(lambda n=enough: len(sink.journal) >= n, ends, home)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.05))
            amid += time.time() - sink.journal[-1].at < 0.25
            for process in alive:
                kill(process)
            alive = [start[kind]() for kind in kinds]
        _until(lambda: home.waiting() == 0 or _is_quiet(sink), ends, home)
        home.advance(BEYOND_THE_LEASE)
        _until(lambda: home.waiting() == 0, ends, home)
    finally:
        for process in alive:
            kill(process)
    return amid


def _is_quiet(sink: Sink) -> bool:
    """Nobody sends: what was claimed by the living is sent, what is left belongs to the dead."""
    return time.time() - sink.journal[-1].at > 7


def _until(is_true: Callable[[], bool], ends: float, home: Installation) -> None:
    rung = 0.0
    while not is_true() and time.monotonic() < ends:
        if time.monotonic() - rung > 1:
            home.ring()
            rung = time.monotonic()
        time.sleep(0.02)
