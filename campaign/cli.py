"""Every operator command in one list."""

from functools import partial
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from campaign.accounts.cli import accounts_group
from campaign.calendar.cli import group as calendar_group
from campaign.campaigns.cli import group as campaigns_group
from campaign.demonstration.cli import group as demonstration_group
from campaign.events.cli import group as events_group
from campaign.events.cli import retiming
from campaign.mail.cli import mail_group, reminders_group
from campaign.operations.cli import doctor, places_group
from campaign.operations.rounds import do_due
from campaign.organizations.cli import organizations_group
from campaign.places.moments import before
from campaign.privacy.cli import data_group
from campaign.reminders.cli import plan
from campaign.reminders.nightly import plan_by_new_rules
from campaign.review.cli import group as review_group

# What drivers say of a server that is away, and of a database without tables.
_AWAY = ("no such table", "does not exist", "unable to open", "connection failed", "could not connect")


def init_app(app: Flask) -> None:
    reminders = reminders_group(before, do_due)
    reminders.add_command(plan)
    events_group.add_command(retiming(plan_by_new_rules))
    for command in (
        accounts_group,
        calendar_group,
        campaigns_group,
        data_group,
        demonstration_group,
        doctor,
        events_group,
        mail_group(),
        organizations_group,
        places_group,
        reminders,
        review_group,
    ):
        if not isinstance(command.invoke, partial):  # Commands outlive an application; tests make several.
            command.invoke = partial(_plainly, command.invoke)  # type: ignore[method-assign]
        app.cli.add_command(command)


def _plainly(invoke: Any, context: click.Context) -> Any:
    """A database that is away or has no tables yet is one sentence; any other fault keeps its traceback."""
    try:
        return invoke(context)
    except DBAPIError as error:
        said = str(error.orig).strip().partition("\n")[0]
        if not (error.connection_invalidated or any(sign in said for sign in _AWAY)):
            raise
        advice = "Check DATABASE_URL and that the server runs, then run `flask --app wsgi db upgrade`."
        raise click.ClickException(f"The database cannot be used: {said}. {advice}") from None
