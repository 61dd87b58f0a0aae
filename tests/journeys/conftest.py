"""A whole installation of its own on a loopback port: real HTTP, real SMTP, a database that keeps."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from werkzeug.serving import make_server

from campaign import create_app
from campaign.accounts import passwords
from campaign.accounts.models import Person
from campaign.calendar import pages
from campaign.campaigns import configuration
from campaign.campaigns import service as campaigns
from campaign.campaigns.models import Appointment, Office
from campaign.core import clock
from campaign.core.db import db, transaction
from campaign.mail import engine as sending
from campaign.mail.office import Office as PostOffice
from campaign.places.models import City, CityName
from config import ROOT, Settings
from tests.fault.databases import empty_postgres
from tests.journeys.browsing import Visitor
from tests.servers.mailbox import Mailbox
from tests.servers.ports import free_port

COORDINATOR, PASSWORD = "lena@example.org", "seven quiet candles"


@dataclass
class House:
    """The running installation."""

    app: Flask
    url: str
    mailbox: Mailbox

    def visitor(self) -> Visitor:
        return Visitor(self.url)

    def send_letters(self) -> None:
        """What `reminders run --once` does."""
        with self.app.app_context():
            sending.send_due(PostOffice.current())

    def letters(self, to: str) -> list[EmailMessage]:
        self.send_letters()
        return self.mailbox.to(to)


@pytest.fixture
def house(engine: str, mailbox: Mailbox, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    port = free_port()
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'house.sqlite'}"
        if engine == "postgresql":
            url = stack.enter_context(empty_postgres(request.getfixturevalue("postgres_url"), "journey"))
        address = f"http://127.0.0.1:{port}"
        settings = Settings.for_tests(database_url=url, data_dir=tmp_path, public_url=address, smtp_url=mailbox.url)
        app = create_app(settings)
        pages.forget()  # Another installation may have answered in this process.
        with app.app_context():
            upgrade()
            _furnish()
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield House(app, address, mailbox)
        server.shutdown()
        thread.join()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _furnish() -> None:
    """The first campaign as it is shipped, one city, and a coordinator of the whole campaign."""
    text = (ROOT / "campaign" / "data" / "campaigns" / "khojaly.yaml").read_text(encoding="utf-8")
    with transaction():
        campaign = campaigns.take_over(configuration.read(text))
        _add(City, geoname_id=2852458, name="Potsdam", country="DE", latitude=52.4, longitude=13.06, **_SIZE)
        db.session.add(CityName(city_id=db.session.query(City).one().id, folded="potsdam", population=180_000))
        secret = passwords.keep(PASSWORD)
        lena = _add(
            Person, email=COORDINATOR, name="Lena Example", password_hash=secret, email_confirmed_at=clock.now()
        )
        _add(Appointment, person_id=lena.id, campaign_id=campaign.id, office=Office.COORDINATOR)


_SIZE = {"time_zone": "Europe/Berlin", "population": 180_000}


def _add(kind: Any, **values: Any) -> Any:
    made = kind(**values)
    db.session.add(made)
    db.session.flush()
    return made
