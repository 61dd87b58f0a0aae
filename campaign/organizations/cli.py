"""Operator commands about organisations."""

import csv
import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from campaign.core.db import transaction
from campaign.core.questions import questions
from campaign.organizations.importing import Outcome, import_organizations
from campaign.organizations.lookalikes import examine

organizations_group = AppGroup("organizations", help="Embassies, associations and other organisers.")


@organizations_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Import FILE (CSV, UTF-8, with a header); the last line sums up."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            rows = list(csv.DictReader(source))
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"This is not a CSV file in UTF-8: {error}") from None
    with transaction():
        report = import_organizations(rows)
    for line in report.lines:
        if line.outcome is Outcome.REFUSED or line.note:
            click.echo(f"line {line.line}: {line.outcome.value}: {line.name}: {line.note}")
    click.echo(f"rows {len(report.lines)}, " + ", ".join(f"{name} {count}" for name, count in report.counts.items()))


@organizations_group.command("lookalike")
def lookalike() -> None:
    """Compare names with verified ones: JSON on standard input, one object a line, one verdict a line."""
    for question in map(_checked, questions()):
        verdict = examine(question["name"], question["email"], question["verified"])
        answer = {"verdict": "flag" if verdict.is_flagged else "ok", "reasons": list(verdict.reasons)}
        click.echo(json.dumps(answer, ensure_ascii=False))


def _checked(question: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(question.get("name"), str):
        raise click.ClickException('Each object needs "name", "email" and "verified": [[name, domain], …].')
    verified = [
        (str(entry[0]), str(entry[1] or "") if len(entry) > 1 else "")
        for entry in question.get("verified") or []
        if isinstance(entry, list) and entry
    ]
    return {"name": question["name"], "email": str(question.get("email") or ""), "verified": verified}
