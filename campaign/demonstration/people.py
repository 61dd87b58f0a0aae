"""The demonstration's people and example organisations: one sign-in for each role, named in the README."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from campaign.accounts import passwords
from campaign.accounts.models import Person
from campaign.campaigns import queries as campaigns
from campaign.campaigns import service as appointing
from campaign.campaigns.models import Campaign, Office
from campaign.core import clock
from campaign.core.db import db
from campaign.organizations import queries as organizations
from campaign.organizations import service as founding
from campaign.organizations.models import Kind, Organization, Role

SIGN_INS = {
    "organiser@example.org": "Leyla Example",
    "volunteer@example.org": "Tom Example",
    "coordinator@example.org": "Clara Example",
    "americas@example.org": "Diego Example",
    "lead@example.org": "Nora Example",
    "operator@example.org": "Oskar Example",
}
# Who writes for which example organisation.
AUTHORS = {"berlin": "organiser@example.org", "toronto": "volunteer@example.org"}


def invite(password: str) -> dict[str, Person]:
    """Everybody of SIGN_INS, confirmed, by address."""
    kept = passwords.keep(password)
    people = {}
    for email, name in SIGN_INS.items():
        person = db.session.scalar(select(Person).where(Person.email == email))
        if person is None:
            person = Person(email=email, name=name, password_hash=kept, email_confirmed_at=clock.now())
            person.is_admin = email.startswith("operator")
            db.session.add(person)
        people[email] = person
    db.session.flush()
    return people


def host(rows: Mapping[str, Mapping[str, Any]], people: Mapping[str, Person]) -> dict[str, Organization]:
    """The example organisations by their key in the file; two of them have members."""
    hosts = {}
    for key, row in rows.items():
        found = organizations.find_by_name(row["name"], row["country"]) or founding.found(
            name=row["name"], kind=Kind(row["kind"]), country=row["country"], city=row["city"]
        )
        found.verified_at = clock.now()
        hosts[key] = found
    for key, role in (("berlin", Role.OWNER), ("toronto", Role.EDITOR)):
        person = people[AUTHORS[key]]
        if organizations.role_of(person.id, hosts[key].id) is None:
            founding.join(hosts[key], person, role)
    return hosts


def appoint(campaign: Campaign, people: Mapping[str, Person]) -> None:
    """The desks and the lead of the campaign."""
    regions = {region.key: region.id for region in campaigns.regions_of(campaign.id)}
    desks = {"coordinator@example.org": "europe", "americas@example.org": "americas"}
    for email, key in desks.items():
        appointing.appoint(people[email].id, campaign.id, Office.COORDINATOR, region_id=regions[key])
    appointing.appoint(people["lead@example.org"].id, campaign.id, Office.LEAD)
