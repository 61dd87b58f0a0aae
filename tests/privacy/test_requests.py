"""`data export` and `data purge`: all that is kept about somebody is found, and afterwards nothing is."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, String, cast, func, or_, select
from sqlalchemy.orm import Session

from campaign.accounts.models import Person
from campaign.core.db import Model, transaction
from campaign.events.models import Event
from campaign.journal.models import Entry
from campaign.mail import service as mail
from campaign.organizations.models import Role
from campaign.privacy.queries import SECRETS
from campaign.reminders import service as reminders
from campaign.review.mistakes import service as mistakes
from campaign.review.mistakes.models import Concern
from tests.factories.desk import World

Make = Callable[..., Any]
EMAIL = "nigar@example.org"


@pytest.fixture
def busy(world: World, subscribe: Make, session: Session) -> World:
    """Nigar has an account, an organisation, events and drafts, follows something, and reported a mistake."""
    nigar = world.people["Nigar"]
    nigar.password_hash = "$argon2id$secret"
    house = world.organization("House", "DE")
    world.member(nigar, house, Role.OWNER)
    world.member(world.person("Second"), house, Role.OWNER)
    event = world.published(nigar, organization=house)
    with transaction():
        from campaign.events import service as events
        from tests.factories.desk import details

        events.draft(details(title="My own draft"), campaign=world.campaign, by=nigar, organization_id=None)
        mistakes.report(
            event,
            token="t",
            concern=Concern.INCORRECT,
            text="It begins at six.",
            email=EMAIL,
            language="en",
            public_url="http://localhost",
        )
        reminders.ask(reminders.event_wish(event), email=EMAIL, language="az", zone="Asia/Baku")
        mail.promise("event_received:1", "event_received", to=EMAIL, language="en", recipient_id=nigar.id)
    subscribe(event, EMAIL)
    return world


def _places(session: Session, *needles: str) -> set[str]:
    """Every column of every table in which one of these words stands."""
    found = set()
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            # PostgreSQL would show bytes as hexadecimal digits, in which no word stands.
            is_hidden = isinstance(column.type, LargeBinary) and session.get_bind().dialect.name == "postgresql"
            words = func.lower(func.encode(column, "escape") if is_hidden else cast(column, String))
            if session.scalar(select(func.count()).where(or_(*(words.contains(needle) for needle in needles)))):
                found.add(f"{table.name}.{column.name}")
    return found


def test_everything_is_exported(busy: World, command: Make, session: Session) -> None:
    document = command("export", " Nigar@Example.org ")
    assert document["about"] == EMAIL
    kept = document["kept"]
    assert {"people", "readers", "subscriptions", "memberships", "events", "letters", "mistakes"} <= kept.keys()
    assert kept["people"][0]["name"] == "Nigar Example"
    assert {event["title"] for event in kept["events"]} == {"Evening of remembrance", "My own draft"}
    assert {entry["act"] for entry in kept["journal_entries"]} >= {"submitted"}
    assert "argon2" not in json.dumps(document)
    assert not SECRETS & {name for rows in kept.values() for row in rows for name in row}
    others = {person.email for person in session.query(Person)} - {EMAIL}
    assert not [email for email in others if email in json.dumps(document)]
    assert command("export", str(busy.people["Nigar"].id))["kept"] == kept


def test_every_place_of_an_address_is_exported(busy: World, command: Make, session: Session) -> None:
    """Whichever table an address stands in, a new one too: the export has a row of it."""
    exported = command("export", EMAIL)["kept"].keys()
    assert {place.partition(".")[0] for place in _places(session, EMAIL)} <= exported


def test_nothing_is_left_of_an_erased_person(busy: World, command: Make, session: Session) -> None:
    number = busy.people["Nigar"].id
    answer = command("purge", EMAIL, "--yes")
    assert answer == {"erased": EMAIL, "left": {}, "named_in": []}
    session.expire_all()
    assert _places(session, EMAIL, "nigar", "my own draft") == set()
    assert session.query(Event).one().title == "Evening of remembrance"
    person = session.get(Person, number)
    assert person is not None
    assert (person.name, person.password_hash, person.is_confirmed, person.session_version) == ("", "", False, 2)
    assert {entry.actor_name for entry in session.query(Entry).filter_by(actor_id=number)} == {f"#{number}"}
    assert command("purge")["registrations"] == 0


def test_the_wish_never_to_be_written_to_stays(busy: World, command: Make) -> None:
    with transaction():
        mail.suppress(EMAIL, "asked")
    assert command("purge", EMAIL, "--yes")["left"] == {"suppressions": 1}


def test_listings_that_name_the_address_are_for_a_person_to_decide(
    busy: World, command: Make, session: Session
) -> None:
    event = session.query(Event).filter_by(title="Evening of remembrance").one()
    with transaction():
        event.details = event.details.with_changes(contact_email=EMAIL)
    assert command("purge", EMAIL, "--yes")["named_in"] == [event.ref]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "nobody"], "name@example.org"),
        (["export", "999999"], "no account"),
        (["export", "9" * 40], "no account"),
        (["purge", EMAIL], "Erase all"),
        (["purge", "second@example.org", "--yes"], "House needs another owner first."),
    ],
)
def test_what_cannot_be_done_is_said(busy: World, app: Flask, session: Session, words: list[str], said: str) -> None:
    from campaign.organizations.models import Membership

    for membership in session.query(Membership).filter_by(person_id=busy.people["Nigar"].id):
        membership.role = Role.EDITOR
    session.commit()
    result = app.test_cli_runner().invoke(args=["data", *words])
    assert result.exit_code == 1
    assert said in result.output


def test_an_unknown_address_is_an_empty_document(command: Make, session: Session) -> None:
    assert command("export", "unknown@example.org")["kept"] == {}
    assert command("purge", "unknown@example.org", "--yes")["left"] == {}
