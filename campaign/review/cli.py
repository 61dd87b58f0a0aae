"""`flask review check`."""

import json

import click
from flask.cli import AppGroup

from campaign.core.questions import questions
from campaign.review.wording_check import examine

group = AppGroup("review", help="The desk.")


@group.command("check")
def check() -> None:
    """Say whether a person should read a wording first: {"text": …} on standard input, one object a line."""
    for question in questions():
        if not isinstance(question.get("text"), str):
            raise click.ClickException('Each object needs a "text".')
        found = examine(question["text"])
        answer = {"verdict": "hold" if found else "allow", "reasons": [str(finding) for finding in found]}
        click.echo(json.dumps(answer, ensure_ascii=False))
