"""`make run`: prepares the database, starts web, worker and scheduler, waits for all, and stops them cleanly."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from urllib.error import URLError
from urllib.request import Request, urlopen

from campaign.demonstration.people import SIGN_INS
from config import ROOT, Settings, SettingsError

PATIENCE = 90.0
GRACE = 15.0
RESTARTS = 5
_PR_SET_PDEATHSIG = 1


def commands(settings: Settings, port: int, host: str) -> dict[str, list[str]]:
    """The processes of one installation, by name."""
    celery = [sys.executable, "-m", "celery", "-A", "wsgi:celery_app"]
    # What the servers say about themselves is for whoever asks; the application keeps its own level.
    level = os.environ.get("LOG_LEVEL", "warning").lower()
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", "2", "--blocking-threads", "4", "--log-level", level, "wsgi:app"]
    return {
        "web": web,
        "worker": [
            *celery,
            "worker",
            "--concurrency",
            "1",
            "--loglevel",
            level,
            "--without-gossip",
            "--without-mingle",
        ],
        "scheduler": [*celery, "beat", "--loglevel", level, "--pidfile", ""],
    }


@dataclass
class Supervisor:
    """Keeps the processes running: one that ends is started again, one that ends again and again ends everything."""

    commands: Mapping[str, Sequence[str]]
    env: Mapping[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    restarts: int = 0
    is_stopping: bool = False

    def start(self) -> None:
        for name in self.commands:
            self._start(name)

    def _start(self, name: str) -> None:
        self.processes[name] = subprocess.Popen(
            self.commands[name], cwd=ROOT, env=dict(self.env), start_new_session=True, preexec_fn=_end_with_parent
        )

    def tend(self) -> bool:
        """Restart what ended; False when it is no use."""
        for name, process in self.processes.items():
            if process.poll() is not None and not self.is_stopping:
                self.restarts += 1
                if self.restarts > RESTARTS:
                    _say(f"{name} keeps ending (exit code {process.returncode}); stopping.")
                    return False
                _say(f"{name} ended with exit code {process.returncode}; starting it again.")
                time.sleep(1)
                self._start(name)
        return True

    def stop(self) -> None:
        """End all at once; whoever is not done after GRACE seconds is killed."""
        self.is_stopping = True
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + GRACE
        for process in self.processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _end_with_parent() -> None:
    """Linux: a supervisor that is killed takes its processes along."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _say(text: str) -> None:
    print(text, flush=True)


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _prepare(settings: Settings, env: Mapping[str, str]) -> None:
    """Bring the schema up to date and, in development, fill an empty database."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for leftover in settings.data_dir.glob("broker.sqlite*"):
        # The embedded broker only rings; whatever is due stands in the database.
        leftover.unlink()
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    steps = [[*flask, "db", "upgrade"]]
    if not settings.is_production:
        steps.append([*flask, "demo", "load", "--if-empty"])
    for step in steps:
        subprocess.run(step, cwd=ROOT, env=dict(env), check=True)


def _is_ready(url: str) -> bool:
    try:
        with urlopen(Request(f"{url}/readyz", headers={"Accept": "application/json"}), timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _announce(settings: Settings, url: str) -> None:
    _say(f"\nReady: {url}/")
    if settings.is_production:
        return
    _say(
        f"Letters are kept on {url}/outbox/" if not settings.smtp_url else f"Letters go to {_masked(settings.smtp_url)}"
    )
    _say(f"Sign-ins of the demonstration (password {settings.demo_password!r}):")
    for email in SIGN_INS:
        _say(f"  {email}")
    _say("Ctrl-C stops everything.")


def _masked(smtp_url: str) -> str:
    return smtp_url.rpartition("@")[2] or smtp_url


def main() -> int:
    """Run until a signal comes. Answers the exit code."""
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        _say(str(error))
        return 1
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000)
    if not _is_free(host, port):
        _say(f"Port {port} is in use. Stop what runs there, or choose another: PORT={port + 1} make run")
        return 1
    env = {**os.environ, "PYTHONTZPATH": "", "DATA_DIR": str(settings.data_dir)}
    try:
        _prepare(settings, env)
    except subprocess.CalledProcessError as error:
        _say(f"Could not prepare the database (exit code {error.returncode}). `flask doctor` says what is wrong.")
        return 1
    supervisor = Supervisor(commands(settings, port, host), env)
    return _run(supervisor, settings, f"http://{host}:{port}")


def _run(supervisor: Supervisor, settings: Settings, url: str) -> int:
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    supervisor.start()
    began, is_announced = time.monotonic(), False
    try:
        while not asked:
            if not supervisor.tend():
                return 1
            if not is_announced and _is_ready(url):
                _announce(settings, url)
                is_announced = True
            elif not is_announced and time.monotonic() - began > PATIENCE:
                _say(f"Not ready after {PATIENCE:.0f} seconds; {url}/readyz says why.")
                is_announced = True
            time.sleep(0.5)
    finally:
        supervisor.stop()
    _say("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
