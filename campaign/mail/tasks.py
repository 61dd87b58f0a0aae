"""Celery shells of the mail room. They carry nothing: what is to be done stands in the database.

No request rings for a letter. A broker that does not answer would hold the page up, and beat ticks every 15 seconds
anyway; that is the whole delay.
"""

import time

from celery import shared_task
from celery.signals import worker_ready

from campaign.core.db import transaction
from campaign.mail import engine, service
from campaign.mail.office import Office

# Seconds; what comes on top at most is a letter that gets no answer and a database that is away for a while.
AT_A_STRETCH = 120.0


@shared_task(name="mail.send_due", time_limit=300)
def send_due() -> None:
    """Send what is due; any number of these may run at once.

    However much is due, it ends well before the limit that kills: a killed sender leaves letters in doubt. The next
    tick goes on.
    """
    ends = time.monotonic() + AT_A_STRETCH
    engine.send_due(Office.current(), stop=lambda: time.monotonic() > ends)


@shared_task(name="mail.heartbeat", time_limit=30)
def heartbeat() -> None:
    """Show that beat rings and a worker answers, for /readyz and the operators' page."""
    with transaction():
        service.beat("worker")
        service.beat("beat")


@shared_task(name="mail.hello", time_limit=30)
def hello() -> None:
    """A worker that just started."""
    with transaction():
        service.beat("worker")


@worker_ready.connect
def say_hello(**_about: object) -> None:
    """The first sign of life at once, not when beat first ticks: /readyz waits for it."""
    hello.apply_async(expires=30)
