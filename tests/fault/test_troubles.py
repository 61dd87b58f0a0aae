"""Everything else that can go wrong on the way of a letter, with a real mail server and a real database."""

import os
import signal
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from campaign.core import clock
from campaign.core.db import db
from campaign.mail import service
from campaign.mail.models import Status
from tests.fault import stage
from tests.fault.databases import take_away
from tests.fault.sink import DROP, Sink
from tests.servers.ports import free_port


def _copies(sink: Sink) -> Counter[str]:
    return Counter(arrival.recipient for arrival in sink.journal)


def test_a_letter_that_is_put_off_comes_later(empty_url: str, moved_clock: Any) -> None:
    with stage.stage(empty_url), Sink() as sink:
        due = stage.promise(10)
        sink.at_letter = lambda to: "451 later" if to.startswith("reader3") else None
        first = stage.send(sink.url)
        assert (first.sent, first.deferred) == (9, 1)
        sink.at_letter = lambda _to: None
        moved_clock.shift(timedelta(seconds=50))
        assert stage.send(sink.url).sent == 0
        moved_clock.shift(timedelta(seconds=30))
        assert stage.send(sink.url).sent == 1
        assert _copies(sink) == Counter(due.keys())


def test_a_refused_address_is_never_tried_again(empty_url: str, moved_clock: Any) -> None:
    with stage.stage(empty_url), Sink() as sink:
        stage.promise(10)
        sink.at_address = lambda to: "550 5.1.1 nobody" if to.startswith("reader3") else None
        assert stage.send(sink.url).sent == 9
        assert service.is_suppressed("reader3@example.org")
        sink.at_address = lambda _to: None
        moved_clock.shift(timedelta(days=1))
        assert stage.send(sink.url).sent == 0
        assert stage.statuses() == {Status.SENT: 9, Status.BOUNCED: 1}


def test_a_refused_letter_is_shown_as_failed(empty_url: str) -> None:
    with stage.stage(empty_url), Sink() as sink:
        stage.promise(10)
        sink.at_letter = lambda to: "554 no" if to.startswith("reader3") else None
        stage.send(sink.url)
        assert stage.statuses() == {Status.SENT: 9, Status.FAILED: 1}


def test_a_connection_that_breaks_after_the_letter_repeats_it_under_the_same_name(
    empty_url: str, moved_clock: Any
) -> None:
    with stage.stage(empty_url), Sink() as sink:
        due = stage.promise(10)
        sink.at_letter = lambda to: DROP if to.startswith("reader3") else None
        first = stage.send(sink.url)
        assert (first.sent, first.deferred) == (9, 1)
        sink.at_letter = lambda _to: None
        moved_clock.shift(timedelta(minutes=2))
        assert stage.send(sink.url).sent == 1
        assert _copies(sink) == Counter(due.keys()) + Counter(["reader3@example.org"])
        twice = {(a.message_id, a.digest) for a in sink.journal if a.recipient.startswith("reader3")}
        assert len(twice) == 1


def test_a_connection_that_breaks_before_the_letter_costs_nothing(empty_url: str, moved_clock: Any) -> None:
    with stage.stage(empty_url), Sink() as sink:
        due = stage.promise(10)
        sink.at_address = lambda to: DROP if to.startswith("reader3") else None
        assert stage.send(sink.url).unreachable
        sink.at_address = lambda _to: None
        moved_clock.shift(timedelta(seconds=20))
        stage.send(sink.url)
        assert _copies(sink) == Counter(due.keys())


def test_a_mail_server_that_is_down_and_comes_back(empty_url: str, moved_clock: Any) -> None:
    port = free_port()
    with stage.stage(empty_url):
        due = stage.promise(50)
        for _ in range(10):
            tally = stage.send(f"smtp://127.0.0.1:{port}?tls=none")
            assert tally.unreachable
            moved_clock.shift(timedelta(seconds=75))
        assert stage.statuses() == {Status.PENDING: 50}
        with Sink(port=port) as sink:
            assert stage.send(sink.url).sent == 50
            assert _copies(sink) == Counter(due.keys())


@pytest.mark.servers
def test_a_database_that_is_away_in_the_middle(empty_url: str) -> None:
    with stage.stage(empty_url), Sink() as sink, stage.senders(2, empty_url, sink.url):
        due = stage.promise(300)
        assert stage.until(lambda: len(sink.journal) > 30)
        take_away(empty_url, 2.0)
        sent_meanwhile = len(sink.journal)
        assert stage.until(_all_is_marked)
        assert sent_meanwhile < 300
        assert _copies(sink) == Counter(due.keys())


def _all_is_marked() -> bool:
    try:
        return stage.waiting() == 0
    except DBAPIError:
        db.session.remove()
        return False


@pytest.mark.servers
def test_a_machine_that_slept_through_its_lease_costs_one_hand(empty_url: str) -> None:
    """It falls asleep before it hears that its 21st letter was taken, and wakes when everything is over.

    Another machine knows nothing of its receipts and repeats the whole hand, which is one letter where the mail server
    takes longer for a letter than a hand lasts. On the same machine: `cases.sleeper`.
    """
    with stage.stage(empty_url), Sink(delay=0.03) as sink:
        with stage.senders(1, empty_url, sink.url) as alive:
            sink.at_letter = lambda _to: _put_to_sleep(alive[0].pid) if len(sink.journal) == 20 else None
            due = stage.promise(60)
            assert stage.until(lambda: len(sink.journal) == 21)
            time.sleep(stage.LEASE)
            alive.append(stage.start_sender(empty_url, sink.url))
            assert stage.until(lambda: stage.waiting() == 0)
            os.kill(alive[0].pid or 0, signal.SIGCONT)
        twice = [a for a in sink.journal if a.recipient == sink.journal[20].recipient]
        assert _copies(sink) == Counter(due.keys()) + Counter([twice[0].recipient])
        assert len({(a.message_id, a.digest) for a in twice}) == 1


def _put_to_sleep(pid: int | None) -> None:
    os.kill(pid or 0, signal.SIGSTOP)


def test_a_wrong_clock_of_one_machine_sends_nothing_early(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with stage.stage(empty_url), Sink() as sink:
        stage.promise(10, lead=1800)
        right = clock.now
        monkeypatch.setattr(clock, "now", lambda: right() + timedelta(hours=1))
        assert stage.send(sink.url).sent == 0
        assert sink.journal == []


def test_what_is_called_back_in_the_middle_does_not_leave(empty_url: str) -> None:
    """At most the letter in hand still arrives; everything was claimed already."""
    with stage.stage(empty_url), Sink() as sink:
        stage.promise(20)
        others = create_engine(empty_url)

        def cancel(_to: str) -> None:
            if not sink.journal:
                with others.begin() as connection:
                    connection.execute(
                        text("update letters set status = 'cancelled' where status in ('pending', 'sending')")
                    )

        sink.at_letter = cancel
        stage.send(sink.url)
        others.dispose()
        assert len(sink.journal) == 1
        assert stage.statuses() == {Status.SENT: 1, Status.CANCELLED: 19}
