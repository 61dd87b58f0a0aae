"""The application factory; a list of wiring calls, no behaviour."""

from flask import Flask

from campaign import cli, rooms, schedule
from campaign.core import assets, bell, clock, db, errors, jinja, jobs, languages, logs, release, security
from campaign.core.addresses import Application
from campaign.operations import rounds
from config import ROOT, Settings


def create_app(settings: Settings) -> Flask:
    """Build one fully wired application from one settings object."""
    app = Application("campaign", root_path=str(ROOT / "campaign"), template_folder=str(ROOT / "templates"))
    app.config.from_mapping(settings.flask())
    app.extensions["settings"] = settings
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app.extensions["release"] = release.name(ROOT)
    clock.follow(settings.clock_file)
    bell.follow(settings.data_dir)
    logs.init_app(settings.log_level)
    db.init_app(app, ROOT / "migrations")
    security.init_app(app, settings)
    languages.init_app(app)
    jinja.init_app(app)
    errors.init_app(app)
    assets.init_app(app)
    rooms.init_app(app)
    jobs.init_app(app, settings.celery(), rooms.TASK_MODULES, schedule.ENTRIES, done=rounds.note)
    cli.init_app(app)
    return app
