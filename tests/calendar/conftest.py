"""Published events in six awkward zones."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from campaign.calendar import pages
from campaign.campaigns import configuration
from campaign.campaigns import service as campaigns
from campaign.campaigns.models import Campaign
from campaign.events import service
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Status, Type
from campaign.events.models import Event
from campaign.organizations.models import Organization
from tests.conftest import Clock

CONFIGURATION = """
campaign: remembrance
names: {en: Remembrance, az: Anım, ar: الذكرى}
day: {month: 2, day: 26}
window: {from: "02-01", to: "03-31"}
"""
CITIES = {
    "Auckland": ("NZ", "Pacific/Auckland", "2027-02-26T05:00:00+00:00"),
    "Kathmandu": ("NP", "Asia/Kathmandu", "2027-02-26T12:15:00+00:00"),
    "Baku": ("AZ", "Asia/Baku", "2027-02-26T14:00:00+00:00"),
    "Berlin": ("DE", "Europe/Berlin", "2027-02-26T17:00:00+00:00"),
    "St John's": ("CA", "America/St_Johns", "2027-02-26T21:30:00+00:00"),
    "Los Angeles": ("US", "America/Los_Angeles", "2027-02-27T02:00:00+00:00"),
}


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Campaigns of different tests share name, version and hour; their pages must not."""
    pages.forget()


@pytest.fixture
def campaign(session: Session, moved_clock: Clock) -> Campaign:
    moved_clock.set(datetime.fromisoformat("2027-02-01T12:00:00+00:00"))
    return campaigns.take_over(configuration.read(CONFIGURATION))


def details(city: str = "Berlin", **changes: Any) -> EventDetails:
    country, zone, _instant = CITIES[city]
    plain = EventDetails(
        title=f"Evening of remembrance in {city}",
        description="Music, readings and a minute of silence; everybody is welcome. " * 2,
        type=Type.CEREMONY,
        starts=datetime(2027, 2, 26, 18),
        ends=datetime(2027, 2, 26, 19, 30),
        time_zone=zone,
        venue="City hall",
        city=city,
        country=country,
        spoken=("en",),
    )
    return plain.with_changes(**changes)


def publish(campaign: Campaign, wanted: EventDetails, host: Organization | None = None) -> Event:
    event = service.draft(wanted, campaign=campaign, by=None, organization_id=host.id if host else None)
    event.move_to(Status.SUBMITTED)
    service.publish(event, by=None)
    return event
