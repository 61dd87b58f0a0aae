"""What the processes of an installation do: the commands an operator would start, with the application they share."""

import os
import smtplib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from celery import Celery
from flask import Flask
from flask.cli import ScriptInfo

from campaign import create_app
from campaign.core import clock
from campaign.mail import smtp
from config import Settings

Env = Mapping[str, str]


def runner(env: Env, log: str, *, every: float = 0.0, patience: float = 0.0, astray: float = 0.0) -> None:
    """`flask reminders run`; `astray` is by how many seconds the clock of its machine is wrong."""
    app = _begin(env, log, patience)
    if astray:
        right = clock.now
        clock.now = lambda: right() + timedelta(seconds=astray)
    words = ["reminders", "run", *(["--every", str(every)] if every else [])]
    app.cli.main(words, obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)


def worker(env: Env, log: str, children: int, *, patience: float = 0.0) -> None:
    """`celery worker`."""
    options = ["--concurrency", str(children), "--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
    _celery(_begin(env, log, patience)).worker_main(["worker", *options])


def beat(env: Env, log: str, number: int, *, every: float = 0.0) -> None:
    """`celery beat`, each as if on a machine of its own; with `every` it rings for letters that often."""
    app = _celery(_begin(env, log))
    app.conf.beat_schedule_filename = f"{env['DATA_DIR']}/beat-{number}"
    if every:
        app.conf.beat_schedule["send-due-letters"]["schedule"] = every
    app.start(["beat", "--loglevel", "ERROR", "--pidfile", ""])


def raw(_env: Env, _log: str, port: int, path: str, letters: int) -> None:
    """What throughput is compared with: smtplib as everybody uses it, one connection, bytes that are ready."""
    data = Path(path).read_bytes()
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(letters):
            client.sendmail("calendar@example.org", [f"raw{os.getpid()}-{number}@example.org"], data)


def _begin(env: Env, log: str, patience: float = 0.0) -> Flask:
    """A process group and a log of its own; `patience` in seconds for a mail server that says nothing."""
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(written, 1)
    os.dup2(written, 2)
    if patience:
        smtp.DATA_TIMEOUT = patience
    return create_app(Settings.from_env(os.environ))


def _celery(app: Flask) -> Celery:
    found = app.extensions["celery"]
    assert isinstance(found, Celery)
    return found
