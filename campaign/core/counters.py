"""Where rate limits are counted when there is Redis: one that says nothing costs a request one short wait at most.

Whoever finds out that Redis is silent waits for it, `PATIENCE` long; for `REST` after that nobody asks it. Meanwhile
Flask-Limiter counts in the process, as it does whenever this storage fails.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from limits.storage import RedisStorage
from redis.exceptions import ConnectionError as Away
from redis.exceptions import RedisError

from config import COUNTERS

# Seconds.
PATIENCE, REST = 0.2, 5.0

Answer = TypeVar("Answer")


class Counters(RedisStorage):
    """Flask-Limiter finds it by the scheme of `RATELIMIT_STORAGE_URI`."""

    STORAGE_SCHEME = [f"{COUNTERS}redis", f"{COUNTERS}rediss"]

    def __init__(self, uri: str, **options: Any) -> None:
        self._rests_until = 0.0
        self._asking = threading.Lock()
        options |= {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
        super().__init__(uri.removeprefix(COUNTERS), **options)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return self._ask(lambda: super(Counters, self).incr(key, expiry, amount))

    def get(self, key: str) -> int:
        return self._ask(lambda: super(Counters, self).get(key))

    def get_expiry(self, key: str) -> float:
        return self._ask(lambda: super(Counters, self).get_expiry(key))

    def check(self) -> bool:
        """Whether it is back. Asked within requests, so by one at a time, and by none while it rests."""
        if not self._asking.acquire(blocking=False):
            return False
        try:
            return bool(self._ask(self.get_connection().ping))
        except RedisError:
            return False
        finally:
            self._asking.release()

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        if time.monotonic() < self._rests_until:
            raise Away("it was silent a moment ago")
        try:
            return question()
        except RedisError:
            self._rests_until = time.monotonic() + REST
            raise
