"""A whole installation of its own: servers, database, the processes that send, and readers who wait for letters."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from celery import Celery
from flask import Flask
from flask_migrate import upgrade
from kombu.exceptions import OperationalError
from sqlalchemy import Select, create_engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from campaign import create_app
from campaign.calendar import versions
from campaign.core import clock
from campaign.core.db import db
from campaign.core.security import limiter
from campaign.mail.models import WAITING, Letter
from config import Settings
from tests.fault import roles, seed
from tests.fault.forks import FORKS
from tests.fault.sink_process import SinkProcess
from tests.servers import clock as clocks
from tests.servers import postgres as postgres_servers
from tests.servers import redis as redis_servers
from tests.servers.ports import free_port
from tests.servers.postgres import Postgres
from tests.servers.redis import Redis

ROOT = Path(__file__).parents[2]


@dataclass
class Installation:
    """Everything lives in `folder`; on SQLite jobs travel through the embedded broker. Made by `installed`.

    A `brisk` one is for small cases: senders look more often, the mail server is waited for less, and where a lease or
    a rest must end, the clock of the installation is moved on.
    """

    engine: str
    folder: Path
    database_url: str
    sink: SinkProcess
    postgres: Postgres | None = None
    redis: Redis | None = None
    is_brisk: bool = False
    alive: list[BaseProcess] = field(default_factory=list)
    # The readers of each event that was published last, and the short name of the newest.
    readers: dict[int, list[str]] = field(default_factory=dict)
    ref: str = ""

    def __post_init__(self) -> None:
        self.port = free_port()
        self.env: dict[str, str] = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONTZPATH": "",
            "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "fault-bytecode")),
            "ENVIRONMENT": "development",
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "PROXIES": "1",
            "DATABASE_URL": self.database_url,
            "SMTP_URL": self.sink.url,
            "REDIS_URL": self.redis.url if self.redis else "",
            "DATA_DIR": str(self.folder),
            "CLOCK_FILE": str(self.folder / "clock"),
            "LOG_LEVEL": "ERROR",
            "MAIL_FROM": "Remembrance Calendar <calendar@example.org>",
        }
        self.app: Flask = create_app(Settings.from_env(self.env))
        with self.app.app_context():
            upgrade()
            db.engine.dispose()
        self._bell = Celery(broker=str(self.app.extensions["celery"].conf.broker_url), set_as_current=False)
        self._looking = create_engine(self.database_url, pool_pre_ping=True)
        self._web: subprocess.Popen[bytes] | None = None
        self._number, self._last = 0, clock.now()

    # What is promised

    def remind(
        self, letters: int, *, events: int = 1, within: float = 0.0, to: Sequence[str] = ()
    ) -> dict[str, datetime]:
        """Plan so many reminders, due within these seconds from the moment all are planned; who gets one when.

        The clock of the installation is set back for it, so that planning takes no time. `to`: readers that are known
        already, instead of new ones.
        """
        self._number += 1
        due: dict[str, datetime] = {}
        began, later = clock.now(), timedelta(seconds=3600)
        addresses = list(to) or [f"reader{self._number}-{n}@example.org" for n in range(letters)]
        self.readers = {}
        with self.app.app_context():
            for number in range(events):
                at = began + later + timedelta(seconds=within * number / max(events - 1, 1))
                event_id, self.ref = seed.publish(f"Evening of remembrance, {self._number}-{number}", at)
                self.readers[event_id] = addresses[number::events]
                seed.follow(event_id, self.readers[event_id])
                due.update(dict.fromkeys(self.readers[event_id], at))
            db.session.remove()
        self._last = began + later + timedelta(seconds=within)
        # Time goes on to where the first is due; the journal is written by the real clock.
        self.advance(later - (clock.now() - began))
        return {to: at - clock.offset() for to, at in due.items()}

    def advance(self, by: timedelta) -> None:
        """Move the clock of the whole installation on."""
        file = self.folder / "clock"
        clocks.set_offset(file, clocks.offset(file) + by)

    # Who sends, and who answers

    def runner(self, *, astray: float = 0.0) -> BaseProcess:
        """`flask reminders run`, the sender that needs no broker."""
        return self.start(roles.runner, every=0.4 if self.is_brisk else 0.0, astray=astray, **self._patience())

    def worker(self, children: int) -> BaseProcess:
        """`celery worker` with its children, as a process group of its own."""
        return self.start(roles.worker, children, **self._patience())

    def beat(self) -> BaseProcess:
        return self.start(roles.beat, len(self.alive), every=0.5 if self.is_brisk else 0.0)

    def _patience(self) -> dict[str, float]:
        return {"patience": 2.0} if self.is_brisk else {}

    def start(self, role: Callable[..., None], *words: object, **more: object) -> BaseProcess:
        process = FORKS.Process(target=role, args=(dict(self.env), str(self.folder / "log"), *words), kwargs=more)
        process.start()
        self.alive.append(process)
        return process

    def kill(self, *processes: BaseProcess) -> None:
        """SIGKILL to these and all their children at once, as when a machine dies."""
        for process in processes:
            self.signal(process, signal.SIGKILL)
        for process in processes:
            process.join()
            self.alive.remove(process)

    def signal(self, process: BaseProcess, number: signal.Signals) -> None:
        """To a process and its children; to itself alone where it has only just begun."""
        assert process.pid is not None
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, number)

    def web(self) -> None:
        """The web server, once; it goes on until the end."""
        if self._web is not None:
            return
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", "1", "--blocking-threads", "4", "wsgi:app"]
        with (self.folder / "log").open("ab") as log:
            self._web = subprocess.Popen(
                command, cwd=ROOT, env=self.env, start_new_session=True, stdout=log, stderr=log
            )
        assert self.until(self._is_answering, 90), "the web server does not start"

    def _is_answering(self) -> bool:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).status == 200
        return False

    def ring(self) -> None:
        """What beat does every 15 seconds; like there, a tick that is lost is no matter."""
        with contextlib.suppress(OperationalError, OSError):
            self._bell.send_task("mail.send_due", expires=60, retry=False)

    # What can be seen from outside

    def ask(self, question: str, **about: Any) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with self._looking.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question), about)]

    def waiting(self) -> int:
        """Letters whose hour has come and that have not ended."""
        return int(self._about_waiting(select(func.count()).select_from(Letter)) or 0)

    def _about_waiting(self, question: Select[Any]) -> Any:
        due = (Letter.status.in_(WAITING), Letter.due_at <= clock.now())
        with self._looking.connect() as connection:
            return connection.execute(question.where(*due)).scalar()

    def statuses(self) -> dict[str, int]:
        return {
            str(status): int(number) for status, number in self.ask("select status, count(*) from letters group by 1")
        }

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

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

    def is_done(self) -> bool:
        """Whether the hour of all has come and nothing waits; a database that is away says no."""
        try:
            # Not counted: to ask must cost the database nothing while it is measured.
            return clock.now() > self._last and self._about_waiting(select(Letter.id).limit(1)) is None
        except SQLAlchemyError:
            return False

    def close(self) -> None:
        self.kill(*list(self.alive))
        if self._web is not None:
            os.killpg(self._web.pid, signal.SIGKILL)
            self._web.wait()
        self._looking.dispose()
        self._bell.close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        # What making an application sets for the whole process is as other tests want it again.
        clock.follow("")
        versions.keep_for(0)
        limiter.enabled = False


@contextmanager
def installed(engine: str, *, is_brisk: bool = False) -> Iterator[Installation]:
    """A fresh installation on this engine, gone afterwards; PostgreSQL comes with a Redis."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fault-", ignore_cleanup_errors=True)))
        sink = stack.enter_context(SinkProcess(folder))
        pg = stack.enter_context(postgres_servers.server(is_durable=True)) if engine == "postgresql" else None
        bell = stack.enter_context(redis_servers.server()) if engine == "postgresql" else None
        url = pg.url if pg else f"sqlite:///{folder / 'campaign.sqlite'}"
        home = Installation(engine, folder, url, sink, pg, bell, is_brisk)
        stack.callback(home.close)
        yield home
