"""The nightly plan as a job; finding anything is a fault and is logged as one."""

import structlog
from celery import shared_task

from campaign.reminders.nightly import plan_all

log = structlog.get_logger(__name__)


@shared_task(name="reminders.plan", time_limit=1800)
def plan() -> None:
    found = plan_all()
    if found:
        log.warning("the nightly plan found reminders that nobody had planned", rows=found)
