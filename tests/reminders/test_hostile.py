"""What is meant to do harm, on its way to a real mail server: titles, addresses, links, and many requests."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaign.core.db import transaction
from campaign.mail.models import Letter
from campaign.reminders import queries, service, tokens

Any_ = Callable[..., Any]
HARM = (
    "Evening\u202e gninevE\r\nBcc: victim@example.org\x00\u2028\u2029\u2066<script>alert(1)</script>"
    "<img src=x onerror=alert(1)> =?utf-8?q?=0AX-Evil:_1?= “quoted” 'O\ufeff' {{ 7 * 7 }} %(date)s"
)
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u206f\ufeff]")
WRITTEN_BY_PEOPLE = ("title", "description", "venue", "room", "address", "city", "entry_checks")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_hostile_words_of_an_event_stay_words(
    publish: Any_, subscribe: Any_, change: Any_, send: Any_, language: str
) -> None:
    """As an import or an older release may have stored them; whatever they hold, they are one line of text."""
    stored = {name: HARM.replace("\x00", "") for name in WRITTEN_BY_PEOPLE}
    event = publish(**stored)
    subscribe(event, language=language)
    letters = send()
    change(event, venue="Garden", is_address_public=False)
    letters += send()
    letters += send("2027-02-25T09:00")
    assert len(letters) == 3
    for letter in letters:
        assert letter.recipients == ["reader@example.org"]
        assert not {"Bcc", "X-Evil"} & set(letter.keys())
        assert len(letter.get_all("Subject")) == 1
        parts = {kind: letter.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html")}
        for words in (str(letter["Subject"]), *parts.values()):
            assert not UNSEEN.search(words)
        assert "\nBcc:" not in parts["plain"]
        assert "<script" not in parts["html"]
        assert "<img" not in parts["html"]
        assert "{{ 7 * 7 }}" in parts["plain"] + str(letter["Subject"])


@pytest.mark.parametrize(
    ("typed", "reaches"),
    [
        ("Reader+Calendar@Example.org", "reader+calendar@example.org"),
        ("postmaster@example.org", "postmaster@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("oxucu@şəki.example", "oxucu@xn--ki-eta41h.example"),
        (f"{'a' * 64}@{'.'.join(['b' * 60] * 3)}.org", f"{'a' * 64}@{'.'.join(['b' * 60] * 3)}.org"),
    ],
)
def test_unusual_addresses_are_written_to(
    publish: Any_, client: FlaskClient, send: Any_, typed: str, reaches: str
) -> None:
    client.post(f"/e/{publish().ref}/remind", data={"email": typed})
    (letter,) = send()
    assert letter.recipients == [reaches]


@pytest.mark.parametrize(
    "typed",
    [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org\u2028Bcc: b@example.org",
        "a@example.org,b@example.org",
        "Reader <a@example.org>",
        '"a b"@example.org',
        "a\x00@example.org",
        "a\u202e@example.org",
        "a" * 290 + "@example.org",
        "a@" + "b" * 300 + ".org",
        "a@[127.0.0.1]",
    ],
)
def test_what_is_no_address_is_asked_for_again(
    publish: Any_, client: FlaskClient, session: Session, typed: str
) -> None:
    answer = client.post(f"/e/{publish().ref}/remind", data={"email": typed})
    assert "reminder=check" in answer.location
    assert session.query(Letter).count() == 0


def test_any_number_of_requests_for_a_strangers_address_is_one_letter(publish: Any_, send: Any_) -> None:
    """A thousand were tried; the second of them takes the same way as the last."""
    event = publish()
    with transaction():
        for number in range(100):
            typed = ("Victim@example.org", " victim@EXAMPLE.org ")[number % 2]
            service.ask(service.event_wish(event), email=typed, language=("en", "az")[number % 2], zone="")
    (letter,) = send()
    assert letter.recipients == ["victim@example.org"]


def test_who_never_answers_is_not_asked_for_ever(publish: Any_, session: Session, moved_clock: Any) -> None:
    event = publish(starts=datetime(2027, 6, 1, 17), ends=None)
    for _day in range(20):
        with transaction():
            service.ask(service.event_wish(event), email="victim@example.org", language="en", zone="")
        moved_clock.shift(timedelta(days=1))
    assert session.query(Letter).count() == service.QUESTIONS_AT_MOST


def test_a_scanner_that_opens_every_link_ends_nothing(
    publish: Any_, subscribe: Any_, send: Any_, client: FlaskClient, session: Session
) -> None:
    """Programs that check mail open all that looks like a link, with any header, and follow what they find there."""
    subscription = subscribe(publish())
    letters = send() + send("2027-02-25T09:00")
    sources = [letter.get_body((kind,)).get_content() for letter in letters for kind in ("plain", "html")]
    sources += [str(letter["List-Unsubscribe"]) for letter in letters]
    found = {path for source in sources for path in re.findall(r"http://localhost(/[^\s<>\"]*)", source)}
    assert any(path.startswith("/u/") for path in found)
    before = session.query(Letter).count()
    for path in found:
        for method in (client.get, client.head):
            page = method(path, headers={"List-Unsubscribe": "One-Click", "User-Agent": "Scanner"})
            assert page.status_code < 500
        for inner in re.findall(r'href="(/[mu]/[^"]*)"', client.get(path).text):
            client.get(inner)
    session.expire_all()
    assert subscription.is_active
    assert session.query(Letter).count() == before


def test_a_link_for_one_thing_opens_no_other(publish: Any_, subscribe: Any_, client: FlaskClient, links: Any) -> None:
    """A signed link says what it is for; a forged or an exchanged one is not found, whatever is asked of it."""
    subscription = subscribe(publish())
    reader = queries.get_reader(subscription.reader_id)
    stop, manage = tokens.stop(reader, [subscription.id], links), tokens.manage(reader, links)
    feed = tokens.feed(reader, links)
    for path in (f"/m/{stop}", f"/v/r/{stop}", f"/m/{feed}", f"/u/{feed}", f"/u/{manage}", f"/feeds/p/{manage}.ics"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code in (404, 405)
    assert queries.find(subscription.id).is_active  # type: ignore[union-attr]


def test_no_wish_of_a_reader_stands_in_the_way_of_a_change(
    publish: Any_, subscribe: Any_, change: Any_, client: FlaskClient, session: Session, links: Any
) -> None:
    """Only the morning of the day is wished for, and by the reader's clock the event comes to begin before it."""
    event = publish(starts=datetime(2027, 2, 26, 18), ends=None, time_zone="Europe/London", city="London", country="GB")
    reader = queries.get_reader(subscribe(event).reader_id)
    page, wishes = f"/m/{tokens.manage(reader, links)}", {"days": "0", "zone": "America/New_York"}
    client.post(page, data=wishes)
    change(event, starts=datetime(2027, 2, 26, 7))
    assert client.post(page, data=wishes).status_code == 303
    (letter,) = session.query(Letter).filter_by(kind="reminder", status="pending")
    assert letter.due_at.isoformat() == "2027-02-25T15:00:00+00:00"
