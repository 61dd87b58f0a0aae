"""Findings about the running installation; each says what is wrong and how to mend it."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.db import database_now, db, migrate
from campaign.mail.figures import Figures
from campaign.operations import alarms
from campaign.operations.alarms import clocks
from campaign.operations.findings import Finding, Severity, ask, fault_if
from campaign.places.models import City
from config import Settings

# What decides whether traffic is sent here; the rest is shown and does not take the site away.
NEEDED = ("database", "worker", "mail")


def readiness() -> list[Finding]:
    """What must hold before traffic is sent here, and the alarms that stand."""

    def mail() -> list[Finding]:
        return alarms.of_mail(alarms.now())

    return list(ask(database, mail))


def everything(settings: Settings, counted: Callable[[], Figures] = alarms.now) -> list[Finding]:
    """All that `doctor` and the operators' page look at; `counted` gives the figures, which are asked for once."""
    known = cache(counted)

    def mail() -> list[Finding]:
        return alarms.of_mail(known())

    def rules() -> list[Finding]:
        return alarms.time_zones(known(), clock.now())

    return list(ask(database, schema, mail, clocks, campaigns, gazetteer, lambda: uploads(settings), rules))


def is_ready(found: list[Finding]) -> bool:
    return not any(finding.is_fault and finding.subject in NEEDED for finding in found)


def database() -> Finding:
    now = database_now()
    return Finding(
        subject="database", severity=Severity.OK, state=f"{db.engine.dialect.name}, clock {now:%Y-%m-%dT%H:%M:%SZ}"
    )


def schema() -> Finding:
    """Whether the tables are those this version expects."""
    wanted = ScriptDirectory(str(Path(migrate.directory))).get_current_head()
    found = MigrationContext.configure(db.session.connection()).get_current_revision()
    return Finding(
        subject="schema",
        severity=fault_if(found != wanted),
        state=f"revision {found}" + ("" if found == wanted else f", expected {wanted}"),
        remedy="Run `flask db upgrade`.",
    )


def campaigns() -> Finding:
    number = db.session.scalar(select(func.count()).select_from(Campaign)) or 0
    return Finding(
        subject="campaigns",
        severity=fault_if(number == 0),
        state=str(number),
        remedy="Run `flask campaigns import FILE`, or `flask demo load` in development.",
    )


def gazetteer() -> Finding:
    number = db.session.scalar(select(func.count()).select_from(City)) or 0
    return Finding(
        subject="gazetteer", severity=fault_if(number == 0), state=f"{number} cities", remedy="Run `flask places load`."
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
        return Finding(subject="uploads", severity=Severity.FAULT, state=f"{folder}: {error.strerror}", remedy=remedy)
    return Finding(subject="uploads", severity=Severity.OK, state=str(folder))
