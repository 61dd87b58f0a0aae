"""A whole installation of its own: servers, database, the processes that send, and readers who wait for letters."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from celery import Celery
from flask import Flask
from flask_migrate import upgrade
from kombu.exceptions import OperationalError
from sqlalchemy import create_engine, text

from campaign import create_app
from campaign.core import clock
from campaign.core.db import db
from config import Settings
from tests.fault import seed
from tests.fault.sink_process import SinkProcess
from tests.servers import postgres as postgres_servers
from tests.servers import redis as redis_servers
from tests.servers.postgres import Postgres
from tests.servers.redis import Redis

ROOT = Path(__file__).parents[2]
Process = subprocess.Popen[bytes]


@dataclass
class Installation:
    """Everything lives in `folder`; on SQLite jobs travel through the embedded broker. Made by `installed`."""

    engine: str
    folder: Path
    database_url: str
    sink: SinkProcess
    postgres: Postgres | None = None
    redis: Redis | None = None
    settings: dict[str, str] = field(default_factory=dict)
    alive: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.env: dict[str, str] = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONTZPATH": "",
            "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "fault-bytecode")),
            "ENVIRONMENT": "development",
            "DATABASE_URL": self.database_url,
            "SMTP_URL": self.sink.url,
            "REDIS_URL": self.redis.url if self.redis else "",
            "DATA_DIR": str(self.folder),
            "CLOCK_FILE": str(self.folder / "clock"),
            "LOG_LEVEL": "ERROR",
            "MAIL_FROM": "Remembrance Calendar <calendar@example.org>",
            **self.settings,
        }
        self.app: Flask = create_app(Settings.from_env(self.env))
        with self.app.app_context():
            upgrade()
        self._bell = Celery(broker=str(self.app.extensions["celery"].conf.broker_url), set_as_current=False)
        self._looking = create_engine(self.database_url)
        self._number = 0

    # What is promised

    def remind(self, letters: int, *, events: int = 1, within: float = 0.0) -> dict[str, datetime]:
        """Plan so many reminders, due within these seconds from the moment all are planned; who gets one when.

        The clock of the installation is set back for it, so that planning takes no time.
        """
        self._number += 1
        due: dict[str, datetime] = {}
        began = clock.now()
        with self.app.app_context():
            later = timedelta(seconds=3600)
            for number in range(events):
                at = began + later + timedelta(seconds=within * number / max(events - 1, 1))
                event_id = seed.publish(f"Evening of remembrance, {self._number}-{number}", at)
                mine = [f"reader{self._number}-{n}@example.org" for n in range(number, letters, events)]
                seed.follow(event_id, mine)
                due.update(dict.fromkeys(mine, at))
            db.session.remove()
        # Time goes on to where the first is due; the journal is written by the real clock.
        self.advance(later - (clock.now() - began))
        return {to: at - clock.offset() for to, at in due.items()}

    def advance(self, by: timedelta) -> None:
        """Move the clock of the whole installation on."""
        path = self.folder / "clock"
        now = float(path.read_text() or 0) if path.exists() else 0.0
        path.write_text(str(now + by.total_seconds()))

    # Who sends

    def worker(self, children: int) -> Process:
        """`celery worker` with its children, as a process group of its own."""
        options = ["--concurrency", str(children), "--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
        return self.start("celery", "-A", "wsgi:celery_app", "worker", *options)

    def runner(self) -> Process:
        """`flask reminders run`, the sender that needs no broker."""
        return self.start("flask", "--app", "wsgi", "reminders", "run")

    def beat(self) -> Process:
        return self.start("celery", "-A", "wsgi:celery_app", "beat", "--loglevel", "ERROR", "--pidfile", "")

    def ring(self) -> None:
        """What beat does every 15 seconds; like there, a tick that is lost is no matter."""
        with contextlib.suppress(OperationalError, OSError):
            self._bell.send_task("mail.send_due", expires=60, retry=False)

    def start(self, module: str, *words: str, env: Mapping[str, str] | None = None) -> Process:
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", module, *words]
            environment = {**self.env, **(env or {})}
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, start_new_session=True, stdout=log, stderr=log
            )
        self.alive.append(process)
        return process

    def kill(self, *processes: Process) -> None:
        """SIGKILL to these and all their children at once, as when a machine dies."""
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in processes:
            process.wait()
            self.alive.remove(process)

    # What can be seen from outside

    def waiting(self) -> int:
        with self._looking.connect() as connection:
            number = text("select count(*) from letters where status in ('pending', 'sending')")
            return int(connection.execute(number).scalar_one())

    def statuses(self) -> dict[str, int]:
        with self._looking.connect() as connection:
            rows = connection.execute(text("select status, count(*) from letters group by status"))
            return {str(status): int(number) for status, number in rows}

    def until(self, is_true: Callable[[], bool], seconds: float, *, rings: bool = False) -> bool:
        """Wait for something; False when it did not come. `rings`: beat is played meanwhile."""
        ends, rung = time.monotonic() + seconds, 0.0
        while not is_true():
            now = time.monotonic()
            if now > ends:
                return False
            if rings and now - rung > 0.5:
                self.ring()
                rung = now
            time.sleep(0.02)
        return True

    def close(self) -> None:
        self.kill(*list(self.alive))
        self._looking.dispose()
        self._bell.close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        clock.follow("")


@contextmanager
def installed(engine: str, **settings: str) -> Iterator[Installation]:
    """A fresh installation on this engine, gone afterwards; PostgreSQL comes with a Redis."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fault-", ignore_cleanup_errors=True)))
        sink = stack.enter_context(SinkProcess(folder))
        pg = stack.enter_context(postgres_servers.server()) if engine == "postgresql" else None
        bell = stack.enter_context(redis_servers.server()) if engine == "postgresql" else None
        url = pg.url if pg else f"sqlite:///{folder / 'campaign.sqlite'}"
        home = Installation(engine, folder, url, sink, pg, bell, dict(settings))
        stack.callback(home.close)
        yield home
