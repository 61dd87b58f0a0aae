"""Files become events through the same rules as the form; what is doubtful waits as a draft, and every row is named."""

import csv
from collections import Counter
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from campaign.core.db import transaction
from campaign.core.faults import Invalid
from campaign.demonstration.listings import FOLDER
from campaign.events import importing, reading
from campaign.events.importing import Outcome
from campaign.organizations import queries as organizations
from tests.events.conftest import events

HEAD = "id,title,start_date,city,country,kind,local_time,campaign,summary,organizer\n"


@pytest.fixture(autouse=True)
def today(moved_clock: Any) -> None:
    moved_clock.set(datetime(2026, 11, 24, 12, tzinfo=UTC))


def run(name: str, content: bytes, *, dry_run: bool = False) -> importing.Report:
    with transaction():
        return importing.import_events(reading.read(name, content), "khojaly", dry_run=dry_run)


def take(text: str, **more: Any) -> dict[str, tuple[Outcome, str]]:
    """What became of each row of a CSV, by id."""
    report = run("f.csv", (HEAD + text).encode(), **more)
    return {line.id: (line.outcome, line.reason) for line in report.lines}


def test_a_past_event_is_published_and_a_coming_one_goes_to_the_desk(world, session):
    text = "A".ljust(90, "n")
    found = take(
        "1,Past,2020-02-26,Berlin,DE,ceremony,18:30,,,\n"
        f"2,Coming,2027-02-26,Berlin,DE,ceremony,18:30,,{text},\n"
        "3,Nowhere,2020-02-26,,DE,ceremony,,,,\n"
        "4,Bare,2020,Berlin,DE,other,,,,\n"
    )
    assert found["1"][0] is Outcome.PUBLISHED
    assert found["3"] == (Outcome.DRAFT, "the city is missing")
    assert found["4"][0] is Outcome.DRAFT
    assert found["2"][0] is Outcome.DRAFT  # Nobody may guess who may come, or which language is spoken.
    assert "entry: Say who may come." in found["2"][1]
    past = events(session)[0]
    assert past.starts_local == datetime(2020, 2, 26, 18, 30)
    assert past.starts_at == datetime(2020, 2, 26, 17, 30, tzinfo=UTC)


def test_a_second_run_changes_nothing(world, session):
    text = "1,Past,2020-02-26,Berlin,DE,ceremony,,,,\n2,Draft,2020,Berlin,DE,other,,,,\n"
    take(text)
    before = [(e.id, e.version, e.status) for e in events(session)]
    again = take(text.replace("Past", "Renamed"))
    assert [outcome for outcome, _reason in again.values()] == [Outcome.UNCHANGED] * 2
    assert [(e.id, e.version, e.status) for e in events(session)] == before


def test_a_dry_run_writes_nothing(world, session):
    assert take("1,Past,2020-02-26,Berlin,DE,ceremony,,,,\n", dry_run=True)["1"][0] is Outcome.PUBLISHED
    assert events(session) == []


def test_a_campaign_in_the_row_wins_and_an_unknown_one_is_named(world):
    found = take("1,T,2020-02-26,Berlin,DE,other,,khojaly,,\n2,T,2020-02-26,Berlin,DE,other,,elsewhere,,\n")
    assert found["1"][0] is Outcome.PUBLISHED
    assert found["2"] == (Outcome.REFUSED, "unknown campaign: elsewhere")


def test_rows_that_are_no_events_are_refused_by_line(world):
    rows = reading.read(
        "f.csv", (HEAD + '1,"two\nlines",2020-02-26,Berlin,DE,other,,,,\n,,\n,T,,,,,,,,\n1,Twice,,,,,,,,\n').encode()
    )
    report = importing.import_events(rows, "khojaly", dry_run=False)
    assert [(line.line, line.outcome) for line in report.lines] == [
        (2, Outcome.PUBLISHED),
        (5, Outcome.REFUSED),
        (6, Outcome.REFUSED),
    ]
    assert report.summary == "rows read 3, published 1, drafts 0, unchanged 0, refused 2"


def test_one_line_stays_one_line(world, session):
    take('1,"Two\nlines\u202e",2020-02-26,Berlin,DE,other,,,"First.\n\nSecond.",\n')
    (event,) = events(session)
    assert event.title == "Two lines"
    assert event.details.description == "First.\n\nSecond."


