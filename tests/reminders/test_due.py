"""When reminders fall due: ten in the morning by the reader's clock, over the awkward days of many zones."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.events.details import EventDetails, Occasion
from campaign.events.lifecycle import Duration, Mode
from campaign.places.nights import waking
from campaign.reminders import due

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def _due(start: str, zone: str, after: datetime = LONG_AGO, reader: str = "", **more: object) -> dict[str, str]:
    days = more.pop("days", (7, 1))
    details = EventDetails(starts=datetime.fromisoformat(start), time_zone=zone, **more)  # type: ignore[arg-type]
    found = due.reminders(details, after, zone=reader, days=days)  # type: ignore[arg-type]
    return {r.offset: f"{r.at:%Y-%m-%dT%H:%M}" for r in found}


@pytest.mark.parametrize(
    ("start", "zone", "week", "day"),
    [
        ("2027-02-27T18:00", "Asia/Baku", "2027-02-20T06:00", "2027-02-26T06:00"),
        ("2027-02-26T12:00", "Asia/Kathmandu", "2027-02-19T04:15", "2027-02-25T04:15"),
        ("2027-02-26T12:00", "America/St_Johns", "2027-02-19T13:30", "2027-02-25T13:30"),
        ("2027-02-26T09:00", "Pacific/Auckland", "2027-02-18T21:00", "2027-02-24T21:00"),
        # Clocks change between the reminder and the event; ten o'clock stays ten o'clock.
        ("2027-04-04T18:00", "Pacific/Auckland", "2027-03-27T21:00", "2027-04-02T21:00"),
        ("2027-03-14T18:00", "America/St_Johns", "2027-03-07T13:30", "2027-03-13T13:30"),
        ("2027-03-28T18:00", "Europe/Berlin", "2027-03-21T09:00", "2027-03-27T09:00"),
        ("2027-03-29T02:30", "Europe/Berlin", "2027-03-22T09:00", "2027-03-28T08:00"),
        ("2027-11-01T02:30", "Europe/Berlin", "2027-10-25T08:00", "2027-10-31T09:00"),
        # It starts in a gap.
        ("2027-03-28T02:30", "Europe/Berlin", "2027-03-21T09:00", "2027-03-27T09:00"),
        # Samoa left out 30 December 2011: the day before became the day itself, still before the event.
        ("2011-12-31T12:00", "Pacific/Apia", "2011-12-24T20:00", "2011-12-30T20:00"),
    ],
)
def test_at_ten_by_the_clock_of_the_event(start: str, zone: str, week: str, day: str) -> None:
    assert _due(start, zone) == {"P7D": week, "P1D": day}


@pytest.mark.parametrize(
    ("start", "zone", "reader", "day"),
    [
        # 17:00 in Berlin is 08:00 in Los Angeles on the same day.
        ("2027-02-26T17:00", "Europe/Berlin", "America/Los_Angeles", "2027-02-25T18:00"),
        # 07:00 in Berlin is 22:00 of the day before in Los Angeles: so is the day before.
        ("2027-02-26T07:00", "Europe/Berlin", "America/Los_Angeles", "2027-02-24T18:00"),
        # 17:00 in Berlin is 05:00 of the next day in Auckland.
        ("2027-02-26T17:00", "Europe/Berlin", "Pacific/Auckland", "2027-02-25T21:00"),
        ("2027-02-26T09:00", "Pacific/Auckland", "America/Los_Angeles", "2027-02-24T18:00"),
        ("2027-02-26T17:00", "Europe/Berlin", "Pacific/Kiritimati", "2027-02-25T20:00"),
        ("2027-02-26T17:00", "Europe/Berlin", "No/Where", "2027-02-25T09:00"),
    ],
)
def test_at_ten_by_the_clock_of_the_reader(start: str, zone: str, reader: str, day: str) -> None:
    assert _due(start, zone, reader=reader)["P1D"] == day


def test_only_the_days_that_were_wished_for() -> None:
    assert _due("2027-02-27T18:00", "Asia/Baku", days=(0,)) == {"P0D": "2027-02-27T04:00"}
    assert _due("2027-02-27T18:00", "Asia/Baku", days=()) == {}


@pytest.mark.parametrize(
    ("start", "zone", "reader", "days", "letters"),
    [
        ("2027-02-27T07:00", "Asia/Baku", "", (0,), {"P1D": "2027-02-26T06:00"}),
        ("2027-02-27T08:00", "Asia/Baku", "", (0,), {"P1D": "2027-02-26T06:00"}),
        ("2027-02-27T08:01", "Asia/Baku", "", (0,), {"P0D": "2027-02-27T04:00"}),
        ("2027-02-27T07:00", "Asia/Baku", "", (1, 0), {"P1D": "2027-02-26T06:00"}),
        ("2027-02-27T07:00", "Asia/Baku", "", (7, 0), {"P7D": "2027-02-20T06:00", "P1D": "2027-02-26T06:00"}),
        # 18:00 in Los Angeles is 06:00 of the next day in Baku; 07:00 in London is 02:00 in New York.
        ("2027-02-26T18:00", "America/Los_Angeles", "Asia/Baku", (0,), {"P1D": "2027-02-26T06:00"}),
        ("2027-02-26T07:00", "Europe/London", "America/New_York", (0,), {"P1D": "2027-02-25T15:00"}),
    ],
)
def test_where_the_morning_of_the_day_is_too_late_the_letter_comes_the_day_before(
    start: str, zone: str, reader: str, days: tuple[int, ...], letters: dict[str, str]
) -> None:
    assert _due(start, zone, reader=reader, days=days) == letters


def test_with_no_reminder_left_nothing_is_planned() -> None:
    """Samoa left out the day before: ten o'clock of that day came after the beginning."""
    assert _due("2011-12-31T09:00", "Pacific/Apia", days=(1,)) == {}


