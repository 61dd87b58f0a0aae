"""`flask demo load`."""

import click
from flask import current_app
from flask.cli import AppGroup

from campaign.demonstration import loading

group = AppGroup("demo", help="The demonstration; never in production.")


@group.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is a campaign already.")
def load(if_empty: bool) -> None:
    """Load the demonstration campaigns, the archive, listings for the coming day and the sign-ins."""
    settings = current_app.extensions["settings"]
    if settings.is_production:
        raise click.ClickException("The demonstration is for development only; in production import your own campaign.")
    for line in loading.load(settings, if_empty=if_empty):
        click.echo(line)
