"""The plan derived again from nothing; it must find what stands there already."""

from campaign.core.db import transaction
from campaign.mail import service as mail
from campaign.places.zones import tz_version
from campaign.reminders import planning, queries
from campaign.reminders.organisers import planning as organisers


def plan_all() -> int:
    """Plan again what every reader and every organiser is owed; gives how many letters had to change."""
    found = last = 0
    while True:
        with transaction():
            readers = queries.readers_after(last)
            found += planning.replan(readers) if readers else 0
            last = readers[-1].id if readers else last
        if not readers:
            return found + organisers.plan_all()


def plan_by_new_rules() -> int:
    """The same after the rules of time zones changed; what waits then stands by the new ones."""
    found = plan_all()
    with transaction():
        mail.stands_by(tz_version())
    return found
