"""The smallest application that can send letters, so that sender processes start quickly."""

import tempfile
from pathlib import Path

from flask import Flask

from campaign.core import db as database
from campaign.core import languages, logs
from campaign.mail import composers
from campaign.mail.composers import Message
from campaign.mail.models import Letter
from config import ROOT, Settings


def application(database_url: str) -> Flask:
    """Database, languages and one composer; the same engine as the whole application."""
    app = Flask("plain")
    options = {} if database_url.startswith("sqlite") else {"pool_pre_ping": True}
    app.config.update(SQLALCHEMY_DATABASE_URI=database_url, SQLALCHEMY_ENGINE_OPTIONS=options)
    folder = Path(tempfile.gettempdir())
    app.extensions["settings"] = Settings.for_tests(database_url=database_url, data_dir=folder)
    logs.init_app("ERROR")
    database.init_app(app, ROOT / "migrations")
    languages.init_app(app)
    composers.connect({"probe": compose})
    return app


def compose(letter: Letter) -> Message:
    return Message(subject=f"Probe {letter.key}", text=f"{letter.key}\n", html=f"<p>{letter.key}</p>\n")
