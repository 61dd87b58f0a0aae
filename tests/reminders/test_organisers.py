"""Letters to organisers: about their events, and about the coming edition."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from flask.testing import FlaskClient

from campaign import schedule
from campaign.accounts import service as accounts
from campaign.accounts.models import OptionalLetter, Person
from campaign.campaigns.models import Campaign
from campaign.core.db import transaction
from campaign.events import service as listing
from campaign.events.details import EventDetails, Occasion
from campaign.events.lifecycle import Duration, Status
from campaign.events.models import Event
from campaign.mail.models import Letter
from campaign.reminders import nightly, regular
from campaign.reminders.organisers import dates, seasons, sweeping

Any_ = Callable[..., Any]


@pytest.fixture
def organiser(session: Any) -> Person:
    with transaction():
        person = Person(email="organiser@example.org", name="Leyla Example", time_zone="Europe/Berlin")
        session.add(person)
    return person


@pytest.fixture
def hold(publish: Any_, session: Any, organiser: Person) -> Callable[..., Event]:
    """Publish an event of the organiser."""
    return lambda **changes: publish(by=organiser, **changes)


def _text(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def _to_organiser(letters: list[Any]) -> list[str]:
    return [str(m["Subject"]) for m in letters if m["To"] == "organiser@example.org"]


@pytest.mark.parametrize(
    ("details", "zone", "checks", "reports"),
    [
        (
            {"starts": datetime(2027, 2, 26, 17), "ends": datetime(2027, 2, 26, 19), "time_zone": "Europe/Berlin"},
            "Asia/Baku",
            ["7 2027-02-19T06:00", "1 2027-02-25T06:00"],
            ["1 2027-02-27T14:00", "2 2027-03-05T18:00 late"],
        ),
        # The end in the night moves the question to eight in the morning.
        (
            {"starts": datetime(2027, 2, 26, 20), "ends": datetime(2027, 2, 27, 2), "time_zone": "Europe/Berlin"},
            "",
            ["7 2027-02-19T09:00", "1 2027-02-25T09:00"],
            ["1 2027-02-28T07:00", "2 2027-03-06T07:00"],
        ),
        # Before the first of several dates, and after the last.
        (
            {
                "duration": Duration.DATES,
                "occasions": (Occasion(starts=datetime(2027, 2, 20, 18)), Occasion(starts=datetime(2027, 2, 27, 18))),
                "time_zone": "Asia/Baku",
            },
            "",
            ["7 2027-02-13T06:00", "1 2027-02-19T06:00"],
            ["1 2027-02-28T14:00", "2 2027-03-07T04:00"],
        ),
        ({}, "Asia/Baku", [], []),
    ],
)
def test_when_organisers_hear(details: dict[str, Any], zone: str, checks: list[str], reports: list[str]) -> None:
    said = EventDetails(**details)
    assert [f"{n.step} {n.at:%Y-%m-%dT%H:%M}" for n in dates.checks(said, zone)] == checks
    wanted = [text.removesuffix(" late") for text in reports]
    found = [f"{n.step} {n.at:%Y-%m-%dT%H:%M}" for n in dates.reports(said, zone)]
    if any(text.endswith("late") for text in reports):
        # 22:00 in Baku is night: the letter waits for the morning.
        assert found == [wanted[0], "2 2027-03-06T04:00"]
    else:
        assert found == wanted


def test_the_dates_of_an_edition() -> None:
    day = date(2027, 2, 26)
    found = [(kind.value, on.isoformat(), number) for kind, on, number in dates.season(day)]
    assert found == [
        ("season_hold", "2026-11-03", 1),
        ("season_open", "2026-12-04", 1),
        ("season_deadline", "2027-01-22", 1),
        ("season_deadline", "2027-02-05", 2),
        ("season_review", "2027-03-19", 1),
    ]
    assert date(2026, 11, 3).weekday() == 1
    assert dates.submit_by(day, "02-18") == date(2027, 2, 18)
    assert dates.submit_by(date(2027, 1, 3), "12-20") == date(2026, 12, 20)
    for wrong in ("", "x", "02-31", "2-x"):
        assert dates.submit_by(day, wrong) == date(2027, 2, 18)


def test_who_does_without_them_gets_neither_check_nor_question(hold: Any_, send: Any_, organiser: Person) -> None:
    """Both were planned before; whoever wants them again gets the next."""
    hold()
    with transaction():
        choices = dict.fromkeys((OptionalLetter.CHECK, OptionalLetter.REPORT, OptionalLetter.DRAFT), False)
        accounts.choose_letters(organiser, choices)
    assert _to_organiser(send("2027-02-19T09:00")) == []
    with transaction():
        accounts.choose_letters(organiser, {OptionalLetter.CHECK: True})
    assert len(_to_organiser(send("2027-02-25T09:00"))) == 1
    assert _to_organiser(send("2027-03-06T18:00")) == []


def test_please_check_and_how_it_went(hold: Any_, send: Any_) -> None:
    event = hold()
    assert _to_organiser(send("2027-02-19T08:59")) == []
    (check,) = send("2027-02-19T09:00")
    assert check["Subject"] == "Please check: 26 February, 17:00, Berlin"
    assert "in one week your event takes place." in _text(check)
    assert f"http://localhost/my/events/{event.ref}" in _text(check)
    assert "tomorrow your event takes place." in _text(send("2027-02-25T09:00")[0])
    (report,) = send("2027-02-27T14:00")
    assert report["Subject"] == "How did the event in Berlin go? Four short answers"
    assert "We ask once more in a week" in _text(report)
    (last,) = send("2027-03-05T18:00")
    assert "This is the last time that we ask." in _text(last)
    assert send("2027-04-01T00:00") == []


def test_six_events_are_one_letter(hold: Any_, send: Any_) -> None:
    for number in range(6):
        hold(title=f"Evening {number}", city="Berlin" if number else "Potsdam")
    (check,) = send("2027-02-19T09:00")
    assert check["Subject"] == "Please check your 6 events"
    assert all(f"Evening {number}" in _text(check) for number in range(6))
    send("2027-02-25T10:00")
    (report,) = send("2027-02-27T14:00")
    assert report["Subject"] == "How did your 6 events go? Four short answers"


def test_an_event_that_moves_takes_its_letters_along(hold: Any_, change: Any_, send: Any_) -> None:
    event = hold()
    change(event, starts=datetime(2027, 3, 5, 18), ends=datetime(2027, 3, 5, 19))
    assert send("2027-02-20T00:00") == []
    (check,) = send("2027-02-26T09:00")
    assert check["Subject"] == "Please check: 5 March, 18:00, Berlin"
    with transaction():
        listing.cancel(event, by=None, reason="")
    assert _to_organiser(send("2027-03-20T00:00")) == []


def test_the_nightly_plan_finds_nothing_of_organisers(hold: Any_, change: Any_, session: Any) -> None:
    event = hold()
    change(event, starts=datetime(2027, 2, 27, 18), ends=datetime(2027, 2, 27, 19))
    assert nightly.plan_all() == 0
    with transaction():
        session.query(Letter).filter_by(kind="event_report").delete()
    assert nightly.plan_all() == 2
    assert nightly.plan_all() == 0


def test_a_draft_is_saved_once(session: Any, organiser: Person, hold: Any_, send: Any_, moved_clock: Any) -> None:
    hold()
    with transaction():
        campaign = session.query(Campaign).one()
        for title in ("Evening of remembrance", ""):
            listing.draft(EventDetails(title=title), campaign=campaign, by=organiser, organization_id=None)
    moved_clock.shift(timedelta(hours=23))
    assert sweeping.sweep() == 0
    moved_clock.shift(timedelta(hours=2))
    assert sweeping.sweep() == 1
    assert sweeping.sweep() == 0
    (letter,) = send()
    assert letter["Subject"] == "Your 2 drafts are saved"
    assert "An event without a title yet" in _text(letter)
    moved_clock.shift(timedelta(hours=24))
    assert sweeping.sweep() == 0


def test_organisers_are_written_to_where_letters_to_readers_fail(
    app: Any, session: Any, organiser: Person, hold: Any_, moved_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = hold()
    with transaction():
        listing.draft(event.details, campaign=session.query(Campaign).one(), by=organiser, organization_id=None)
    moved_clock.shift(timedelta(hours=25))
    monkeypatch.setattr(regular, "sweep", Mock(side_effect=RuntimeError))
    celery = app.extensions["celery"]
    celery.loader.import_default_modules()
    for task in {entry["task"] for entry in schedule.ENTRIES.values() if entry["task"].startswith("reminders.sweep")}:
        with suppress(RuntimeError):
            celery.tasks[task].run()
    assert session.query(Letter).filter_by(kind="event_draft").count() == 1


def test_a_draft_that_was_sent_is_not_reminded_of(
    session: Any, organiser: Person, hold: Any_, send: Any_, moved_clock: Any
) -> None:
    event = hold()
    with transaction():
        draft = listing.draft(event.details, campaign=session.query(Campaign).one(), by=organiser, organization_id=None)
    moved_clock.shift(timedelta(hours=25))
    assert sweeping.sweep() == 1
    with transaction():
        draft.move_to(Status.SUBMITTED)
    assert _to_organiser(send()) == []


def test_a_question_is_asked_again_once(
    session: Any, organiser: Person, hold: Any_, send: Any_, moved_clock: Any
) -> None:
    event = hold()
    with transaction():
        asked = listing.draft(event.details, campaign=session.query(Campaign).one(), by=organiser, organization_id=None)
        asked.move_to(Status.SUBMITTED)
        listing.ask_for_change(asked, by=organiser, question="When does it end?", marks={})
    moved_clock.shift(timedelta(hours=47))
    assert sweeping.sweep() == 0
    moved_clock.shift(timedelta(hours=2))
    assert (sweeping.sweep(), sweeping.sweep()) == (1, 0)
    (letter,) = send()
    assert letter["Subject"] == "Still open: a question about your event in Berlin"
    assert "When does it end?" in _text(letter)


def test_the_letters_of_an_edition(hold: Any_, send: Any_, moved_clock: Any, session: Any) -> None:
    hold(starts=datetime(2026, 2, 26, 17), ends=datetime(2026, 2, 26, 19))
    seen = []
    for day in ("2026-11-03", "2026-12-04", "2027-01-22", "2027-02-05"):
        moved_clock.set(datetime.fromisoformat(f"{day}T04:00").replace(tzinfo=UTC))
        assert (sweeping.sweep(), sweeping.sweep()) == (1, 0)
        assert send(f"{day}T08:59") == []
        seen += send(f"{day}T09:00")
    assert [str(m["Subject"]) for m in seen] == [
        "Hold the date: 26 February 2027",
        "Registration for 26 February 2027 is open",
        "Events sent by 18 February 2027 are reviewed in time",
        "Events sent by 18 February 2027 are reviewed in time",
    ]
    (file,) = seen[0].iter_attachments()
    assert "DTSTART;VALUE=DATE:20270226" in file.get_payload(decode=True).decode()
    assert "METHOD:PUBLISH" in file.get_payload(decode=True).decode()
    assert all(m["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" for m in seen)


def test_who_has_sent_something_hears_of_no_deadline(hold: Any_, send: Any_, moved_clock: Any) -> None:
    hold(starts=datetime(2026, 2, 26, 17), ends=datetime(2026, 2, 26, 19))
    hold()
    moved_clock.set(datetime(2027, 2, 5, 4, tzinfo=UTC))
    assert sweeping.sweep() == 0


def test_the_year_in_review(hold: Any_, send: Any_, moved_clock: Any) -> None:
    hold()
    hold(title="In Paris", city="Paris", country="FR", time_zone="Europe/Paris")
    moved_clock.set(datetime(2027, 3, 19, 4, tzinfo=UTC))
    assert sweeping.sweep() == 1
    letter = next(m for m in send("2027-03-19T09:00") if "review" in str(m["Subject"]))
    assert letter["Subject"] == "26 February 2027 in review"
    assert "2 events were listed." in _text(letter)
    assert "Cities: 2\nCountries: 2" in _text(letter)


def test_one_click_ends_letters_about_coming_years(
    hold: Any_, send: Any_, moved_clock: Any, client: FlaskClient, links: Any, organiser: Person
) -> None:
    hold(starts=datetime(2026, 2, 26, 17), ends=datetime(2026, 2, 26, 19))
    moved_clock.set(datetime(2026, 11, 3, 4, tzinfo=UTC))
    sweeping.sweep()
    (letter,) = send("2026-11-03T09:00")
    stop = letter["List-Unsubscribe"].removeprefix("<http://localhost").removesuffix(">")
    assert "Stop these letters" in client.get(stop).text
    answer = client.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.data) == (200, b"")
    moved_clock.set(datetime(2026, 12, 4, 4, tzinfo=UTC))
    assert sweeping.sweep() == 0
    assert "Write to me again" in client.get(stop).text
    assert client.post(stop, data={"resume": "1"}).status_code == 200
    assert sweeping.sweep() == 1
    for wrong in ("x", links.token("season", [organiser.id, "x"]), links.token("season", ["1"]), links.token("x", [1])):
        assert client.get(f"/u/s/{wrong}").status_code == 404


def test_the_letters_carry_no_page_of_somebody_else(organiser: Person, links: Any) -> None:
    token = seasons.stop_token(organiser, links)
    assert seasons.read_stop_token(token, links).id == organiser.id
