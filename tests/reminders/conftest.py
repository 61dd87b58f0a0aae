"""A published event in Berlin, readers of it, and an office that sends to the test's mailbox."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from campaign.accounts.models import Person
from campaign.accounts.tokens import Links
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core.db import transaction
from campaign.events import queries as events
from campaign.events import service as listing
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Entry, Status, Type
from campaign.events.models import Event
from campaign.mail import engine
from campaign.mail.engine import Tally
from campaign.mail.office import Office
from campaign.reminders import queries, service
from campaign.reminders.models import Kind, Subscription

TODAY = datetime(2027, 2, 10, 9, 30, tzinfo=UTC)


def details(**changes: Any) -> EventDetails:
    return EventDetails(
        title="Evening of remembrance",
        description="An evening in memory of the people killed in Khojaly, with music and a minute of silence.",
        type=Type.CEREMONY,
        starts=datetime(2027, 2, 26, 17),
        ends=datetime(2027, 2, 26, 19),
        time_zone="Europe/Berlin",
        venue="Main hall",
        address="Sample Street 12",
        city="Berlin",
        country="DE",
        spoken=("de", "en"),
        entry=Entry.OPEN,
    ).with_changes(**changes)


@pytest.fixture
def today(moved_clock: Any) -> datetime:
    """10 February 2027, 09:30 UTC."""
    moved_clock.set(TODAY)
    return TODAY


@pytest.fixture
def publish(session: Any, today: datetime) -> Callable[..., Event]:
    """Publish an event with these details."""

    def one(by: Person | None = None, **changes: Any) -> Event:
        with transaction():
            campaign = session.query(Campaign).filter_by(slug="khojaly").one_or_none()
            if campaign is None:
                campaign = Campaign(slug="khojaly", names={"en": "Khojaly"}, month=2, day=26, settings={})
                session.add(campaign)
                session.flush()
            event = listing.draft(details(**changes), campaign=campaign, by=by, organization_id=None)
            event.move_to(Status.SUBMITTED)
            listing.publish(event, by=None)
        found = events.find(event.id)
        assert found is not None
        return found

    return one


@pytest.fixture
def links(app: Flask) -> Links:
    return Links.of(app.extensions["settings"])


@pytest.fixture
def subscribe(session: Any) -> Callable[..., Subscription]:
    """Ask and confirm; the letter that asks for it never leaves."""

    def one(event: Event, email: str = "reader@example.org", language: str = "en", zone: str = "") -> Subscription:
        with transaction():
            service.ask(service.event_wish(event), email=email, language=language, zone=zone)
            reader = queries.reader_of(email)
            assert reader is not None
            service.confirm(reader, service.pending(reader))
            found = queries.of_topic(reader.id, f"event:{event.id}")
            assert found is not None
        return found

    return one


@pytest.fixture
def follow(session: Any) -> Callable[..., Subscription]:
    """Ask for letters about a filter of the campaign, and confirm."""

    def one(kind: Kind, query: str = "", email: str = "reader@example.org", zone: str = "Europe/Berlin") -> Any:
        with transaction():
            wish = service.filter_wish(kind, campaigns.get_by_slug("khojaly").id, query)
            service.ask(wish, email=email, language="en", zone=zone)
            reader = queries.reader_of(email)
            assert reader is not None
            service.confirm(reader, service.pending(reader))
        return queries.of_topic(reader.id, wish.topic)

    return one


@pytest.fixture
def change(session: Any) -> Callable[..., None]:
    """Approve a change of the listing, as the desk does."""

    def one(event: Event, **changes: Any) -> None:
        from campaign.events.models import Revision

        with transaction():
            revision = Revision(
                event_id=event.id,
                base_sequence=event.sequence,
                stored_details=event.details.with_changes(**changes).to_json(),
            )
            session.add(revision)
            session.flush()
            listing.apply_revision(event, revision, by=None)  # type: ignore[arg-type]

    return one


@pytest.fixture
def send(mailbox: Any, moved_clock: Any) -> Callable[..., list[Any]]:
    """Move the clock to a UTC time if one is given, send what is due, and get what newly arrived."""
    office = Office(smtp_url=f"{mailbox.url}?tls=none", mail_from="Remembrance Calendar <calendar@example.org>")

    def now(at: str = "") -> list[Any]:
        if at:
            moved_clock.set(datetime.fromisoformat(at).replace(tzinfo=UTC))
        before = len(mailbox.messages)
        tally: Tally = engine.send_due(office)
        assert not tally.deferred
        return list(mailbox.messages[before:])

    return now
