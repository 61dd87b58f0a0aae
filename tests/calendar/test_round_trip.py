"""Our own feed, imported into another installation: nothing is lost that the import can carry."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.calendar.models import Listing
from campaign.campaigns import configuration
from campaign.campaigns import service as campaigns
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.core.folding import fold
from campaign.events import service
from campaign.events.details import EventDetails, Host
from campaign.events.lifecycle import Duration, Status, Type
from campaign.events.models import Event
from campaign.organizations.models import Kind, Organization
from campaign.places import moments
from tests.calendar import generated
from tests.calendar.conftest import CONFIGURATION, details, publish

ZONES = ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham")


@pytest.fixture
def elsewhere(campaign: Campaign) -> Campaign:
    """Another calendar that nothing is in; the ids of what is imported are kept for each calendar by itself."""
    return campaigns.take_over(
        configuration.read(CONFIGURATION.replace("campaign: remembrance", "campaign: elsewhere"))
    )


def imported(app: Flask, client: FlaskClient, folder: Path) -> dict[str, Event]:
    """The feed of one calendar, taken over by the command into the other, by UID."""
    file = folder / "feed.ics"
    file.write_bytes(client.get("/feeds/remembrance.ics?from=2026-01-01").data)
    done = app.test_cli_runner().invoke(args=["events", "import", str(file), "--campaign", "elsewhere"])
    assert done.exit_code == 0, done.output
    assert "refused 0" in done.output
    again = app.test_cli_runner().invoke(args=["events", "import", str(file), "--campaign", "elsewhere"])
    assert "published 0, drafts 0" in again.output
    events = db.session.scalars(select(Event).where(Event.external_id.is_not(None), Event.external_id != ""))
    return {str(event.external_id): event for event in events}


def when(said: EventDetails, starts: datetime, ends: datetime | None) -> tuple[Any, ...]:
    """The instants or the days of a date, with its zone."""
    if said.duration is Duration.RUN or not said.is_time_known:
        return "days", starts.date(), (ends or starts).date(), said.time_zone
    return "instants", *(moments.instant(x, said.time_zone) if x else None for x in (starts, ends)), said.time_zone


def test_every_date_keeps_its_instants_and_its_zone(
    app: Flask, client: FlaskClient, campaign: Campaign, elsewhere: Campaign, tmp_path: Path
) -> None:
    published = [
        publish(campaign, wanted.with_changes(city="Nowhere at all", venue="Hall, Annexe"))
        for zone in ZONES
        for wanted in generated.events(zone, details("Los Angeles"))
    ]
    known = {event.id: event for event in published}
    listings = db.session.scalars(select(Listing)).all()
    found = imported(app, client, tmp_path)
    assert len(found) == len(listings) > 60
    for listing in listings:
        said = known[listing.event_id].details
        uid = known[listing.event_id].uid + (f"-{listing.position}" if listing.position else "")
        ends = listing.card["ends"]
        expected = when(said, listing.starts_local, datetime.fromisoformat(ends) if ends else None)
        taken = found[uid].details
        assert taken.starts is not None
        assert when(taken, taken.starts, taken.ends) == expected, said.title
        assert (taken.city, taken.country, taken.venue) == ("Nowhere at all", "US", "Hall, Annexe")


def test_every_text_keeps_its_place(
    app: Flask, client: FlaskClient, campaign: Campaign, elsewhere: Campaign, tmp_path: Path, session: Session
) -> None:
    hosts = [
        Organization(name=name, slug=name[:6].lower(), search_name=fold(name), kind=Kind.EMBASSY, country="DE")
        for name in ("Embassy, section one", "Museum")
    ]
    session.add_all(hosts)
    session.flush()
    said = details(
        title='أمسية, "quoted"; \\ and more',
        description="First line.\n\nSecond, after an empty one; with \\n in it. " * 3,
        type=Type.BOOK_PRESENTATION,
        venue="Rathaus, Berlin",
        room="Room 2",
        address="Rathausstr. 1, Berlin",
        spoken=("az", "de"),
        hosts=(Host(id=hosts[1].id, name=hosts[1].name),),
    )
    event = publish(campaign, said, hosts[0])
    taken = imported(app, client, tmp_path)[event.uid]
    carried = ("title", "description", "type", "city", "country", "spoken", "mode", "starts", "ends", "hosts")
    for name in carried:
        before, now = getattr(said, name), getattr(taken.details, name)
        assert now == (before.strip() if isinstance(before, str) else before), name
    assert taken.details.venue == "Rathaus, Berlin, Room 2, Rathausstr. 1, Berlin"
    assert taken.organization_id == hosts[0].id
    assert taken.details.sources == (f"http://localhost/e/{event.ref}",)


def test_an_address_for_few_stays_with_them(
    app: Flask, client: FlaskClient, campaign: Campaign, elsewhere: Campaign, tmp_path: Path
) -> None:
    event = publish(campaign, details(address="Secret street 1", is_address_public=False))
    taken = imported(app, client, tmp_path)[event.uid].details
    assert (taken.venue, taken.address, taken.city) == ("", "", "Berlin")


def test_what_is_called_off_waits_for_a_person(
    app: Flask, client: FlaskClient, campaign: Campaign, elsewhere: Campaign, tmp_path: Path
) -> None:
    event = publish(campaign, details())
    service.cancel(event, by=None, reason="The hall is closed.")
    taken = imported(app, client, tmp_path)[event.uid]
    assert taken.status is Status.DRAFT
    assert "it is cancelled" in taken.import_note
