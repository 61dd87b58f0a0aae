"""Granian against gunicorn with the real application, in one run: `python -m benchmarks.servers`.

gunicorn is no dependency of ours: it is installed for this run, into a folder of its own.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks import databases, load
from benchmarks.databases import Prepared
from benchmarks.measuring import CONNECTIONS, pages
from benchmarks.serving import THREADS, WORKERS, granian, running
from benchmarks.table import machine
from campaign.core import clock
from config import ROOT
from tests.servers.ports import free_port

PAGES = ("list", "event", "ICS of one filter")
APPLICATIONS = {"kept": "benchmarks.applications.kept:app", "fresh": "benchmarks.applications.fresh:app"}
SECONDS, EVENTS = 3.0, 1000


def main() -> None:
    prepared = databases.prepare("sqlite", EVENTS, "", ROOT / "instance" / "benchmarks")
    click.echo(f"{clock.now():%d %B %Y}, {machine()}; {WORKERS} processes of {THREADS} threads, {EVENTS} events.\n")
    click.echo(
        "| what | granian/s | p99 ms | CPU ms | MB | gunicorn/s | p99 ms | CPU ms | MB | rates | CPU |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    with TemporaryDirectory(prefix="gunicorn-") as folder:
        _install(folder)
        environment = {**prepared.environment, "PYTHONPATH": os.pathsep.join([str(ROOT), folder])}
        for row in _rows(prepared, environment):
            click.echo(row)


def _install(folder: str) -> None:
    command = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--target", folder, "gunicorn"]
    subprocess.run(command, check=True)


def _rows(prepared: Prepared, environment: dict[str, str]) -> Iterator[str]:
    wanted = {f"{name}, {state}": (app, pages(prepared)[name]) for state, app in APPLICATIONS.items() for name in PAGES}
    wanted = {"Flask hello, 8 kB": ("benchmarks.applications.hello:app", "/8000"), **wanted}
    for name, (application, path) in wanted.items():
        ours, megabytes = _measured(granian, application, path, environment)
        theirs, other = _measured(_gunicorn, application, path, environment)
        yield (
            f"| {name} | {ours.rate:,.0f} | {ours.p99:.1f} | {ours.cpu:.2f} | {megabytes:.0f} "
            f"| {theirs.rate:,.0f} | {theirs.p99:.1f} | {theirs.cpu:.2f} | {other:.0f} "
            f"| {ours.rate / theirs.rate:.2f} | {theirs.cpu / ours.cpu:.2f} |"
        )


def _gunicorn(application: str, port: int) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    return [*command, "--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "error", application]


def _measured(
    server: Callable[[str, int], list[str]], application: str, path: str, environment: dict[str, str]
) -> tuple[load.Speed, float]:
    """The speed, and the megabytes of all its processes afterwards."""
    port = free_port()
    own = {**environment, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    with running(server(application, port), port, own, ready="/1") as served:
        url = load.final(served.url + path)
        for _worker in range(CONNECTIONS):
            load.once(url)
        speed = served.ask(url.removeprefix(served.url), connections=CONNECTIONS, seconds=SECONDS)
        return speed, served.memory()


if __name__ == "__main__":
    main()
