"""Operator commands about people."""

import click
from flask import current_app
from flask.cli import AppGroup

from campaign.accounts import service
from campaign.accounts.tokens import Links
from campaign.core.db import transaction
from campaign.core.faults import Invalid

accounts_group = AppGroup("accounts", help="People and administrators.")


@accounts_group.command("create-admin")
@click.argument("email")
def create_admin(email: str) -> None:
    """Make EMAIL an administrator and print a one-time link that sets the password (one hour)."""
    links = Links.of(current_app.extensions["settings"])
    try:
        with transaction():
            link = service.create_admin(email, links)
    except Invalid as invalid:
        raise click.ClickException(" ".join(str(p) for p in invalid.problems.values())) from None
    click.echo(link)
