"""`flask reminders plan`; the other commands of the group are the mail room's."""

import json

import click
from flask.cli import with_appcontext

from campaign.reminders.nightly import plan_all


@click.command("plan")
@with_appcontext
def plan() -> None:
    """Derive every reminder again; in a healthy installation nothing has to change."""
    click.echo(json.dumps({"new": plan_all()}))
