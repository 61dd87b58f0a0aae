"""`flask data export` and `flask data purge`."""

import json

import click
from flask.cli import AppGroup

from campaign.accounts.models import Person
from campaign.accounts.service import normal_email
from campaign.core import clock
from campaign.core.db import db, transaction
from campaign.core.faults import Conflict, Invalid
from campaign.privacy import queries, service
from campaign.privacy.queries import Subject

data_group = AppGroup("data", help="What is kept about people.")


@data_group.command("export")
@click.argument("person")
def export(person: str) -> None:
    """Print all that is kept about PERSON, an address or the number of an account, as one JSON document."""
    subject = _subject(person)
    found = queries.holdings(subject)
    document = {"about": subject.email, "at": clock.now().isoformat(timespec="seconds"), "kept": found}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@data_group.command("purge")
@click.argument("person", required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(person: str | None, *, yes: bool) -> None:
    """Erase what is older than its term; with PERSON, an address or the number of an account, all about that one.

    The answer says what is left, such as the wish never to be written to, and which listings name the address.
    """
    if person is None:
        click.echo(json.dumps(service.sweep().counts()))
        return
    subject = _subject(person)
    if not yes:
        click.confirm(f"Erase all that is kept about {subject.email}?", abort=True)
    try:
        with transaction():
            service.erase(_subject(person))
    except Conflict as conflict:
        raise click.ClickException(str(conflict)) from None
    left = {table: len(rows) for table, rows in queries.holdings(Subject.of(subject.email)).items()}
    named_in = queries.listings_naming(subject.email)
    click.echo(json.dumps({"erased": subject.email, "left": left, "named_in": named_in}))


def _subject(person: str) -> Subject:
    if person.isdecimal():
        found = db.session.get(Person, int(person)) if len(person) < 19 else None
        if found is None:
            raise click.ClickException(f"There is no account with the number {person}.")
        return Subject.of(found.email)
    try:
        return Subject.of(normal_email(person))
    except Invalid as invalid:
        raise click.ClickException(" ".join(str(problem) for problem in invalid.problems.values())) from None
