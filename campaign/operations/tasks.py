"""Housekeeping of the installation itself."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from celery import current_app, shared_task
from celery.signals import worker_ready

from campaign.core import clock
from campaign.core.db import transaction
from campaign.operations import rounds, stopped

_PREFIX = "sqla+sqlite:///"
_KEPT = timedelta(hours=1)


@shared_task(name="operations.tidy_broker", time_limit=60)
def tidy_broker() -> int:
    """Delete delivered messages of the embedded broker, which keeps them for ever; nothing on any other broker."""
    url = str(current_app.conf.broker_url)
    if not url.startswith(_PREFIX) or not Path(url.removeprefix(_PREFIX)).exists():
        return 0
    before = clock.now().astimezone(UTC).replace(tzinfo=None) - _KEPT
    with closing(sqlite3.connect(url.removeprefix(_PREFIX), timeout=15)) as connection, connection:
        delivered = "delete from kombu_message where visible = 0 and timestamp < ?"
        return connection.execute(delivered, [_stamp(before)]).rowcount


@shared_task(name="operations.tell_stopped", time_limit=60)
def tell_stopped() -> int:
    """Promise the letters about addresses that were stopped since yesterday."""
    with transaction():
        return stopped.sweep()


@shared_task(name="operations.begin", time_limit=1800)
def begin() -> None:
    """Do the hourly jobs that were never done; whoever looks need not wait for an hour to pass."""
    rounds.do_due(only_new=True)


@worker_ready.connect
def begin_at_once(**_about: object) -> None:
    begin.apply_async(expires=60)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(sep=" ")
