"""`flask doctor` and `flask places load`."""

import click
from flask import current_app
from flask.cli import AppGroup

from campaign.core.db import transaction
from campaign.operations import health
from campaign.operations.findings import Severity
from campaign.places import service as places

places_group = AppGroup("places", help="The gazetteer of this installation.")


WORDS = {Severity.OK: "ok   ", Severity.WARNING: "WARN ", Severity.FAULT: "FAULT"}


@click.command("doctor")
def doctor() -> None:
    """Say what is wrong with this installation and how to mend it; exit 1 on a fault, not on a warning."""
    found = health.everything(current_app.extensions["settings"])
    for finding in found:
        click.echo(f"{WORDS[finding.severity]} {finding.subject}: {finding.state}")
        if not finding.is_ok and finding.remedy:
            click.echo(f"      {finding.remedy}")
    if any(finding.is_fault for finding in found):
        raise SystemExit(1)


@places_group.command("load")
def load() -> None:
    """Write the cities of the gazetteer into the database; running it again changes nothing."""
    with transaction():
        number = places.load_cities()
    click.echo(f"cities {number}")
