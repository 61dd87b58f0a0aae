"""A small world: two desks, their people, an organiser, and events that wait or are public."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from campaign.accounts.models import Person
from campaign.campaigns.models import Appointment, Campaign, Office, Region, RegionCountry
from campaign.core import clock
from campaign.events import service as events
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Entry, Mode, Type
from campaign.events.models import Event
from campaign.organizations.models import Kind, Membership, Organization, Role

TEXT = "An evening in memory of the people killed in Khojaly, with music, readings and a minute of silence."


def details(**changes: Any) -> EventDetails:
    day = clock.now().date() + timedelta(days=30)
    complete = EventDetails(
        title="Evening of remembrance",
        description=TEXT,
        type=Type.CEREMONY,
        starts=datetime.combine(day, time(18)),
        ends=datetime.combine(day, time(20)),
        time_zone="Europe/Berlin",
        venue="Main hall",
        address="Sample Street 12",
        city="Berlin",
        country="DE",
        spoken=("de", "en"),
        entry=Entry.OPEN,
    )
    return complete.with_changes(**changes)


@dataclass
class World:
    session: Any
    campaign: Campaign
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, **more: Any) -> Person:
        email = f"{name.lower()}@example.org"
        made = Person(email=email, name=f"{name} Example", email_confirmed_at=clock.now(), **more)
        self.session.add(made)
        self.session.flush()
        self.people[name] = made
        return made

    def appoint(self, person: Person, *, office: Office = Office.COORDINATOR, region: Region | None = None) -> None:
        region_id = region.id if region else None
        self.session.add(
            Appointment(person_id=person.id, campaign_id=self.campaign.id, office=office, region_id=region_id)
        )
        self.session.flush()

    def region(self, key: str, *countries: str) -> Region:
        made = Region(campaign_id=self.campaign.id, key=key, desk_names={"en": key}, time_zone="Europe/Berlin")
        self.session.add(made)
        self.session.flush()
        for country in countries:
            self.session.add(RegionCountry(campaign_id=self.campaign.id, region_id=made.id, country=country))
        self.session.flush()
        return made

    def organization(self, name: str, country: str) -> Organization:
        made = Organization(slug=name.lower(), name=name, search_name=name.lower(), kind=Kind.EMBASSY, country=country)
        self.session.add(made)
        self.session.flush()
        return made

    def event(self, by: Person | None, *, organization: Organization | None = None, **changes: Any) -> Event:
        made = events.draft(
            details(**changes),
            campaign=self.campaign,
            by=by,
            organization_id=organization.id if organization else None,
        )
        self.session.refresh(made, ["campaign", "organization"])
        events.submit(made, by=by)
        self.session.flush()
        return made

    def published(self, by: Person | None, **changes: Any) -> Event:
        made = self.event(by, **changes)
        events.publish(made, by=self.people["Lena"])
        self.session.flush()
        return made

    def online(self, by: Person, organization: Organization | None) -> Event:
        return self.event(
            by, organization=organization, mode=Mode.ONLINE, country="", city="", stream_url="https://example.org/live"
        )

    def member(self, person: Person, organization: Organization, role: Role) -> None:
        self.session.add(Membership(person_id=person.id, organization_id=organization.id, role=role))
        self.session.flush()


def world_of(session: Any) -> World:
    """Lena and Omar share the Europe desk, Ana looks after the Americas, Rashad leads, Nigar organises."""
    campaign = Campaign(
        slug="khojaly",
        names={"en": "Khojaly"},
        month=2,
        day=26,
        settings={"event_types": [], "window": [[2, 1], [3, 31]]},
    )
    session.add(campaign)
    session.flush()
    made = World(session, campaign)
    europe, americas = made.region("europe", "DE", "FR"), made.region("americas", "US")
    for name in ("Lena", "Omar"):
        made.appoint(made.person(name), region=europe)
    made.appoint(made.person("Ana"), region=americas)
    made.appoint(made.person("Rashad"), office=Office.LEAD)
    made.person("Nigar", language="az")
    session.commit()
    return made


def sign_in(client: Any, person: Person) -> Any:
    """The client, with this person signed in."""
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = person.get_id()
        cookie["_fresh"] = True
    return client
