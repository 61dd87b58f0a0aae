"""Fill an installation with confirmed readers of published events; prints who is to be reminded when.

`python -m tests.fault.seed LETTERS EVENTS FIRST LAST`; the times are seconds from now.
"""

import json
import sys
from datetime import datetime, timedelta

from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.db import db, transaction
from campaign.events import service as listing
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Entry, Mode, Status, Type
from campaign.events.models import Event
from campaign.reminders import planning
from campaign.reminders.models import Kind, Reader, Subscription
from tests.fault.installation import instants
from wsgi import app


def publish(campaign: Campaign, number: int, starts_at: datetime) -> Event:
    details = EventDetails(
        title=f"Evening of remembrance, no. {number}",
        description="An invented event for the fault suite.",
        type=Type.CEREMONY,
        starts=starts_at.replace(tzinfo=None),
        time_zone="Etc/UTC",
        mode=Mode.HYBRID,
        venue="Main hall",
        city="London",
        country="GB",
        spoken=("en",),
        entry=Entry.OPEN,
    )
    event = listing.draft(details, campaign=campaign, by=None, organization_id=None)
    event.move_to(Status.SUBMITTED)
    listing.publish(event, by=None)
    return event


def follow(event: Event, addresses: list[str]) -> None:
    readers = [Reader(email=to, language="en", confirmed_at=clock.now()) for to in addresses]
    db.session.add_all(readers)
    db.session.flush()
    db.session.add_all(
        Subscription(
            reader_id=reader.id,
            campaign_id=event.campaign_id,
            kind=Kind.EVENT,
            topic=f"event:{event.id}",
            event_id=event.id,
            confirmed_at=reader.confirmed_at,
        )
        for reader in readers
    )
    db.session.flush()
    for first in range(0, len(readers), 500):
        planning.replan(readers[first : first + 500])


def seed(letters: int, events: int, first: float, last: float) -> dict[str, str]:
    due: dict[str, str] = {}
    with app.app_context(), transaction():
        campaign = Campaign(slug="khojaly", names={"en": "Khojaly"}, month=2, day=26, settings={})
        db.session.add(campaign)
        db.session.flush()
        for number, at in enumerate(instants(events, first, last)):
            # Two hours before is the one reminder that falls due at any second.
            event = publish(campaign, number, at + timedelta(hours=2))
            mine = [f"reader{n}@example.org" for n in range(number, letters, events)]
            due.update(dict.fromkeys(mine, at.isoformat()))
            follow(event, mine)
    return due


if __name__ == "__main__":
    print(json.dumps(seed(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))))
