"""Web servers of this run: each serves one application on a port of its own and is gone afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil

from benchmarks import load
from benchmarks.load import Speed
from config import ROOT
from tests.servers.ports import free_port

WORKERS, THREADS = 2, 4
PATIENCE = 120.0
MEGABYTE = 1024 * 1024
_NGINX = """daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes {workers};
events {{ worker_connections 1024; }}
http {{ access_log off; default_type text/html; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
server {{ listen 127.0.0.1:{port}; root {folder}/files; }} }}
"""


class Served:
    """A running server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.url = f"http://127.0.0.1:{port}"

    def memory(self) -> float:
        """Megabytes that belong to its processes alone (USS)."""
        main = psutil.Process(self.process.pid)
        return sum(one.memory_full_info().uss for one in (main, *main.children(recursive=True))) / MEGABYTE

    def ask(self, path: str, *, connections: int, seconds: float, is_slow: bool = False) -> Speed:
        """The speed of an address, and what an answer costs the processes here."""
        before = self._cpu()
        speed = load.ask(self.url + path, connections=connections, seconds=seconds, is_slow=is_slow)
        return replace(speed, cpu=(self._cpu() - before) * 1000 / max(1, speed.answers))

    def _cpu(self) -> float:
        main = psutil.Process(self.process.pid)
        times = [one.cpu_times() for one in (main, *main.children(recursive=True))]
        return float(sum(one.user + one.system for one in times))

    @contextmanager
    def highest(self) -> Iterator[list[float]]:
        """The most memory that was seen inside, in a list of one."""
        most, is_over = [self.memory()], Event()

        def look() -> None:
            while not is_over.wait(0.02):
                most[0] = max(most[0], self.memory())

        looking = Thread(target=look)
        looking.start()
        try:
            yield most
        finally:
            is_over.set()
            looking.join()


def granian(application: str, port: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--log-level", "error"]
    return [*command, application]


@contextmanager
def serving(application: str, environment: Mapping[str, str]) -> Iterator[Served]:
    """The server of our installations with this application, as `campaign.supervisor` starts it."""
    port = free_port()
    own = {**environment, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    with running(granian(application, port), port, own) as served:
        yield served


@contextmanager
def nginx(sizes: Sequence[int]) -> Iterator[Served | None]:
    """The third yardstick: the same number of bytes from files named by it; None where there is no nginx."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        yield None
        return
    port = free_port()
    with TemporaryDirectory(prefix="nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "files").mkdir()
        for size in {1, *sizes}:
            (folder / "files" / str(size)).write_bytes(b"x" * size)
        (folder / "conf").write_text(_NGINX.format(folder=folder, workers=WORKERS, port=port))
        with running([program, "-c", str(folder / "conf")], port, {}, ready="/1") as served:
            yield served


@contextmanager
def running(command: Sequence[str], port: int, environment: Mapping[str, str], *, ready: str = "/") -> Iterator[Served]:
    """Start a command, wait until it answers, and stop it."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=dict(environment) or None, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        served = Served(process, port)
        _wait(process, served.url + ready)
        yield served
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):  # Whoever of its processes is still there goes now.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server of {url} ended with exit code {process.returncode}")
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except HTTPError:  # It answers, whatever it says.
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")
