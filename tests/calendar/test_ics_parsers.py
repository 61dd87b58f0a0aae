"""Every calendar file we serve, read by three parsers that share no code: accepted, with equal instants and texts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.calendar import contents, listings
from campaign.calendar.models import Listing, listing_vevents
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events import service
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Status
from campaign.places import moments
from tests.calendar import generated, parsers
from tests.calendar.conftest import details, publish
from tests.calendar.parsers import Read
from tests.conftest import Demonstration

pytestmark = pytest.mark.any_engine

FILTERS = ("", "country=DE", "type=exhibition&type=screening", "near=Berlin&r=200", "month=2027-02&lang=ar", "q=music")
Expected = dict[str, tuple[datetime | date, datetime | date | None]]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return parsers.build_libical(tmp_path_factory.mktemp("libical"))


def served(client: FlaskClient, folder: Path, addresses: Iterable[str]) -> list[Path]:
    """The files at these addresses."""
    files = []
    for number, address in enumerate(addresses):
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "text/calendar"), address
        files.append(folder / f"{number}.ics")
        files[-1].write_bytes(answer.data)
    return files


def agreed(files: list[Path], program: Path) -> list[Read]:
    """What all three read, which is the same."""
    by_python, by_javascript, by_c = parsers.python(files), parsers.icaljs(files), parsers.libical(program, files)
    assert by_javascript == by_python
    assert by_c == by_python
    return by_python


def expected() -> Expected:
    """From UID to start and end of every listing, by the rules of the installation."""
    texts = select(Listing, listing_vevents.c.vevent).join(listing_vevents, listing_vevents.c.listing_id == Listing.id)
    return {_uid(vevent): (_start(row), _end(row)) for row, vevent in db.session.execute(texts)}


def _uid(vevent: bytes) -> str:
    return vevent.partition(b"UID:")[2].partition(b"\r\n")[0].decode()


def _is_all_day(row: Listing) -> bool:
    return row.duration == "run" or not row.card["time_known"]


def _start(row: Listing) -> datetime | date:
    return row.starts_on if _is_all_day(row) else row.starts_at


def _end(row: Listing) -> datetime | date | None:
    if _is_all_day(row):
        return row.ends_on + timedelta(days=1)
    ends = row.card["ends"]
    return moments.instant(datetime.fromisoformat(ends), row.time_zone) if ends else None


def test_the_whole_demonstration(demonstration: Demonstration, tmp_path: Path, program: Path) -> None:
    client = demonstration.app.test_client()
    rows = db.session.execute(select(Listing.ref, Listing.campaign_id)).all()
    files = served(client, tmp_path, [f"/e/{ref}.ics" for ref in sorted({ref for ref, _campaign in rows})])
    read = agreed(files, program)
    assert len(read) == len(rows) > 250
    assert {one.uid: (one.starts, one.ends) for one in read} == expected()
    assert {one.status for one in read} == {"CONFIRMED", "CANCELLED", "TENTATIVE"}
    alone = {one.uid: replace(one, file="") for one in read}
    feeds = served(client, tmp_path, [f"/feeds/khojaly.ics?{query}" for query in FILTERS])
    everything = served(client, tmp_path, ["/feeds/khojaly.ics?from=1990-01-01"])
    for one in agreed([*feeds, *everything], program):
        assert replace(one, file="") == alone[one.uid]


def test_where_clocks_are_difficult(client: FlaskClient, campaign: Campaign, tmp_path: Path, program: Path) -> None:
    listed(campaign, [wanted for zone in generated.ZONES for wanted in generated.events(zone, details())])
    together = agreed(served(client, tmp_path, ["/feeds/remembrance.ics?from=2026-01-01"]), program)
    assert len(together) > 700
    assert {one.uid: (one.starts, one.ends) for one in together} == expected()
    refs = sorted(set(db.session.scalars(select(Listing.ref).where(Listing.position > 0))))
    assert len(refs) == len(generated.ZONES)
    alone = agreed(served(client, tmp_path, [f"/e/{ref}.ics" for ref in refs]), program)
    assert {replace(one, file="") for one in alone} < {replace(one, file="") for one in together}


def test_a_file_that_says_what_is_left_out(
    client: FlaskClient, campaign: Campaign, tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for city in ("Baku", "Berlin", "Auckland"):
        publish(campaign, details(city))
    monkeypatch.setattr(contents, "MOST", 2)
    files = served(client, tmp_path, [f"/feeds/remembrance.ics?lang={language}" for language in ("en", "az", "ar")])
    assert all(b"\r\nX-WR-CALDESC:" in file.read_bytes() for file in files)
    assert len(agreed(files, program)) == 6


def listed(campaign: Campaign, wanted: Iterable[EventDetails]) -> None:
    """Make these public, without what else a publication sets going."""
    events = [service.draft(one, campaign=campaign, by=None, organization_id=None) for one in wanted]
    for event in events:
        event.move_to(Status.SUBMITTED)
        event.move_to(Status.PUBLISHED)
    listings.renew(events)


HOSTILE = (
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT1M\r\nEND:VALARM",
    "x\nATTACH:https://evil.example/\nBEGIN:VEVENT",
    'tab\there, comma; semicolon \\ backslash \\n not a line "quoted" ^n ^^',
    "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029next",
    "ünïcödé " * 20 + "أمسية تذكارية " * 20 + "追悼の夕べ" * 20 + "🕯️" * 40,
    "e\u0301" * 60,
)
TEXTS = ("title", "venue", "address", "room", "content_note", "entry_checks", "contact_phone")


def test_what_people_write_is_only_text(client: FlaskClient, campaign: Campaign, tmp_path: Path, program: Path) -> None:
    events = [publish(campaign, details(description=text * 2, **dict.fromkeys(TEXTS, text))) for text in HOSTILE]
    service.cancel(events[0], by=None, reason=HOSTILE[0])
    files = served(client, tmp_path, [f"/e/{event.ref}.ics" for event in events])
    read = agreed(files, program)
    assert len(read) == len(HOSTILE)
    for one, event in zip(read, events, strict=True):
        assert one.summary.endswith(_kept(event.details.title))
        assert _kept(event.details.description) in one.description
    for file in files:
        oracle(file.read_bytes())


def _kept(text: str) -> str:
    """A text without the control characters that iCalendar has no place for (RFC 5545, 3.1)."""
    return "".join(c for c in text.replace("\r\n", "\n") if c >= " " or c in "\n\t").strip()


def oracle(content: bytes) -> None:
    """RFC 5545, 3.1: lines end with CRLF, are at most 75 octets long, are cut between letters, hold no controls."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")[:-1]
    for line in lines:
        assert len(line) <= 75, line
        line.decode()
        assert not any((octet < 0x20 and octet != 0x09) or octet == 0x7F for octet in line), line
    names = [line.partition(b":")[0].partition(b";")[0] for line in lines if not line.startswith(b" ")]
    assert not {b"ATTACH", b"ATTENDEE", b"ACTION", b"TRIGGER", b"RRULE"} & set(names)
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT") == 1
