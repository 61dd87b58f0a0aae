"""Letters that come by the calendar: their days, what they tell, and the measure of a week."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from campaign.core.db import transaction
from campaign.events import service as listing
from campaign.reminders import queries, regular, rhythm, service
from campaign.reminders.models import Kind

Any_ = Callable[..., Any]
DAY = date(2027, 2, 26)


def _text(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("kind", "since", "until", "letters"),
    [
        # Mondays and Thursdays; together they tell of every day at least one day ahead.
        (
            Kind.COMING,
            "2027-02-21",
            "2027-03-01",
            ["22 10h: 23-25", "25 10h: 26-1"],
        ),
        (Kind.WEEKLY, "2027-02-15", "2027-03-01", ["15 10h: 15-21", "22 10h: 22-28"]),
        (Kind.DAY, "2027-02-01", "2027-03-01", ["19 10h: 26-26", "26 8h: 26-26"]),
        (Kind.DAY, "2027-02-26T07:30", "2027-03-01", []),
    ],
)
def test_when_letters_come(kind: Kind, since: str, until: str, letters: list[str]) -> None:
    span = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (since, until)]
    found = [
        f"{x.on.day} {x.at.astimezone(UTC).hour + 1}h: {x.first.day}-{x.last.day}"
        for x in rhythm.between(kind, "Europe/Berlin", DAY, *span)
    ]
    assert found == letters


def test_every_day_is_told_before_it_comes() -> None:
    since, until = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
    told = [
        x.first.toordinal() + n
        for x in rhythm.between(Kind.COMING, "Asia/Baku", DAY, since, until)
        for n in range((x.last - x.first).days + 1)
    ]
    assert told == list(range(told[0], told[-1] + 1))
    assert all(x.first > x.on for x in rhythm.between(Kind.COMING, "Asia/Baku", DAY, since, until))


@pytest.mark.parametrize("zone", ["", "No/Where"])
def test_without_a_zone_the_day_is_that_of_utc(zone: str) -> None:
    (letter,) = rhythm.between(
        Kind.WEEKLY, zone, DAY, datetime(2027, 2, 21, tzinfo=UTC), datetime(2027, 2, 23, tzinfo=UTC)
    )
    assert letter.at == datetime(2027, 2, 22, 10, tzinfo=UTC)


def test_what_is_coming_twice_a_week(publish: Any_, follow: Any_, send: Any_, moved_clock: Any) -> None:
    publish()
    publish(title="In Paris", city="Paris", country="FR", time_zone="Europe/Paris")
    publish(title="Gedenken in München", city="Munich", starts=datetime(2027, 2, 27, 18), ends=None)
    follow(Kind.COMING, "country=DE")
    send()
    moved_clock.set(datetime(2027, 2, 24, 6, tzinfo=UTC))
    assert regular.sweep() == 1
    assert regular.sweep() == 0
    assert send("2027-02-25T08:59") == []
    (letter,) = send("2027-02-25T09:00")
    assert letter["Subject"] == "From 26 February 2027: 2 events, Germany"
    assert "Evening of remembrance\nFriday, 26 February 2027, from 17:00 to 19:00 Berlin time" in _text(letter)
    assert "Gedenken in München" in _text(letter)
    assert "Paris" not in _text(letter)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nothing_to_tell_is_no_letter(publish: Any_, follow: Any_, moved_clock: Any, send: Any_) -> None:
    event = publish()
    follow(Kind.COMING, "country=FR")
    follow(Kind.COMING, "country=DE")
    moved_clock.set(datetime(2027, 2, 24, 22, tzinfo=UTC))
    assert regular.sweep() == 1
    with transaction():
        listing.cancel(event, by=None, reason="")
    assert [m["Subject"] for m in send("2027-02-25T10:00") if "Germany" in str(m["Subject"])] == []


def test_the_week(publish: Any_, follow: Any_, send: Any_, moved_clock: Any) -> None:
    publish()
    follow(Kind.WEEKLY)
    send()
    moved_clock.set(datetime(2027, 2, 14, 12, tzinfo=UTC))
    assert regular.sweep() == 1
    (new,) = send("2027-02-15T09:00")
    assert "This week no event takes place" in _text(new)
    assert "One event was newly listed in the last seven days:" in _text(new)
    moved_clock.set(datetime(2027, 2, 21, 12, tzinfo=UTC))
    assert regular.sweep() == 1
    (week,) = send("2027-02-22T09:00")
    assert week["Subject"] == "The week of 22 February 2027: Khojaly"
    assert "one event takes place" in _text(week)
    assert "newly listed" not in _text(week)


def test_the_day_of_remembrance(publish: Any_, follow: Any_, send: Any_, moved_clock: Any) -> None:
    for number in range(15):
        publish(title=f"Evening {number}")
    follow(Kind.DAY, zone="America/New_York")
    send()
    moved_clock.set(datetime(2027, 2, 19, 6, tzinfo=UTC))
    assert regular.sweep() == 1
    (early,) = send("2027-02-19T15:00")
    assert early["Subject"] == "26 February 2027: 15 events, Khojaly"
    assert "In one week, 26 February 2027, is the day of remembrance." in _text(early)
    assert "3 more events are on this page:" in _text(early)
    assert "(11:00 to 13:00 in New York)" in _text(early)
    moved_clock.set(datetime(2027, 2, 26, 6, tzinfo=UTC))
    assert regular.sweep() == 1
    (today,) = send("2027-02-26T13:00")
    assert today["Subject"] == "Today, 26 February 2027: 15 events, Khojaly"


def test_a_week_has_two_letters_and_reminders_go_first(
    publish: Any_, follow: Any_, subscribe: Any_, send: Any_, moved_clock: Any
) -> None:
    """Reminders of Tuesday and Thursday; what is sent about filters on Monday and Thursday gives way."""
    subscribe(publish(starts=datetime(2027, 2, 24, 18), ends=None), zone="Europe/Berlin")
    subscribe(publish(), zone="Europe/Berlin")
    for kind in (Kind.COMING, Kind.WEEKLY, Kind.DAY):
        follow(kind)
    send()
    send("2027-02-20T12:00")
    subjects = []
    for day in range(22, 29):
        moved_clock.set(datetime(2027, 2, day, 5, tzinfo=UTC))
        regular.sweep()
        subjects += [str(m["Subject"]) for m in send(f"2027-02-{day}T20:00")]
    assert subjects == [
        "Tomorrow, 18:00 in Berlin: Evening of remembrance",
        "Tomorrow, 17:00 in Berlin: Evening of remembrance",
    ]


def test_letters_about_filters_share_the_measure(publish: Any_, follow: Any_, send: Any_, moved_clock: Any) -> None:
    publish()
    publish(title="On Wednesday", starts=datetime(2027, 2, 24, 18), ends=None)
    for kind in (Kind.COMING, Kind.WEEKLY, Kind.DAY):
        follow(kind)
    send()
    sent = []
    for day in range(22, 29):
        moved_clock.set(datetime(2027, 2, day, 5, tzinfo=UTC))
        regular.sweep()
        sent += send(f"2027-02-{day}T20:00")
    assert len(sent) == 2


def test_the_year_in_review_is_one_letter_however_much_is_followed(
    publish: Any_, follow: Any_, send: Any_, moved_clock: Any
) -> None:
    """Whoever stops following one thing still reads of the other; who follows nothing any more reads nothing."""
    publish()
    wishes = [follow(kind, email=f"{name}@example.org") for name in "abc" for kind in (Kind.WEEKLY, Kind.DAY)]
    send()
    moved_clock.set(datetime(2027, 3, 18, 12, tzinfo=UTC))
    assert [regular.sweep(), regular.sweep()] == [3, 0]
    with transaction():
        for wish in (wishes[2], *wishes[4:]):
            service.stop(queries.get_reader(wish.reader_id), [queries.find(wish.id)])
    assert [regular.sweep(), regular.sweep()] == [1, 0]
    letters = send("2027-03-19T09:00")
    assert {m["To"]: m["Subject"] for m in letters} == dict.fromkeys(
        ["a@example.org", "b@example.org"], "26 February 2027 in review"
    )
    assert len(letters) == 2


def test_stopping_ends_just_that(
    publish: Any_, follow: Any_, send: Any_, moved_clock: Any, client: FlaskClient
) -> None:
    publish()
    follow(Kind.WEEKLY)
    follow(Kind.COMING)
    send()
    moved_clock.set(datetime(2027, 2, 21, 12, tzinfo=UTC))
    assert regular.sweep() == 1
    (week,) = send("2027-02-22T09:00")
    stop = week["List-Unsubscribe"].removeprefix("<http://localhost").removesuffix(">")
    assert client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with transaction():
        reader = queries.reader_of("reader@example.org")
        assert [s.kind for s in queries.of_reader(reader.id) if s.is_active] == [Kind.COMING]


def test_who_was_told_hears_of_a_change(
    publish: Any_, follow: Any_, change: Any_, send: Any_, moved_clock: Any
) -> None:
    told, other = publish(), publish(title="In Paris", city="Paris", country="FR", time_zone="Europe/Paris")
    follow(Kind.COMING, "country=DE")
    follow(Kind.WEEKLY, "country=DE", email="second@example.org")
    send()
    change(told, venue="Garden")
    assert send() == []
    moved_clock.set(datetime(2027, 2, 24, 22, tzinfo=UTC))
    regular.sweep()
    assert len(send("2027-02-25T09:00")) == 1
    change(other, venue="Garden")
    assert send() == []
    change(told, starts=datetime(2027, 2, 26, 18))
    (notice,) = send()
    assert (notice["To"], notice["Subject"]) == (
        "reader@example.org",
        "Changed: Berlin now begins at 18:00 (was 17:00)",
    )


def test_who_follows_both_ways_is_told_once(
    publish: Any_, follow: Any_, subscribe: Any_, send: Any_, moved_clock: Any
) -> None:
    event = publish()
    follow(Kind.COMING)
    subscribe(event, zone="Europe/Berlin")
    send()
    send("2027-02-19T12:00")
    moved_clock.set(datetime(2027, 2, 24, 22, tzinfo=UTC))
    regular.sweep()
    assert len(send("2027-02-25T09:00")) == 2
    with transaction():
        listing.cancel(event, by=None, reason="The hall is closed.")
    assert [m["Subject"] for m in send()] == ["Cancelled: Evening of remembrance"]
