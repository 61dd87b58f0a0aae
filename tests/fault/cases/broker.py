"""A3: the doorbell is emptied, is away, or takes connections and says nothing. Nothing in it matters."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from redis import Redis as Client
from redis.exceptions import RedisError

from tests.fault import visitors
from tests.fault.figures import Outcome, judged
from tests.fault.installation import Installation


def broker(
    home: Installation, *, trouble: str, letters: int, seconds: float, submissions: int, limit: float = 300
) -> Outcome:
    """`trouble` is `flushall`, `stop` or `freeze`; it begins while letters are due and lasts for these seconds."""
    assert home.redis is not None
    home.web()
    due = home.remind(letters, events=10, within=seconds)
    began = time.monotonic()
    home.worker(2)
    home.runner()
    home.beat()
    with _TROUBLES[trouble](home):
        visits = visitors.submit(home, submissions, over=seconds, name=f"{trouble}{letters}")
    home.until(home.is_done, limit)
    taken = [visit for visit in visits if visit.is_taken]
    due |= {visit.email: visit.at for visit in taken}
    slowest = max(visit.seconds for visit in visits)
    return judged(
        home,
        f"redis-{trouble}",
        began,
        due,
        figures={
            "away": f"{seconds:.0f} s",
            "submissions": len(visits),
            "p95": f"{visitors.slow(visits)} s",
            "slowest": f"{slowest:.2f} s",
        },
        all_answered=not [visit for visit in visits if not visit.is_taken],
        all_stored=visitors.stored(home, taken) == len(taken),
        under_a_second=slowest < 1.0,
    )


@contextmanager
def _emptied(home: Installation) -> Iterator[None]:
    """Emptied every tenth of a second."""
    assert home.redis is not None
    over = threading.Event()

    def flush() -> None:
        with Client.from_url(home.redis.url) as client:  # type: ignore[union-attr]
            while not over.wait(0.1):
                with suppress(RedisError):
                    client.flushall()

    thread = threading.Thread(target=flush)
    thread.start()
    yield
    over.set()
    thread.join()


@contextmanager
def _stopped(home: Installation) -> Iterator[None]:
    assert home.redis is not None
    home.redis.stop()
    yield
    home.redis.start()


@contextmanager
def _frozen(home: Installation) -> Iterator[None]:
    assert home.redis is not None
    home.redis.freeze()
    yield
    home.redis.thaw()


_TROUBLES: dict[str, Callable[[Installation], AbstractContextManager[None]]] = {
    "flushall": _emptied,
    "stop": _stopped,
    "freeze": _frozen,
}
