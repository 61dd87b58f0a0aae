"""The plan derived again from nothing; it must find what stands there already."""

from campaign.core import clock
from campaign.core.db import transaction
from campaign.events import queries as events
from campaign.reminders import planning, queries


def plan_all() -> int:
    """Plan what is missing, event by event; gives how many letters were new."""
    found = 0
    for event_id in queries.coming_events(clock.now()):
        with transaction():
            event = events.find(event_id)
            found += planning.plan_for(event, queries.active(event_id)) if event else 0
    return found
