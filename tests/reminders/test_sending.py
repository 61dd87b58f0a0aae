"""Letters leave at their instant, not before, and follow the listing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from campaign.core.db import transaction
from campaign.events import service as listing
from campaign.events.lifecycle import Mode
from campaign.mail import service as mail
from campaign.mail.models import Letter
from campaign.reminders import nightly, queries, service
from campaign.reminders.models import Subscription

Send = Callable[..., list[Any]]
Any_ = Callable[..., Any]


def _text(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def test_a_week_and_a_day_before_and_not_a_minute_earlier(publish: Any_, subscribe: Any_, send: Send) -> None:
    subscribe(publish())
    (confirmation,) = send()
    assert confirmation["Subject"] == "Reminder set: Berlin, 26 February, 17:00"
    assert send("2027-02-19T08:59") == []
    (week,) = send("2027-02-19T09:00")
    assert week["Subject"] == "In one week in Berlin: Evening of remembrance"
    assert send("2027-02-25T08:59") == []
    (day,) = send("2027-02-25T09:00")
    assert day["Subject"] == "Tomorrow, 17:00 in Berlin: Evening of remembrance"
    assert "Friday, 26 February 2027, from 17:00 to 19:00 Berlin time" in _text(day)
    assert send("2027-03-01T00:00") == []


@pytest.mark.parametrize(
    ("zone", "times"),
    [
        ("Asia/Baku", ("2027-02-27T18:00", "2027-02-26T05:59", "2027-02-26T06:00")),
        ("Asia/Kathmandu", ("2027-02-26T12:00", "2027-02-25T04:14", "2027-02-25T04:15")),
        ("America/St_Johns", ("2027-03-15T02:30", "2027-03-14T12:29", "2027-03-14T12:30")),
        ("Pacific/Auckland", ("2027-04-04T18:00", "2027-04-02T20:59", "2027-04-02T21:00")),
    ],
)
def test_the_day_before_in_the_zone_of_the_event(
    publish: Any_, subscribe: Any_, send: Send, zone: str, times: tuple[str, str, str]
) -> None:
    start, early, at = times
    starts = datetime.fromisoformat(start)
    subscribe(publish(time_zone=zone, starts=starts, ends=starts + timedelta(hours=1)))
    send()
    assert len(send(str(starts.date() - timedelta(days=3)))) == 1
    assert send(early) == []
    (letter,) = send(at)
    assert letter["Subject"].startswith("Tomorrow, ")


def test_who_comes_late_is_told_so(publish: Any_, subscribe: Any_, send: Send, moved_clock: Any) -> None:
    event = publish()
    moved_clock.set(datetime.fromisoformat("2027-02-22T12:00+00:00"))
    subscribe(event, "four-days@example.org")
    (letter,) = send()
    assert "- Thursday, 25 February 2027" in _text(letter)
    assert "19 February" not in _text(letter)
    moved_clock.set(datetime.fromisoformat("2027-02-26T12:00+00:00"))
    subscribe(event, "last-minute@example.org")
    letters = {m["To"]: m for m in send()}
    assert "no further reminder will come" in _text(letters["last-minute@example.org"])
    assert "This is today:" in _text(letters["four-days@example.org"])


def test_a_new_time_calls_the_old_plan_back_and_is_told(
    publish: Any_, subscribe: Any_, change: Any_, send: Send, session: Any
) -> None:
    event = publish()
    subscribe(event)
    send()
    change(event, starts=datetime(2027, 2, 26, 19), ends=datetime(2027, 2, 26, 21))
    (notice,) = send()
    assert notice["Subject"] == "Changed: Berlin now begins at 19:00 (was 17:00)"
    assert "from 19:00 to 21:00 Berlin time" in _text(notice)
    assert "It was to take place:\nFriday, 26 February 2027, from 17:00 to 19:00 Berlin time" in _text(notice)
    assert send("2027-02-25T08:59") != []  # The letter of one week before, held up until now.
    assert [m["Subject"] for m in send("2027-02-25T09:00")] == ["Tomorrow, 19:00 in Berlin: Evening of remembrance"]


def test_other_words_are_no_reason_to_write(publish: Any_, subscribe: Any_, change: Any_, send: Send) -> None:
    event = publish()
    subscribe(event)
    send()
    change(event, description="Other words, of the same length and the same meaning, about the same evening.")
    assert send() == []
    assert len(send("2027-02-19T09:00")) == 1


def test_a_change_hides_no_earlier_change_that_was_not_told_yet(
    publish: Any_, subscribe: Any_, change: Any_, send: Send
) -> None:
    event = publish()
    subscribe(event)
    send()
    change(event, venue="Garden")
    change(event, description="Other words, of the same length and the same meaning, about the same evening.")
    (notice,) = send()
    assert "Place before: Main hall, Sample Street 12, Berlin" in _text(notice)
    change(event, venue="Library")
    change(event, venue="Garden")
    assert send() == []


def test_a_reminder_that_was_due_is_not_forgotten_over_an_edit(
    publish: Any_, subscribe: Any_, change: Any_, send: Send, moved_clock: Any
) -> None:
    event = publish()
    subscribe(event)
    send()
    send("2027-02-19T09:00")
    moved_clock.set(datetime.fromisoformat("2027-02-25T09:00:20+00:00"))
    change(event, description="Other words, of the same length and the same meaning, about the same evening.")
    assert [m["Subject"] for m in send()] == ["Tomorrow, 17:00 in Berlin: Evening of remembrance"]


def test_what_was_said_is_not_said_twice(publish: Any_, subscribe: Any_, change: Any_, send: Send) -> None:
    event = publish()
    subscribe(event)
    send()
    send("2027-02-19T09:00")
    assert len(send("2027-02-25T09:00")) == 1
    change(event, starts=datetime(2027, 2, 26, 18))
    assert [m["Subject"] for m in send("2027-02-26T00:00")] == ["Changed: Berlin now begins at 18:00 (was 17:00)"]
    change(event, starts=datetime(2027, 3, 5, 18), ends=datetime(2027, 3, 5, 19))
    send()
    assert [m["Subject"] for m in send("2027-03-04T09:00")] == ["Tomorrow, 18:00 in Berlin: Evening of remembrance"]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("cancel", ("Cancelled: Evening of remembrance", "This event was cancelled.")),
        ("postpone", ("Postponed: Evening of remembrance", "A new date will be announced on its page.")),
        ("withdraw", ("Withdrawn: Evening of remembrance", "The organiser took this listing back.")),
    ],
)
def test_an_end_is_told_and_nothing_follows(
    publish: Any_, subscribe: Any_, send: Send, act: str, said: tuple[str, str]
) -> None:
    event = publish()
    subscribe(event)
    send()
    with transaction():
        more = {} if act == "withdraw" else {"reason": "The hall is closed."}
        getattr(listing, act)(event, by=None, **more)
    (notice,) = send()
    assert notice["Subject"] == said[0]
    assert said[1] in _text(notice)
    assert ("Reason given: The hall is closed." in _text(notice)) is (act != "withdraw")
    assert ("Sample Street" in _text(notice)) is (act != "withdraw")
    assert send("2027-02-19T09:00") == []
    assert send("2027-02-25T09:00") == []


def test_a_postponed_event_with_a_new_date_reminds_anew(
    publish: Any_, subscribe: Any_, change: Any_, send: Send
) -> None:
    event = publish()
    subscribe(event)
    with transaction():
        listing.postpone(event, by=None, reason="")
    send()
    change(event, starts=datetime(2027, 3, 20, 18), ends=datetime(2027, 3, 20, 20))
    assert [m["Subject"] for m in send()] == ["Changed: Berlin, now on 20 March at 18:00"]
    assert len(send("2027-03-13T09:00")) == 1
    assert len(send("2027-03-19T09:00")) == 1


def test_nobody_is_told_of_changes_to_what_is_over(publish: Any_, subscribe: Any_, change: Any_, send: Send) -> None:
    event = publish()
    subscribe(event)
    send("2027-03-01T00:00")
    change(event, venue="Garden")
    assert send() == []


def test_an_address_that_was_taken_back_stays_back(publish: Any_, subscribe: Any_, change: Any_, send: Send) -> None:
    event = publish()
    subscribe(event)
    send()
    change(event, is_address_public=False, starts=datetime(2027, 2, 26, 18))
    (notice,) = send()
    assert "Sample Street" not in notice.as_string()


def test_stopping_ends_it_and_coming_back_begins_anew(publish: Any_, subscribe: Any_, send: Send) -> None:
    event = publish()
    subscription = subscribe(event)
    with transaction():
        service.stop(queries.get_reader(subscription.reader_id), [subscription])
    send()
    assert send("2027-02-19T09:00") == []
    subscribe(event)
    send()
    assert len(send("2027-02-25T09:00")) == 1


def test_a_suppressed_address_gets_nothing(publish: Any_, subscribe: Any_, send: Send) -> None:
    event = publish()
    subscribe(event)
    with transaction():
        mail.suppress("reader@example.org", "asked")
    assert send("2027-02-25T09:00") == []


def test_the_nightly_plan_finds_nothing_and_mends_what_is_missing(
    publish: Any_, subscribe: Any_, change: Any_, session: Any
) -> None:
    event = publish()
    subscribe(event)
    change(event, starts=datetime(2027, 2, 26, 18))
    assert nightly.plan_all() == 0
    with transaction():
        session.query(Letter).filter_by(kind="reminder").delete()
    assert nightly.plan_all() == 2
    assert nightly.plan_all() == 0


def test_the_language_chosen_later_holds_for_what_waits(publish: Any_, subscribe: Any_, send: Send) -> None:
    event = publish()
    subscription = subscribe(event)
    send()
    with transaction():
        reader = queries.get_reader(subscription.reader_id)
        service.prefer(reader, language="ar", zone="Asia/Baku", days=[7, 1], is_changes_only=False)
    (letter,) = send("2027-02-19T06:00")
    assert letter["Content-Language"] == "ar"
    assert 'dir="rtl"' in letter.get_body(("html",)).get_content()


def test_erasing_leaves_no_trace_and_no_stale_key(publish: Any_, subscribe: Any_, session: Any) -> None:
    event = publish()
    subscription = subscribe(event)
    with transaction():
        service.forget(queries.get_reader(subscription.reader_id))
    assert session.query(Letter).count() == 0
    assert session.query(Subscription).count() == 0
    subscribe(event, "other@example.org")
    assert nightly.plan_all() == 0
    assert session.query(Letter).filter_by(kind="reminder", status="pending").count() == 2


def test_an_online_event_names_a_city_for_its_time(publish: Any_, subscribe: Any_, send: Send) -> None:
    event = publish(
        mode=Mode.ONLINE, venue="", address="", city="", country="", stream_url="https://live.example.org/x"
    )
    subscribe(event, zone="Asia/Baku")
    (letter,) = send()
    assert "from 17:00 to 19:00 Berlin time\n(20:00 to 22:00 in Baku)\nonline\n" in _text(letter)
    assert "Join online: the link will be on this page from 16:45" in _text(letter)
    assert "live.example.org" not in _text(letter)
