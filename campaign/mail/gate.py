"""Whether a mail server may be spoken to now: it rests after a failure, and its rate is shared by all senders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom
from typing import Any

from sqlalchemy import select

from campaign.core.db import database_now, db, insert_or
from campaign.mail.models import MailHost

# How long a server that did not answer is left alone; longer each time, then every minute.
RESTS = tuple(timedelta(seconds=s) for s in (15, 30, 60))
# No sender books the rate further ahead than this: what it claimed would wait in its hands.
AHEAD = timedelta(seconds=5)
# What is noted of a server that refuses all readers (`refusals`), and with how many letters such a one is tried: if the
# fault is with some readers after all, others are among them.
REFUSES_ALL, SUSPECT_TRIES = "it refuses everybody", 20


@dataclass(frozen=True, slots=True)
class Entry:
    """How many letters may be claimed now. `is_probe`: the server failed before, and one letter shows if it works.

    `is_suspect`: it refused everybody then.
    """

    letters: int
    is_probe: bool = False
    is_resting: bool = False
    is_suspect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The gate to one server; `rate` in letters a second, 0 for no limit. All of it inside a transaction."""

    name: str
    rate: float = 0.0
    rests: Sequence[timedelta] = RESTS

    def enter(self, batch: int) -> Entry:
        """Ask before a claim; with a rate, nobody else books until the transaction ends."""
        host, now = self._host(), database_now()
        if host is not None and host.rests_until is not None and host.rests_until > now:
            return Entry(0, is_resting=True)
        if host is not None and host.failures:
            is_suspect = refuses_all(host)
            return Entry(min(batch, SUSPECT_TRIES) if is_suspect else 1, is_probe=True, is_suspect=is_suspect)
        if not self.rate:
            return Entry(batch)
        if host is not None and host.free_at is not None and host.free_at > now + AHEAD:
            return Entry(0)
        return Entry(min(batch, max(1, int(self.rate * AHEAD.total_seconds()))))

    def book(self, letters: int) -> float:
        """Use up the rate for so many letters; answers how many seconds to wait before the first."""
        if not self.rate or not letters:
            return 0.0
        host, now = self._host(), database_now()
        start = max(now, host.free_at) if host is not None and host.free_at else now
        self._set(free_at=start + timedelta(seconds=letters / self.rate))
        return (start - now).total_seconds()

    def probing(self) -> None:
        """One letter is on its way to show whether the server works; the others wait for the outcome."""
        self._set(rests_until=database_now() + RESTS[-1])

    def failed(self, error: str) -> None:
        """The server did not answer; let it rest."""
        host = self._host()
        failures = (host.failures if host else 0) + 1
        rest = self.rests[min(failures, len(self.rests)) - 1] * SystemRandom().uniform(1.0, 1.2)
        self._set(failures=failures, rests_until=database_now() + rest, last_error=error[:300])

    def worked(self) -> None:
        """The server answers again."""
        self._set(failures=0, rests_until=None, last_error="")

    def _host(self) -> MailHost | None:
        found = select(MailHost).where(MailHost.name == self.name).execution_options(populate_existing=True)
        return db.session.scalar(found.with_for_update() if self.rate else found)

    def _set(self, **values: Any) -> None:
        fresh = {"failures": 0, "rests_until": None, "free_at": None, "last_error": ""} | values
        row = insert_or(MailHost).values(name=self.name, **fresh)
        db.session.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))


def refuses_all(host: MailHost) -> bool:
    """Whether a server failed because it took nobody's letters."""
    return host.last_error.startswith(REFUSES_ALL)


def failing() -> Sequence[MailHost]:
    """The servers that failed last and were not seen working since."""
    return db.session.scalars(select(MailHost).where(MailHost.failures > 0).order_by(MailHost.name)).all()
