"""`make bench`: prepares the databases, measures, prints the tables and keeps them under `benchmarks/results/`."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import click

from benchmarks import databases, measuring, table
from benchmarks.databases import Prepared
from campaign.core import clock
from config import ROOT

# Enough to see that everything still works.
FEW_PAGES = ["list", "ICS of everything"]


def main(words: list[str] | None = None) -> None:
    asked = _parser().parse_args(words)
    today, results = clock.now(), []
    file = Path(asked.results) / f"{today:%Y-%m-%d}.json"
    for prepared in _prepared(asked):
        click.echo(f"{prepared.engine}, {prepared.events:,} events", err=True)
        names = FEW_PAGES if asked.small else list(measuring.pages(prepared))
        results.append(measuring.measure(prepared, seconds=asked.seconds, names=names))
        everything = table.kept(file, results)
    click.echo(f"{today:%d %B %Y}, {table.machine()}.")
    click.echo("".join(table.markdown(everything)))
    click.echo("".join(table.summary(everything)))


def _prepared(asked: argparse.Namespace) -> Iterator[Prepared]:
    """One database after the other; its server stays while it is measured."""
    if asked.small:
        environment = databases.environment_of(asked.small, Path(asked.folder))
        yield databases.found(asked.small.partition(":")[0], 0, environment)
        return
    for engine in ["sqlite", "postgresql"] if asked.engine == "both" else [asked.engine]:
        with databases.server(engine) as url:
            for events in asked.events:
                yield databases.prepare(engine, events, url, Path(asked.folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--small", metavar="URL", help="two pages of the database that is there: does it still work?")
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--events", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each address is asked")
    parser.add_argument("--folder", default=str(ROOT / "instance" / "benchmarks"), help="where SQLite's databases stay")
    parser.add_argument("--results", default=str(ROOT / "benchmarks" / "results"))
    return parser


if __name__ == "__main__":
    main()
