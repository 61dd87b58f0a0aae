"""Jobs: the nightly plan, in which finding anything is a fault and is logged as one, and the hourly sweeps."""

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
    """Plan what falls due soon: letters about followed filters."""
    regular.sweep()


@shared_task(name="reminders.sweep_organisers", time_limit=1800)
def sweep_organisers() -> None:
    """The same for letters to organisers; a task of its own, so that neither fails with the other."""
    sweeping.sweep()
