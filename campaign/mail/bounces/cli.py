"""`flask mail bounces`: reads reports from a mailbox, or one from a mail server's pipe."""

import json
import sys
from collections import Counter
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from campaign.core.db import transaction
from campaign.mail.bounces import reading, service, sources

# sysexits.h: the mail server keeps the message and tries again.
_TRY_AGAIN = 75


@click.command("bounces")
@click.argument("mailbox", default="-")
def bounces(mailbox: str) -> None:
    """Read reports about letters that came back: from a Maildir or an mbox file, or one from the standard input (-).

    As a pipe of a mail server: `|flask --app wsgi mail bounces`. Says what each report did and sums up.
    """
    counted: Counter[str] = Counter(messages=0)
    try:
        found = [sources.one(sys.stdin.buffer)] if mailbox == "-" else sources.messages(Path(mailbox))
        for source in found:
            counted["messages"] += 1
            for report in reading.read(source):
                with transaction():
                    outcome = service.note(report)
                counted[outcome.meaning] += 1
                click.echo(json.dumps(outcome.line()))
    except DBAPIError as error:
        click.echo(f"the database is away: {type(error).__name__}", err=True)
        raise click.exceptions.Exit(_TRY_AGAIN) from error
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{mailbox}: {error}") from error
    click.echo(json.dumps(counted))
