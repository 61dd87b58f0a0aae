"""When reminders fall due: wall time of the event, over the awkward days of many zones."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.events.details import EventDetails, Occasion
from campaign.events.lifecycle import Duration
from campaign.reminders import due

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def _due(start: str, zone: str, after: datetime = LONG_AGO, **more: object) -> dict[str, str]:
    details = EventDetails(starts=datetime.fromisoformat(start), time_zone=zone, **more)  # type: ignore[arg-type]
    return {r.offset: f"{r.at:%Y-%m-%dT%H:%M}" for r in due.reminders(details, after)}


@pytest.mark.parametrize(
    ("start", "zone", "week", "day"),
    [
        ("2027-02-27T18:00", "Asia/Baku", "2027-02-20T14:00", "2027-02-26T14:00"),
        ("2027-02-26T12:00", "Asia/Kathmandu", "2027-02-19T06:15", "2027-02-25T06:15"),
        ("2027-02-26T12:00", "America/St_Johns", "2027-02-19T15:30", "2027-02-25T15:30"),
        ("2027-02-26T09:00", "Pacific/Auckland", "2027-02-18T20:00", "2027-02-24T20:00"),
        # Clocks change between the reminder and the event; the wall time stays.
        ("2027-04-04T18:00", "Pacific/Auckland", "2027-03-28T05:00", "2027-04-03T05:00"),
        ("2027-03-14T18:00", "America/St_Johns", "2027-03-07T21:30", "2027-03-13T21:30"),
        ("2027-03-28T18:00", "Europe/Berlin", "2027-03-21T17:00", "2027-03-27T17:00"),
        # The reminder itself falls into a gap (moves forward) and into a fold (the first).
        ("2027-03-29T02:30", "Europe/Berlin", "2027-03-22T01:30", "2027-03-28T01:30"),
        ("2027-11-01T02:30", "Europe/Berlin", "2027-10-25T00:30", "2027-10-31T00:30"),
        # The event starts in a gap.
        ("2027-03-28T02:30", "Europe/Berlin", "2027-03-21T01:30", "2027-03-27T01:30"),
        # Samoa left out 30 December 2011.
        ("2011-12-31T12:00", "Pacific/Apia", "2011-12-24T22:00", "2011-12-30T22:00"),
    ],
)
def test_a_week_and_a_day_before_in_wall_time(start: str, zone: str, week: str, day: str) -> None:
    assert _due(start, zone) == {"P7D": week, "P1D": day}


def test_what_is_past_is_not_planned() -> None:
    after = datetime(2027, 2, 20, 14, tzinfo=UTC)
    assert _due("2027-02-27T18:00", "Asia/Baku", after - timedelta(seconds=1)).keys() == {"P7D", "P1D"}
    assert _due("2027-02-27T18:00", "Asia/Baku", after).keys() == {"P1D"}
    assert _due("2027-02-27T18:00", "Asia/Baku", datetime(2027, 2, 26, 14, tzinfo=UTC)) == {}


def test_a_reminder_that_waits_is_planned_again_until_the_next_one() -> None:
    details = EventDetails(starts=datetime(2027, 2, 27, 18), time_zone="Asia/Baku")
    week, day = datetime(2027, 2, 20, 14, tzinfo=UTC), datetime(2027, 2, 26, 14, tzinfo=UTC)
    late = list(due.reminders(details, week + timedelta(minutes=5), also={(0, "P7D")}))
    assert [(r.offset, r.until) for r in late] == [("P7D", day), ("P1D", day + timedelta(days=1))]
    assert [r.offset for r in due.reminders(details, day - timedelta(minutes=1), also={(0, "P7D")})] == ["P7D", "P1D"]
    assert [r.offset for r in due.reminders(details, day, also={(0, "P7D")})] == []


@pytest.mark.parametrize("more", [{"is_time_known": False}, {"duration": Duration.RUN}])
def test_without_an_hour_letters_come_in_the_morning(more: dict[str, object]) -> None:
    assert _due("2027-02-26T00:00", "Asia/Baku", **more)["P1D"] == "2027-02-25T06:00"


def test_every_date_has_its_reminders() -> None:
    dates = tuple(Occasion(starts=datetime(2027, 2, day, 18)) for day in (20, 27))
    details = EventDetails(duration=Duration.DATES, occasions=dates, time_zone="Asia/Baku")
    after = datetime(2027, 2, 18, tzinfo=UTC)
    assert [(r.position, r.offset) for r in due.reminders(details, after)] == [(0, "P1D"), (1, "P7D"), (1, "P1D")]


def test_when_it_is_over() -> None:
    plain = EventDetails(starts=datetime(2027, 2, 26, 18), time_zone="Asia/Baku")
    assert due.over_at(plain) == datetime(2027, 2, 26, 16, tzinfo=UTC)
    run = plain.with_changes(duration=Duration.RUN, starts=datetime(2027, 2, 1), ends=datetime(2027, 2, 28))
    assert due.over_at(run) == datetime(2027, 2, 28, 20, tzinfo=UTC)