def test_the_zone_follows_from_a_country_that_has_one(world, session):
    found = take("1,T,2020-02-26,Lidice,CZ,other,,,,\n2,T,2020-02-26,Smallville,US,other,,,,\n")
    assert found["1"][0] is Outcome.PUBLISHED
    assert found["2"] == (Outcome.DRAFT, "the city Smallville is not in the gazetteer and no time zone is given")
    lidice = events(session)[0].details
    assert (lidice.time_zone, lidice.latitude) == ("Europe/Prague", None)


def test_organisations_are_found_by_name(world, session):
    museum = world.organization("Museum", "DE")
    take("1,T,2020-02-26,Berlin,DE,other,,,,Embassy; MUSEUM; Nobody known\n")
    (event,) = events(session)
    assert organizations.get(event.organization_id).name == "Embassy"
    assert [host.id for host in event.details.hosts] == [museum.id]
    assert "Nobody known" in event.import_note


def sheet(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stored = BytesIO()
    book.save(stored)
    return stored.getvalue()


def test_excel_and_calendar_files_say_the_same(world, session):
    table = sheet(
        ["External ID", "Title", "Date", "City", "Country", "Type", "Local time"],
        ["X1", "From Excel", date(2020, 2, 26), "Berlin", "DE", "ceremony", time(18, 30)],
    )
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\nBEGIN:VEVENT\r\nUID:X2\r\nDTSTAMP:20200101T000000Z\r\n"
        "DTSTART;TZID=Europe/Berlin:20200226T183000\r\nDTEND;TZID=Europe/Berlin:20200226T200000\r\nSUMMARY:From ICS\r\n"
        "LOCATION:Rathaus\\, Berlin\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    for name, content in (("t.xlsx", table), ("t.ics", calendar.encode())):
        report = run(name, content)
        assert report.counts[Outcome.PUBLISHED] == 1, report.lines
    excel, ics = events(session)
    assert excel.starts_at == ics.starts_at == datetime(2020, 2, 26, 17, 30, tzinfo=UTC)
    assert ics.details.venue == "Rathaus"
    assert ics.country == "DE"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("nonsense", "details: cannot be read"),
        ("[" * 50_000, "details: cannot be read"),
        ('{"mode":"sideways","capacity":true,"sources":"abc"}', "mode: cannot be read; capacity: cannot be read"),
        ('{"access":{"__class__":"yes"},"opening_hours":{"9":"x"}}', "access: cannot be read"),
        ('{"translations":{"xx":{"title":"T","description":""}},"programme":[1]}', "translations: cannot be read"),
        ('{"city_id":1e400,"registration_by":5,"is_free":"no"}', "city_id: cannot be read"),
        ('{"registration_url":"javascript:alert(1)"}', "registration_url: Enter a full address"),
    ],
)
def test_what_a_stranger_wrote_in_our_name_waits_as_a_draft(world, session, said: str, reason: str) -> None:
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\nBEGIN:VEVENT\r\nUID:X\r\nDTSTAMP:20200101T000000Z\r\n"
        "DTSTART;TZID=Europe/Berlin:20200226T183000\r\nSUMMARY:T\r\nLOCATION:Hall\\, Berlin\r\n"
        "X-CAMPAIGN-DETAILS;VALUE=TEXT:" + said.replace(",", "\\,") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (line,) = run("t.ics", calendar.encode()).lines
    assert line.outcome is Outcome.DRAFT
    assert reason in line.reason


def test_an_event_with_a_date_to_come_is_not_past(world, session):
    table = (
        HEAD.strip() + ",details,further_dates\n"
        '1,T,2020-02-26,Berlin,DE,other,18:00,,,,"{""duration"":""dates""}",2027-02-26T18:00/2027-02-26T19:00\n'
    )
    (line,) = run("f.csv", table.encode()).lines
    assert line.outcome is Outcome.DRAFT
    (event,) = events(session)
    assert [one.starts.year for one in event.details.occasions] == [2020, 2027]


