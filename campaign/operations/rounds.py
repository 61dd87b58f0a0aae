"""Periodic jobs where Celery beat does not ring: what the schedule says and nobody did is done by `reminders run`.

Each job leaves a stamp when it is done, whoever did it, so that one that nobody does any more is noticed. All of them
are safe to do twice; a turn keeps two drivers from doing one at the same time for nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta

import structlog
from celery.schedules import crontab
from flask import current_app
from sqlalchemy import select

from campaign.core.db import database_now, db, transaction
from campaign.mail import service
from campaign.mail.models import Heartbeat
from campaign.operations.jobs import next_after

log = structlog.get_logger(__name__)

# Beat shows itself every 30 seconds (through a worker); while it does, jobs are its own.
SILENCE = timedelta(minutes=3)
# No job takes longer; one that failed, or whose driver died, is begun again after that.
TURN = timedelta(minutes=30)
_HOURS = 24


def do_due(stop: Callable[[], bool] = lambda: False, *, only_new: bool = False) -> list[str]:
    """Do what is due, outside any transaction; answers the names of the tasks. With `only_new`, what was never done."""
    with transaction():
        tasks = list(_due(only_new=only_new))
    return [task for task in tasks if not stop() and _do(task)]


def note(task: str) -> None:
    """Stamp a task that was done, if it is one of the schedule's jobs that run at hours of the clock."""
    if task in _schedules():
        with transaction():
            service.beat(task)


def late(heartbeats: Mapping[str, datetime], now: datetime) -> Iterator[tuple[str, timedelta | None]]:
    """The jobs that nobody does, and for how long: hourly ones after three hours (None: ever), daily ones after 27."""
    for task, schedule in _schedules().items():
        done = heartbeats.get(task)
        if done is None:
            if _is_hourly(schedule):
                yield task, None
        elif now - done > timedelta(hours=3 if _is_hourly(schedule) else 27):
            yield task, now - done


def _schedules() -> Mapping[str, crontab]:
    entries = current_app.extensions["celery"].conf.beat_schedule.values()
    return {entry["task"]: entry["schedule"] for entry in entries if isinstance(entry["schedule"], crontab)}


def _is_hourly(schedule: crontab) -> bool:
    return len(schedule.hour) == _HOURS


def _due(*, only_new: bool) -> Collection[str]:
    now, due = database_now(), []
    stamps = {beat.part: beat.at for beat in db.session.scalars(select(Heartbeat))}
    if "beat" in stamps and now - stamps["beat"] < SILENCE:
        return []
    for task, schedule in _schedules().items():
        done = stamps.get(task)
        if done is None and not _is_hourly(schedule):
            service.beat(task)  # A new installation waits for the hour; an hourly job is never too early.
        elif done is None or (not only_new and _has_passed(schedule, done, now)):
            due.append(task)
    return due


def _has_passed(schedule: crontab, done: datetime, now: datetime) -> bool:
    following = next_after(schedule, done)
    return following is not None and following <= now


def _do(task: str) -> bool:
    with transaction():
        if not service.take_turn(f"{task} begun", TURN):
            return False
    try:
        celery = current_app.extensions["celery"]
        celery.loader.import_default_modules()  # Only workers have done so.
        celery.tasks[task].run()
    except Exception:
        # The others are done all the same.
        log.exception("a periodic job failed", job=task)
        return False
    note(task)
    return True