@pytest.mark.parametrize("mode", [Mode.ONLINE, Mode.HYBRID])
def test_what_can_be_joined_from_afar_is_reminded_of_two_hours_before(mode: Mode) -> None:
    assert _due("2027-03-28T03:30", "Europe/Berlin", mode=mode)["PT2H"] == "2027-03-27T23:30"
    assert "PT2H" not in _due("2027-03-28T00:00", "Europe/Berlin", mode=mode, is_time_known=False)
    assert "PT2H" not in _due("2027-03-28T03:30", "Europe/Berlin", mode=mode, days=())


def test_what_is_past_is_not_planned() -> None:
    after = datetime(2027, 2, 20, 6, tzinfo=UTC)
    assert _due("2027-02-27T18:00", "Asia/Baku", after - timedelta(seconds=1)).keys() == {"P7D", "P1D"}
    assert _due("2027-02-27T18:00", "Asia/Baku", after).keys() == {"P1D"}
    assert _due("2027-02-27T18:00", "Asia/Baku", datetime(2027, 2, 26, 6, tzinfo=UTC)) == {}


def test_a_reminder_that_waits_is_planned_again_until_the_next_one() -> None:
    details = EventDetails(starts=datetime(2027, 2, 27, 18), time_zone="Asia/Baku")
    week, day = datetime(2027, 2, 20, 6, tzinfo=UTC), datetime(2027, 2, 26, 6, tzinfo=UTC)
    late = list(due.reminders(details, week + timedelta(minutes=5), also={(0, "P7D")}))
    assert [(r.offset, r.until) for r in late] == [("P7D", day), ("P1D", datetime(2027, 2, 27, 14, tzinfo=UTC))]
    assert [r.offset for r in due.reminders(details, day - timedelta(minutes=1), also={(0, "P7D")})] == ["P7D", "P1D"]
    assert [r.offset for r in due.reminders(details, day, also={(0, "P7D")})] == []


@pytest.mark.parametrize("more", [{"is_time_known": False}, {"duration": Duration.RUN}])
def test_without_an_hour_the_day_counts(more: dict[str, object]) -> None:
    assert _due("2027-02-26T00:00", "Asia/Baku", **more)["P1D"] == "2027-02-25T06:00"


def test_an_exhibition_is_reminded_of_before_it_closes() -> None:
    ends = datetime(2027, 2, 28)
    run = _due("2027-02-01T00:00", "Asia/Baku", duration=Duration.RUN, ends=ends)
    assert run["LAST"] == "2027-02-26T06:00"
    assert "LAST" not in _due("2027-02-26T00:00", "Asia/Baku", duration=Duration.RUN, ends=ends)
    is_open = _due("2027-02-01T00:00", "Asia/Baku", datetime(2027, 2, 20, tzinfo=UTC), duration=Duration.RUN, ends=ends)
    assert is_open.keys() == {"LAST"}


def test_every_date_has_its_reminders() -> None:
    dates = tuple(Occasion(starts=datetime(2027, 2, day, 18)) for day in (20, 27))
    details = EventDetails(duration=Duration.DATES, occasions=dates, time_zone="Asia/Baku")
    after = datetime(2027, 2, 18, tzinfo=UTC)
    assert [(r.position, r.offset) for r in due.reminders(details, after)] == [(0, "P1D"), (1, "P7D"), (1, "P1D")]


def test_when_it_is_over() -> None:
    plain = EventDetails(starts=datetime(2027, 2, 26, 18), time_zone="Asia/Baku")
    assert due.over_at(plain) == datetime(2027, 2, 26, 18, tzinfo=UTC)
    run = plain.with_changes(duration=Duration.RUN, starts=datetime(2027, 2, 1), ends=datetime(2027, 2, 28))
    assert due.over_at(run) == datetime(2027, 2, 28, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        ("2027-02-26T12:00", "Asia/Baku", "2027-02-26T12:00"),  # 16:00
        ("2027-02-26T16:59", "Asia/Baku", "2027-02-26T16:59"),  # 20:59
        ("2027-02-26T17:00", "Asia/Baku", "2027-02-27T04:00"),  # 21:00
        ("2027-02-26T20:00", "Asia/Baku", "2027-02-27T04:00"),  # Midnight.
        ("2027-02-27T03:59", "Asia/Baku", "2027-02-27T04:00"),
        ("2027-02-27T04:00", "Asia/Baku", "2027-02-27T04:00"),
        # The night in which the clocks change is an hour shorter, and an hour longer.
        ("2027-03-27T21:00", "Europe/Berlin", "2027-03-28T06:00"),
        ("2027-10-30T20:00", "Europe/Berlin", "2027-10-31T07:00"),
        ("2027-10-31T01:30", "Europe/Berlin", "2027-10-31T07:00"),
        # Half an hour of summer time, and a date line.
        ("2026-10-03T15:45", "Australia/Lord_Howe", "2026-10-03T21:00"),
        ("2027-02-26T08:00", "Pacific/Kiritimati", "2027-02-26T18:00"),
        ("2027-02-26T22:00", "", "2027-02-26T22:00"),
        ("2027-02-26T22:00", "No/Where", "2027-02-26T22:00"),
    ],
)
def test_nobody_is_woken(at: str, zone: str, expected: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert waking(moment, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)
