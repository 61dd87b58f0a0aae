"""Rate limits while Redis takes connections and says nothing."""

import socket
import time
from collections.abc import Iterator

import pytest
from limits.storage import storage_from_string
from redis.exceptions import RedisError

from campaign.core import counters
from campaign.core.counters import PATIENCE, Counters
from config import COUNTERS


@pytest.fixture
def silent() -> Iterator[Counters]:
    """The operating system takes the connections of this server; nobody reads them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        storage = storage_from_string(f"{COUNTERS}redis://127.0.0.1:{server.getsockname()[1]}/0")
        assert isinstance(storage, Counters)
        yield storage


def _seconds_of_failing(storage: Counters) -> float:
    began = time.monotonic()
    with pytest.raises(RedisError):
        storage.incr("somebody", 60)
    return time.monotonic() - began


def test_who_finds_out_waits_and_nobody_after(silent: Counters) -> None:
    assert PATIENCE * 0.9 < _seconds_of_failing(silent) < 0.9
    began = time.monotonic()
    assert not silent.check()
    assert _seconds_of_failing(silent) < PATIENCE / 2
    assert time.monotonic() - began < PATIENCE / 2


def test_after_its_rest_it_is_asked_again(silent: Counters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "REST", 0.0)
    _seconds_of_failing(silent)
    assert _seconds_of_failing(silent) > PATIENCE * 0.9
