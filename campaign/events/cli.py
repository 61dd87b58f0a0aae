"""`flask events import|retime`."""

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from campaign.core.db import transaction
from campaign.core.faults import Invalid
from campaign.events import importing, queries, reading, service

group = AppGroup("events", help="Events on this installation.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--campaign", "slug", default="", help="For rows that name no campaign.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
def import_file(file: Path, slug: str, dry_run: bool) -> None:
    """Take over events from a CSV, XLSX or ICS file; running it again changes nothing."""
    try:
        rows = reading.read(file.name, file.read_bytes())
    except Invalid as problem:
        raise click.ClickException(str(problem.message)) from problem
    with transaction():
        report = importing.import_events(rows, slug, dry_run=dry_run)
    for line in report.lines:
        click.echo(str(line))
    click.echo(report.summary)


def retiming(replan: Callable[[], int]) -> click.Command:
    """`flask events retime`; `replan` plans the letters that hang on events again, and answers how many changed."""

    @click.command("retime")
    @with_appcontext
    def retime() -> None:
        """Derive all instants again from wall time and zone, after the rules of time zones changed.

        Letters are planned again too: ten in the morning may have moved for readers in other zones than the event's.
        """
        read = changed = last = 0
        while True:
            with transaction():
                events = queries.batch(after_id=last)
                changed += sum([service.retime(event) for event in events])
                read += len(events)
                last = events[-1].id if events else last
            if not events:
                break
        letters = replan()
        click.echo(f"events read {read}, changed {changed}; letters changed {letters}")

    return retime
