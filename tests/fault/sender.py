"""One sender process: sends what is due until it is told to end, or killed."""

import os
import signal
import time
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from campaign.core.db import db
from campaign.mail import engine
from campaign.mail.office import Office
from tests.fault.plain import application


def work(database_url: str, smtp_url: str, lease: float) -> None:
    app = application(database_url)
    office = Office(smtp_url=smtp_url, mail_from="Calendar <calendar@example.org>")
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: ended.append(number))
    with app.app_context():
        while not ended:
            try:
                engine.send_due(office, batch=20, lease=timedelta(seconds=lease), stop=lambda: bool(ended))
            except DBAPIError:
                pass
            finally:
                db.session.remove()
            time.sleep(0.1)


if __name__ == "__main__":
    work(os.environ["DATABASE_URL"], os.environ["SMTP_URL"], float(os.environ.get("LEASE", "120")))
