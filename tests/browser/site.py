"""The whole installation as an operator starts it, with a real mail server and a movable clock."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from config import ROOT
from tests.servers import clock as clocks
from tests.servers import mailbox as mail_servers
from tests.servers.certificates import write_key
from tests.servers.ports import free_port

PATIENCE = 240.0


@dataclass
class Site:
    """A running installation; `clock` is the file its processes read the offset of their clock from."""

    url: str
    mailbox: mail_servers.Mailbox
    clock: Path
    log: Path

    def set_clock(self, moment: datetime) -> None:
        """Every process of the installation now believes it is `moment`."""
        clocks.set_offset(self.clock, moment - datetime.now(UTC))

    def reset_clock(self) -> None:
        clocks.set_offset(self.clock, timedelta())

    def letter(self, to: str, accept: Callable[[EmailMessage], bool], patience: float = 60) -> EmailMessage:
        """The newest letter to this address that is accepted; waits for it to arrive."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for message in reversed(self.mailbox.to(to)):
                if accept(message):
                    return message
            time.sleep(0.2)
        subjects = [str(m["Subject"]) for m in self.mailbox.to(to)]
        raise AssertionError(f"no such letter to {to}; there are {subjects}")


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """Start everything with the demonstration loaded; all of it is gone afterwards."""
    port = free_port()
    box, controller = mail_servers.serve()
    clock, log = folder / "clock", folder / "log"
    clocks.set_offset(clock, timedelta())
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "TEST_DATABASE_URL")}
    env |= {"PORT": str(port), "DATA_DIR": str(folder / "data"), "SMTP_URL": box.url}
    env |= {"CLOCK_FILE": str(clock), "ENVIRONMENT": "development", "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    env |= {"PUSH_KEY": str(write_key(folder / "push.pem"))}
    site = Site(f"http://127.0.0.1:{port}", box, clock, log)
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "campaign.supervisor"], cwd=ROOT, env=env, stdout=sink, stderr=sink
        )
        try:
            _wait(site, process)
            yield site
        finally:
            process.terminate()
            process.wait(timeout=30)
            controller.stop()


def _wait(site: Site, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{site.url}/readyz", timeout=5) as answer:
                if json.load(answer)["status"] == "ready":
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.5)
    raise AssertionError(f"the installation did not get ready:\n{site.log.read_text()[-4000:]}")


def coming_day() -> datetime:
    """The next 26 February at noon, UTC; as the demonstration sees it."""
    now = datetime.now(UTC)
    this_year = now.replace(month=2, day=26, hour=12, minute=0, second=0, microsecond=0)
    return this_year if this_year.date() >= now.date() else this_year.replace(year=now.year + 1)
