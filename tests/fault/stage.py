"""The smallest thing that sends: an empty database, the plain application, promised letters, and sender processes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess

from sqlalchemy import func, select

from campaign.core import clock
from campaign.core.db import Model, db, transaction
from campaign.mail import engine, models, service
from campaign.mail.engine import Tally
from campaign.mail.models import WAITING, Letter, Status
from campaign.mail.office import Office
from tests.fault import sender
from tests.fault.forks import FORKS
from tests.fault.plain import application

# Whatever the mail room keeps.
TABLES = [m.__table__ for m in Model.__subclasses__() if m.__module__ == models.__name__]
LEASE = 3.0


@contextmanager
def stage(database_url: str) -> Iterator[None]:
    """Tables in an empty database, inside an application context; all gone afterwards."""
    app = application(database_url)
    with app.app_context():
        Model.metadata.create_all(db.engine, tables=TABLES)
        try:
            yield
        finally:
            db.session.remove()
            Model.metadata.drop_all(db.engine, tables=TABLES)
            db.engine.dispose()


def promise(letters: int, *, last: float = 0.0, lead: float = 0.0) -> dict[str, datetime]:
    """Promise probes, half of them due after `lead` seconds, the others until `last`; answers who gets one when."""
    start, due = clock.now(), {}
    promises = []
    for number in range(letters):
        to = f"reader{number}@example.org"
        due[to] = start + timedelta(seconds=max(0.0, 2 * last * (number / letters - 0.5)) + lead)
        promises.append(service.Promise(key=f"probe:{number}", kind="probe", to=to, language="en", due_at=due[to]))
    with transaction():
        service.promise_all(promises)
    return due


def start_sender(database_url: str, smtp_url: str) -> BaseProcess:
    """A process that sends what is due, as if on a machine of its own: it knows nothing of the receipts of others."""
    process = FORKS.Process(target=sender.work, args=(database_url, smtp_url, LEASE))
    process.start()
    return process


@contextmanager
def senders(count: int, database_url: str, smtp_url: str) -> Iterator[list[BaseProcess]]:
    """So many sender processes; whatever is in the list at the end is ended."""
    alive = [start_sender(database_url, smtp_url) for _ in range(count)]
    try:
        yield alive
    finally:
        for process in alive:
            process.terminate()
        for process in alive:
            process.join(20)


def send(smtp_url: str) -> Tally:
    """Send what is due, in this process."""
    office = Office(smtp_url=smtp_url, mail_from="Calendar <calendar@example.org>")
    try:
        return engine.send_due(office, batch=20, lease=timedelta(seconds=LEASE))
    finally:
        db.session.remove()


def waiting() -> int:
    number = db.session.scalar(select(func.count()).select_from(Letter).where(Letter.status.in_(WAITING)))
    db.session.rollback()
    return number or 0


def statuses() -> dict[Status, int]:
    rows = db.session.execute(select(Letter.status, func.count()).group_by(Letter.status))
    counted = {status: number for status, number in rows}  # noqa: C416 - rows are not pairs to a type checker
    db.session.rollback()
    return counted


def until(is_true: Callable[[], bool], seconds: float = 120) -> bool:
    """Wait for something; False when it did not come."""
    ends = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True
