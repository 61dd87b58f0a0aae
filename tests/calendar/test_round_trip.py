"""Our own feed, imported into another installation: nothing is lost that the import can carry."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.campaigns import configuration
from campaign.campaigns import queries as campaigns_known
from campaign.campaigns import service as campaigns
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.core.folding import fold
from campaign.events import importing, reading, service
from campaign.events import queries as events
from campaign.events.details import EventDetails, Host, Occasion, ProgrammeItem, Wording
from campaign.events.lifecycle import Answer, Duration, Entry, Mode, Status, Type
from campaign.events.models import Event
from campaign.events.placing import placed
from campaign.organizations import queries as organizations
from campaign.organizations.models import Kind, Organization
from campaign.places import moments
from campaign.places.models import City
from tests.calendar import generated
from tests.calendar.conftest import CONFIGURATION, details, publish
from tests.conftest import Demonstration

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
    found = db.session.scalars(select(Event).where(Event.external_id.is_not(None), Event.external_id != ""))
    return {str(event.external_id): event for event in found}


def when(said: EventDetails) -> list[tuple[Any, ...]]:
    """The instants or the days of each date, with its zone."""
    dates = said.occasions or (Occasion(starts=said.starts or datetime.min, ends=said.ends),)
    if said.duration is Duration.RUN or not said.is_time_known:
        return [("days", one.starts.date(), (one.ends or one.starts).date(), said.time_zone) for one in dates]
    zone = said.time_zone
    return [
        ("instants", *(moments.instant(wall, zone) if wall else None for wall in (one.starts, one.ends)), zone)
        for one in dates
    ]


def test_every_date_keeps_its_instants_and_its_zone_within_its_event(
    app: Flask, client: FlaskClient, campaign: Campaign, elsewhere: Campaign, tmp_path: Path
) -> None:
    published = [
        publish(campaign, wanted.with_changes(city="Nowhere at all", venue="Hall, Annexe"))
        for zone in ZONES
        for wanted in generated.events(zone, details("Los Angeles"))
    ]
    found = imported(app, client, tmp_path)
    assert set(found) == {event.uid for event in published}
    for event in published:
        said, taken = event.details, found[event.uid].details
        assert sorted(when(taken)) == sorted(when(said)), said.title
        assert (taken.duration, len(taken.occasions)) == (said.duration, len(said.occasions))
        assert (taken.city, taken.country, taken.venue) == ("Nowhere at all", "US", "Hall, Annexe")


EVENING = {
    "starts": datetime(2027, 2, 26, 18),
    "ends": datetime(2027, 2, 26, 20, 30),
    "mode": Mode.HYBRID,
    "stream_url": "https://stream.example.org/secret",
    "stream_fallback_url": "https://other.example.org/secret",
    "stream_opens_minutes": 45,
    "is_free": False,
    "price": "5; for pupils 3",
}
MANY = {
    "duration": Duration.DATES,
    "starts": datetime(2027, 2, 26, 18),
    "ends": None,
    "occasions": tuple(
        Occasion(starts=datetime(2027, 2, day, 18), ends=datetime(2027, 2, day, 20) if day > 26 else None)
        for day in (26, 27, 28)
    ),
}
RUN = {
    "duration": Duration.RUN,
    "is_time_known": False,
    "starts": datetime(2027, 2, 26),
    "ends": datetime(2027, 3, 5),
    "opening_hours": {"0": "10:00-18:00", "6": 'closed; ask "Museum"'},
}
FOR_FEW = {"is_address_public": False, "venue": "", "room": "", "address": ""}
# What a file of ours may not say, or what no file carries: the picture.
KEPT_BACK = {"stream_url", "stream_fallback_url", "picture_id", "picture_alt", "picture_credit", "is_picture_sensitive"}


def berlin() -> City:
    return City(
        geoname_id=2950159,
        name="Berlin",
        country="DE",
        latitude=52.5,
        longitude=13.4,
        time_zone="Europe/Berlin",
        population=3_000_000,
    )


@pytest.fixture
def full(session: Session) -> EventDetails:
    """An event of which everything is said, held by two organisations."""
    hosts = [
        Organization(name=name, slug=name[:6].lower(), search_name=fold(name), kind=Kind.EMBASSY, country="DE")
        for name in ("Embassy, section one", "Museum")
    ]
    session.add_all(hosts)
    session.add(berlin())
    session.flush()
    return placed(
        details(
            city_id=2950159,
            title='أمسية, "quoted"; \\ and more',
            description="First line.\n\nSecond, after an empty one; with \\n in it. " * 3,
            language="ar",
            translations={
                "de": Wording(title="Abend; Gedenken", description="Erste Zeile.\n\nZweite, mit \\n."),
                "az": Wording(title="Anım axşamı"),
            },
            hosts=tuple(Host(id=host.id, name=host.name) for host in hosts),
            type=Type.BOOK_PRESENTATION,
            venue="Rathaus, Berlin",
            room="Room 2",
            address="Rathausstr. 1, Berlin",
            spoken=("az", "de"),
            programme=(ProgrammeItem(time="18:15", text="Silence, a minute"), ProgrammeItem(time="", text="2; words")),
            content_note="Photographs of the dead; \\ and names.",
            sources=("https://example.org/a,b", "A book, page 3"),
            entry=Entry.REGISTRATION,
            registration_url="https://example.org/register?a=1;b=2",
            registration_by=date(2027, 2, 20),
            capacity=120,
            access={"step_free": Answer.YES, "captions": Answer.PARTLY, "quiet_room": Answer.NO},
            entry_checks="Photo ID; bags, too.",
            contact_email="desk@example.org",
            contact_phone="+49 30 123, ext. 4",
            contact_url="https://example.org/@desk",
        )
    )


def test_every_field_is_tried(full: EventDetails) -> None:
    plain = EventDetails()
    tried = {
        name
        for changes in ({}, EVENING, MANY, RUN, FOR_FEW)
        for name in EventDetails.__dataclass_fields__
        if getattr(full.with_changes(**changes), name) != getattr(plain, name)
    }
    assert tried | KEPT_BACK == set(EventDetails.__dataclass_fields__)


@pytest.mark.parametrize("changes", [EVENING, MANY, RUN, FOR_FEW], ids=["evening", "many", "run", "for few"])
def test_no_public_field_is_left_out(
    app: Flask,
    client: FlaskClient,
    campaign: Campaign,
    elsewhere: Campaign,
    tmp_path: Path,
    full: EventDetails,
    changes: dict[str, Any],
) -> None:
    said = full.with_changes(**changes)
    first, *further = said.hosts
    said = said.with_changes(hosts=tuple(further))
    event = publish(campaign, said, organizations.get(first.id))
    taken = imported(app, client, tmp_path)[event.uid]
    page = f"http://localhost/e/{event.ref}"
    expected = said.with_changes(
        description=said.description.strip(),
        sources=(*said.sources, page),
        stream_url=page if said.stream_url else "",
        stream_fallback_url="",
    )
    assert taken.details == expected
    assert taken.organization_id == first.id


def test_the_address_of_a_stream_is_in_no_file(client: FlaskClient, campaign: Campaign, full: EventDetails) -> None:
    event = publish(campaign, full.with_changes(**EVENING))
    for address in (f"/e/{event.ref}.ics", "/feeds/remembrance.ics"):
        assert "secret" not in client.get(address).get_data(as_text=True).replace("\r\n ", "")


def test_an_address_for_few_stays_with_them(
    app: Flask, client: FlaskClient, campaign: Campaign, elsewhere: Campaign, tmp_path: Path
) -> None:
    event = publish(campaign, details(address="Secret street 1", room="Secret room", is_address_public=False))
    assert "Secret" not in client.get("/feeds/remembrance.ics").get_data(as_text=True).replace("\r\n ", "")
    taken = imported(app, client, tmp_path)[event.uid].details
    assert (taken.venue, taken.address, taken.city) == ("", "", "Berlin")


def test_what_is_called_off_waits_for_a_person(
    app: Flask, client: FlaskClient, campaign: Campaign, elsewhere: Campaign, tmp_path: Path
) -> None:
    event = publish(campaign, details())
    service.cancel(event, by=None, reason="The hall is closed.")
    taken = imported(app, client, tmp_path)[event.uid]
    assert (taken.title, taken.details.description) == (event.title, event.details.description.strip())
    assert taken.status is Status.DRAFT
    assert "it is cancelled" in taken.import_note


def test_the_whole_demonstration(demonstration: Demonstration) -> None:
    file = demonstration.app.test_client().get("/feeds/khojaly.ics?from=2026-01-01").data
    # Not by the command: what the demonstration's tests share must stay as it is.
    report = importing.import_events(reading.read("feed.ics", file), "kwibuka", dry_run=False)
    assert report.counts[importing.Outcome.SUBMITTED] > 30
    campaign = campaigns_known.find_by_slug("kwibuka")
    assert campaign is not None
    assert len(report.lines) > 50
    for line in report.lines:
        taken = events.find_imported(campaign.id, line.id)
        known = db.session.scalars(select(Event).where(Event.uid == line.id)).one()
        assert taken is not None
        said, read = known.details, taken.details
        differs = {name for name in EventDetails.__dataclass_fields__ if getattr(said, name) != getattr(read, name)}
        assert differs <= KEPT_BACK | {"sources", "is_time_known"}, said.title
        assert read.sources[:-1] == said.sources
