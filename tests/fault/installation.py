"""A whole installation of its own: database, settings, seeded reminders, and the real processes that send them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from celery import Celery
from kombu.exceptions import OperationalError
from sqlalchemy import create_engine, text

from campaign.core import clock

ROOT = Path(__file__).parents[2]
EVENTS = 5
# How long after the seeding the first and the last reminders fall due, in seconds.
FIRST, LAST = 1.0, 6.0


class Installation:
    """Everything lives in `folder`; without `redis_url` jobs travel through the embedded broker."""

    def __init__(self, folder: Path, *, database_url: str, smtp_url: str, redis_url: str = "") -> None:
        self.clock = folder / "clock"
        self.broker = redis_url or f"sqla+sqlite:///{folder / 'broker.sqlite'}"
        self.env = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONTZPATH": "",
            "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "fault-bytecode")),
            "ENVIRONMENT": "development",
            "DATABASE_URL": database_url,
            "SMTP_URL": smtp_url,
            "REDIS_URL": redis_url,
            "DATA_DIR": str(folder),
            "CLOCK_FILE": str(self.clock),
            "LOG_LEVEL": "ERROR",
            "MAIL_FROM": "Remembrance Calendar <calendar@example.org>",
        }
        self._engine = create_engine(database_url)
        self._bell = Celery(broker=self.broker, set_as_current=False)

    def prepare(self, letters: int) -> dict[str, datetime]:
        """Make the tables and a reminder for each of so many readers; answers who is to get one, and when."""
        self._flask("db", "upgrade")
        command = [sys.executable, "-m", "tests.fault.seed", str(letters), str(EVENTS), str(FIRST), str(LAST)]
        done = subprocess.run(command, cwd=ROOT, env=self.env, check=True, capture_output=True, text=True)
        return {to: datetime.fromisoformat(at) for to, at in json.loads(done.stdout.splitlines()[-1]).items()}

    def worker(self) -> subprocess.Popen[bytes]:
        """`celery worker` with two children, as a process group of its own."""
        options = ["--concurrency", "2", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
        return self._start("celery", "-A", "wsgi:celery_app", "worker", *options)

    def runner(self) -> subprocess.Popen[bytes]:
        """`flask reminders run`, the sender that needs no broker."""
        return self._start("flask", "--app", "wsgi", "reminders", "run")

    def ring(self) -> None:
        """What beat does every 15 seconds; like there, a tick that is lost is no matter."""
        with contextlib.suppress(OperationalError):
            self._bell.send_task("mail.send_due", expires=60)

    def advance(self, by: timedelta) -> None:
        """Move the clock of the whole installation, so that abandoned leases end now and not in two minutes."""
        self.clock.write_text(str(by.total_seconds()))

    def waiting(self) -> int:
        with self._engine.connect() as connection:
            number = text("select count(*) from letters where status in ('pending', 'sending')")
            return int(connection.execute(number).scalar_one())

    def close(self) -> None:
        self._engine.dispose()
        self._bell.close()

    def _flask(self, *words: str) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        subprocess.run(command, cwd=ROOT, env=self.env, check=True, capture_output=True)

    def _start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        command = [sys.executable, "-m", module, *words]
        return subprocess.Popen(command, cwd=ROOT, env=self.env, start_new_session=True, **quiet)  # type: ignore[call-overload, no-any-return]


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the process and all its children at once, as when a machine dies."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def instants(count: int, first: float, last: float) -> list[datetime]:
    """So many instants from now on, evenly spread over these seconds."""
    now = clock.now()
    step = (last - first) / max(count - 1, 1)
    return [now + timedelta(seconds=first + step * number) for number in range(count)]
