"""Celery shells of the mail room. They carry nothing: what is to be done stands in the database.

No request speaks to the broker about a letter: one that does not answer would hold the page up. It rings a bell, which
the workers of its machine hear; elsewhere the tick of beat, every 15 seconds, is the whole delay.
"""

import time
from contextlib import suppress
from typing import Any

from celery import bootsteps, shared_task
from celery.signals import celeryd_init, worker_ready
from kombu.exceptions import OperationalError

from campaign.core import bell
from campaign.core.db import transaction
from campaign.mail import engine, service
from campaign.mail.office import Office

# Seconds; what comes on top at most is a letter that gets no answer and a database that is away for a while.
AT_A_STRETCH = 120.0
# Seconds between two looks at the bell: a burst of promises costs two jobs a second at most.
LOOK = 0.5


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


class Doorbell(bootsteps.StartStopStep):
    """A part of every worker that is connected to its broker: asks for a sender when a letter may leave at once.

    It begins anew with each connection, and asks once then: nobody listened meanwhile.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, consumer: Any) -> None:
        self._heard = -1
        self._looking = consumer.timer.call_repeatedly(LOOK, self._listen)

    def stop(self, _consumer: Any) -> None:
        self._looking.cancel()

    def _listen(self) -> None:
        if (heard := bell.LETTERS.heard()) != self._heard:
            self._heard = heard
            # A broker that is away at this moment: beat asks again.
            with suppress(OperationalError, OSError):
                send_due.apply_async(expires=60, retry=False)


@celeryd_init.connect
def hang_doorbell(instance: Any, **_about: object) -> None:
    instance.app.steps["consumer"].add(Doorbell)
