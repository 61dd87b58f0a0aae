"""Celery wired so that every task runs inside the application context."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from celery import Celery, Task
from flask import Flask
from typing_extensions import override


def init_app(
    app: Flask,
    conf: Mapping[str, Any],
    modules: Sequence[str],
    schedule: Mapping[str, Any],
    *,
    done: Callable[[str], None],
) -> Celery:
    """Build the Celery application of this Flask application and make it the process's default.

    `done` is told the name of every task that ended well, in the application context.
    """

    class AppTask(Task):
        @override
        def __call__(self, *args: object, **kwargs: object) -> object:
            with app.app_context():
                result = self.run(*args, **kwargs)
                done(self.name)
                return result

    celery_app = Celery(app.name, task_cls=AppTask)
    celery_app.conf.update(conf)
    celery_app.conf.imports = tuple(modules)
    celery_app.conf.beat_schedule = dict(schedule)
    celery_app.conf.beat_schedule_filename = str(app.extensions["settings"].data_dir / "beat-schedule")
    celery_app.set_default()
    app.extensions["celery"] = celery_app
    return celery_app