def test_times_in_utc_are_told_by_the_clocks_of_the_place(world, session):
    def entry(uid: str, starts: str) -> str:
        return (
            f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20200101T000000Z\r\nDTSTART:{starts}Z\r\nSUMMARY:{uid}\r\n"
            "LOCATION:Hall\\, Berlin\r\nEND:VEVENT\r\n"
        )

    entries = entry("plain", "20200226T173000") + entry("second", "20201025T013000")
    run("t.ics", f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\n{entries}END:VCALENDAR\r\n".encode())
    plain, second = (event.details for event in events(session))
    assert (plain.starts, plain.time_zone) == (datetime(2020, 2, 26, 18, 30), "Europe/Berlin")
    # 02:30 happens twice that night and our times mean the first; this is the second.
    assert (second.starts, second.time_zone) == (datetime(2020, 10, 25, 1, 30), "UTC")


def test_a_calendar_says_what_is_called_off_and_what_lasts_over_midnight(world, session):
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20200101T000000Z\r\n"
        "DTSTART;TZID=Europe/Berlin:20200226T213000\r\nDTEND;TZID=Europe/Berlin:20200227T013000\r\nSUMMARY:Vigil\r\n"
        "LOCATION:Rathaus\\, Berlin\r\nSTATUS:CANCELLED\r\nCATEGORIES:VIGIL,Memory\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (line,) = run("t.ics", calendar.encode()).lines
    assert (line.outcome, line.reason) == (Outcome.DRAFT, "it is cancelled")
    (event,) = events(session)
    assert event.details.type == "vigil"
    assert event.details.ends == datetime(2020, 2, 27, 1, 30)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("f.pdf", b"%PDF", "must end with"),
        ("f.csv", b"\xff\xfei\x00d\x00", "not UTF-8"),
        ("f.csv", b"", "no event in this file"),
        ("f.csv", b"id,title\n", "no event in this file"),
        ("f.csv", HEAD.encode() + b"x,y\n" * 5001, "more than 5000 rows"),
        ("f.csv", b'id,title\n1,"' + b"x" * 200_000, "cannot be read"),
        ("f.xlsx", b"PK\x03\x04 broken", "not a readable Excel file"),
        ("f.xlsx", b"", "not a readable Excel file"),
        ("f.ics", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:cut off", "no event in this file"),
        ("f.ics", b"hello", ""),
    ],
)
def test_a_broken_file_is_answered_with_a_sentence(name, content, words):
    with pytest.raises(Invalid) as refused:
        reading.read(name, content)
    assert words in str(refused.value.message)


def test_a_time_that_cannot_be_read_is_named_and_excel_keeps_the_hour_with_the_day(world, session):
    found = take("1,T,2020-02-26,Berlin,DE,other,evening,,,\n")
    assert found["1"] == (
        Outcome.DRAFT,
        "the time evening cannot be read",
    )
    table = sheet(["id", "title", "date", "city", "country"], ["2", "T", datetime(2020, 2, 26, 18, 30), "Berlin", "DE"])
    assert run("t.xlsx", table).counts[Outcome.PUBLISHED] == 1
    assert events(session)[-1].starts_local == datetime(2020, 2, 26, 18, 30)


def test_hostile_cells_are_refused_or_cleaned(world, session):
    cells = ["\x00", "\ud800", "x" * 100_000, "9" * 400, "<script>", "=cmd()", "-1", "2020-13-45", "PT1H", "🕯"]
    head = next(csv.reader([HEAD]))
    rows = [dict.fromkeys(head, cell) | {"campaign": "khojaly", "id": str(n)} for n, cell in enumerate(cells)]
    with transaction():
        report = importing.import_events(rows, "khojaly", dry_run=False)
    assert {line.outcome for line in report.lines} <= {Outcome.DRAFT, Outcome.REFUSED}
    assert len(report.lines) == len(cells)


def test_the_shipped_archive_is_the_collected_one_and_every_row_is_accounted_for(app):
    """Read without a gazetteer, so that what is said here holds for the file itself; see tests/demonstration."""
    rows = reading.read("events.csv", Path(FOLDER, "events.csv").read_bytes())
    assert len(rows) == 248
    assert len({row["id"] for row in rows}) == 248
    reduced = Counter(row["date_precision"] for row in rows)
    assert (reduced["year"], reduced["month"]) == (25, 2)
    without_city = [row for row in rows if not row["city"] and row["date_precision"] == "day"]
    assert len(without_city) == 10
