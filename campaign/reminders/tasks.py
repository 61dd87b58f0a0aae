"""Jobs: the nightly plan, in which finding anything is a fault and is logged as one, and the hourly sweep."""

import structlog
from celery import shared_task

from campaign.reminders import regular
from campaign.reminders.nightly import plan_all
from campaign.reminders.organisers import sweeping

log = structlog.get_logger(__name__)


@shared_task(name="reminders.plan", time_limit=1800)
def plan() -> None:
    found = plan_all()
    if found:
        log.warning("the nightly plan found reminders that nobody had planned", rows=found)


@shared_task(name="reminders.sweep", time_limit=1800)
def sweep() -> None:
    """Plan what falls due soon: letters about followed filters, letters to organisers."""
    regular.sweep()
    sweeping.sweep()
