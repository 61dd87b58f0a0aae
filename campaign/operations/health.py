"""Findings about the running installation; each says what is wrong and how to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from campaign.campaigns.models import Campaign
from campaign.core.db import database_now, db, migrate
from campaign.mail import queries as letters
from campaign.places import zones
from campaign.places.models import City
from config import Settings

# A worker shows itself every 30 seconds; three missed signs are a fault.
SILENCE = timedelta(seconds=100)
# Letters leave within 15 seconds of their hour; five minutes is when somebody should look.
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `remedy` is what to do when `is_fault`."""

    subject: str
    is_fault: bool
    state: str
    remedy: str = ""


def readiness() -> list[Finding]:
    """What must hold before traffic is sent here: database, worker, mail."""
    return list(_ask(database, worker, mail))


def everything(settings: Settings) -> list[Finding]:
    """All that `doctor` looks at."""
    return list(_ask(database, schema, worker, mail, campaigns, gazetteer, lambda: uploads(settings), time_zones))


def _ask(*questions: Callable[[], Finding]) -> Iterator[Finding]:
    for question in questions:
        try:
            yield question()
        except SQLAlchemyError as error:
            db.session.rollback()
            yield Finding(
                subject=getattr(question, "__name__", "check"),
                is_fault=True,
                state=f"the database gave no answer ({type(error).__name__})",
                remedy="Check DATABASE_URL and that the server runs; then run `flask db upgrade`.",
            )


def database() -> Finding:
    now = database_now()
    return Finding(
        subject="database", is_fault=False, state=f"{db.engine.dialect.name}, clock {now:%Y-%m-%dT%H:%M:%SZ}"
    )


def schema() -> Finding:
    """Whether the tables are those this version expects."""
    wanted = ScriptDirectory(str(Path(migrate.directory))).get_current_head()
    found = MigrationContext.configure(db.session.connection()).get_current_revision()
    return Finding(
        subject="schema",
        is_fault=found != wanted,
        state=f"revision {found}" + ("" if found == wanted else f", expected {wanted}"),
        remedy="Run `flask db upgrade`.",
    )


def worker() -> Finding:
    seen = letters.last_seen("worker")
    age = database_now() - seen if seen else None
    return Finding(
        subject="worker",
        is_fault=age is None or age > SILENCE,
        state="never seen" if age is None else f"seen {max(0, int(age.total_seconds()))} s ago",
        remedy="Start the Celery worker with beat, or `flask reminders run`.",
    )


def mail() -> Finding:
    late = letters.longest_overdue()
    failed = letters.counts().get("failed", 0)
    return Finding(
        subject="mail",
        is_fault=late > PATIENCE,
        state=f"longest overdue {int(late.total_seconds())} s, failed for good {failed}",
        remedy="Check SMTP_URL and the worker; `flask mail list --status failed` names what failed.",
    )


def campaigns() -> Finding:
    number = db.session.scalar(select(func.count()).select_from(Campaign)) or 0
    return Finding(
        subject="campaigns",
        is_fault=number == 0,
        state=str(number),
        remedy="Run `flask campaigns import FILE`, or `flask demo load` in development.",
    )


def gazetteer() -> Finding:
    number = db.session.scalar(select(func.count()).select_from(City)) or 0
    return Finding(
        subject="gazetteer", is_fault=number == 0, state=f"{number} cities", remedy="Run `flask places load`."
    )


def uploads(settings: Settings) -> Finding:
    folder = Path(settings.uploads)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        remedy = "Give the process the right to write there, or set UPLOADS."
        return Finding(subject="uploads", is_fault=True, state=f"{folder}: {error.strerror}", remedy=remedy)
    return Finding(subject="uploads", is_fault=False, state=str(folder))


def time_zones() -> Finding:
    return Finding(subject="time zones", is_fault=False, state=f"tzdata {zones.tz_version()}")
