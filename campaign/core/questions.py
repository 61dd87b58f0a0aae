"""Questions of scripts to a command: JSON on standard input, one object a line, or one object over several lines."""

import json
import sys
from typing import Any

import click


def questions() -> list[dict[str, Any]]:
    """All of them. Raises ClickException for what is no JSON object."""
    text = sys.stdin.read()
    try:
        found = [json.loads(text)]
    except ValueError:
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise click.ClickException("Standard input must be JSON.") from None
    if not found:
        raise click.ClickException("Standard input is empty.")
    if not all(isinstance(question, dict) for question in found):
        raise click.ClickException("Each line must be a JSON object.")
    return found
