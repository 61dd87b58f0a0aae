"""Wall time to instant, over the awkward days of many zones."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.places import moments


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "zone", "expected"),
    [
        ("2027-02-26T18:00", "Asia/Baku", "2027-02-26T14:00"),
        ("2027-02-26T12:00", "Asia/Kathmandu", "2027-02-26T06:15"),
        ("2027-02-26T12:00", "America/St_Johns", "2027-02-26T15:30"),
        ("2027-02-26T12:00", "Pacific/Auckland", "2027-02-25T23:00"),
        ("2027-07-26T12:00", "Pacific/Auckland", "2027-07-26T00:00"),
        ("2027-02-26T12:00", "America/Los_Angeles", "2027-02-26T20:00"),
        ("2027-02-26T12:00", "Europe/Berlin", "2027-02-26T11:00"),
        ("2027-01-01T00:00", "Pacific/Kiritimati", "2026-12-31T10:00"),
        ("2028-02-29T23:30", "Europe/Berlin", "2028-02-29T22:30"),
        # Gaps move forward by their length.
        ("2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:30"),
        ("2027-03-14T02:30", "America/Los_Angeles", "2027-03-14T10:30"),
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45"),
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T22:00"),
        ("2024-03-31T00:30", "Asia/Beirut", "2024-03-30T22:30"),
        ("2024-04-26T00:30", "Africa/Cairo", "2024-04-25T22:30"),
        ("2024-03-10T00:30", "America/Havana", "2024-03-10T05:30"),
        # Folds mean the first.
        ("2027-10-31T02:30", "Europe/Berlin", "2027-10-31T00:30"),
        ("2027-11-07T01:30", "America/Los_Angeles", "2027-11-07T08:30"),
        ("2027-04-04T01:45", "Australia/Lord_Howe", "2027-04-03T14:45"),
    ],
)
def test_instant(wall: str, zone: str, expected: str) -> None:
    assert moments.instant(datetime.fromisoformat(wall), zone) == _utc(expected)


@pytest.mark.parametrize(
    ("wall", "zone", "gap", "fold"),
    [
        ("2027-03-28T01:59", "Europe/Berlin", False, False),
        ("2027-03-28T02:00", "Europe/Berlin", True, False),
        ("2027-03-28T02:59", "Europe/Berlin", True, False),
        ("2027-03-28T03:00", "Europe/Berlin", False, False),
        ("2027-10-31T02:00", "Europe/Berlin", False, True),
        ("2027-10-31T03:00", "Europe/Berlin", False, False),
        ("2026-10-04T02:15", "Australia/Lord_Howe", True, False),
        ("2026-10-04T02:30", "Australia/Lord_Howe", False, False),
        ("2027-04-04T01:45", "Australia/Lord_Howe", False, True),
        ("2011-12-30T12:00", "Pacific/Apia", True, False),
        ("2024-03-31T00:00", "Asia/Beirut", True, False),
        ("2024-04-26T00:00", "Africa/Cairo", True, False),
        ("2024-03-10T00:00", "America/Havana", True, False),
        ("2027-02-26T18:00", "Asia/Baku", False, False),
    ],
)
def test_gaps_and_folds(wall: str, zone: str, gap: bool, fold: bool) -> None:
    at = datetime.fromisoformat(wall)
    assert (moments.is_gap(at, zone), moments.is_fold(at, zone)) == (gap, fold)


@pytest.mark.parametrize(
    ("wall", "zone", "code", "expected"),
    [
        ("2027-02-27T18:00", "Asia/Baku", "P1D", "2027-02-26T14:00"),
        ("2027-03-29T18:00", "Europe/Berlin", "P7D", "2027-03-22T17:00"),
        ("2027-03-29T18:00", "Europe/Berlin", "P1W", "2027-03-22T17:00"),
        ("2027-03-28T03:30", "Europe/Berlin", "PT2H", "2027-03-27T23:30"),
        ("2027-10-31T03:30", "Europe/Berlin", "PT2H", "2027-10-31T00:30"),
        ("2027-03-28T03:30", "Europe/Berlin", "PT30M", "2027-03-28T01:00"),
        ("2027-03-29T02:30", "Europe/Berlin", "P1D", "2027-03-28T01:30"),
        ("2027-11-01T02:30", "Europe/Berlin", "P1D", "2027-10-31T00:30"),
        ("2027-03-31T10:00", "Asia/Baku", "P1M", "2027-02-28T06:00"),
        ("2028-03-31T10:00", "Asia/Baku", "P1M", "2028-02-29T06:00"),
        ("2028-03-01T10:00", "Asia/Baku", "P1D", "2028-02-29T06:00"),
        ("2028-01-31T10:00", "Asia/Baku", "P1M", "2027-12-31T06:00"),
        # The day before the 31st did not exist on Samoa: the reminder moves to the event itself, never after it.
        ("2011-12-31T10:00", "Pacific/Apia", "P1D", "2011-12-30T20:00"),
    ],
)
def test_before(wall: str, zone: str, code: str, expected: str) -> None:
    assert moments.before(datetime.fromisoformat(wall), zone, code) == _utc(expected)


@pytest.mark.parametrize(
    "code", ["", "P", "PT", "1D", "P1D ", "P1D\n", "P-1D", "P1Y", "P1DT2H", "PT2", "P١D", "P99999D"]
)
def test_other_offsets_are_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not an offset"):
        moments.before(datetime(2027, 2, 26, 18), "Asia/Baku", code)


def test_an_aware_wall_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        moments.instant(datetime(2027, 2, 26, tzinfo=UTC), "Asia/Baku")


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="not a time zone"):
        moments.instant(datetime(2027, 2, 26), "../etc/passwd")


def test_a_second_fold_mark_changes_nothing() -> None:
    wall = datetime(2027, 10, 31, 2, 30)
    assert moments.instant(wall.replace(fold=1), "Europe/Berlin") == moments.instant(wall, "Europe/Berlin")


def test_elapsed_time_is_elapsed() -> None:
    wall = datetime(2027, 3, 28, 4, 0)
    start = moments.instant(wall, "Europe/Berlin")
    assert start - moments.before(wall, "Europe/Berlin", "PT24H") == timedelta(hours=24)
    assert start - moments.before(wall, "Europe/Berlin", "P1D") == timedelta(hours=23)
