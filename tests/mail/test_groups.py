"""Letters in groups (RFC 2920): the next one is announced together with the one before, and nothing more than that."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from campaign.mail import engine, smtp
from campaign.mail.models import Letter
from campaign.mail.office import Office
from tests.fault.sink import Sink

LETTER = b"Message-ID: <x@example.org>\r\n\r\n.\r\n"
ONE, TWO, THREE = (f"{name}@example.org" for name in ("one", "two", "three"))


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(delay=0.0) as running:
        yield running


def _post(sink: Sink) -> smtp.Post:
    return smtp.Post(sink.url, "calendar@example.org", "example.org")


def _got(sink: Sink) -> list[str]:
    return [arrival.recipient for arrival in sink.journal]


def test_the_server_hears_of_the_next_before_it_is_sent(sink: Sink) -> None:
    heard: list[str] = []
    sink.at_address = heard.append  # type: ignore[assignment]
    with _post(sink) as post:
        post.send(ONE, LETTER, TWO)
        ends = time.monotonic() + 10
        while heard != [ONE, TWO] and time.monotonic() < ends:
            time.sleep(0.001)
        assert (heard, _got(sink)) == ([ONE, TWO], [ONE])
        post.send(TWO, LETTER)
    assert (heard, _got(sink)) == ([ONE, TWO], [ONE, TWO])
    assert len({arrival.digest for arrival in sink.journal}) == 1


def test_who_was_announced_gets_nothing_when_another_one_is_next(sink: Sink) -> None:
    with _post(sink) as post:
        post.send(ONE, LETTER, TWO)
        post.send(THREE, LETTER, ONE)
    assert _got(sink) == [ONE, THREE]


def test_a_letter_that_is_refused_takes_the_announced_one_not_along(sink: Sink) -> None:
    sink.at_letter = lambda to: "554 no" if to == ONE else None
    with _post(sink) as post:
        with pytest.raises(smtp.LetterRefused, match="554 no"):
            post.send(ONE, LETTER, TWO)
        connection = post._client
        post.send(TWO, LETTER)
        assert post._client is connection
    assert _got(sink) == [TWO]


def test_an_address_that_is_refused_is_refused_when_its_turn_comes(sink: Sink) -> None:
    sink.at_address = lambda to: "550 5.1.1 nobody" if to == TWO else None
    with _post(sink) as post:
        post.send(ONE, LETTER, TWO)
        with pytest.raises(smtp.AddressRefused, match="nobody"):
            post.send(TWO, LETTER, THREE)
        post.send(THREE, LETTER)
    assert _got(sink) == [ONE, THREE]


def test_a_sender_that_slept_through_its_lease_does_not_send_what_it_announced(
    session: Session, promise: Callable[..., Letter], sink: Sink
) -> None:
    for number in range(3):
        promise(f"p:{number}", to=f"reader{number}@example.org")

    def slowly(to: str) -> None:
        if to.startswith("reader1"):
            time.sleep(1.1)

    sink.at_letter = slowly
    office = Office(smtp_url=sink.url, mail_from="Calendar <calendar@example.org>")
    tally: Any = engine.send_due(office, lease=timedelta(seconds=2))
    assert (tally.sent, tally.given_back) == (3, 1)
    assert _got(sink) == [f"reader{number}@example.org" for number in range(3)]
