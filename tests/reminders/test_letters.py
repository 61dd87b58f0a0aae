"""The letters themselves: headers, words, attachment, direction, and nothing that tells on the reader."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from campaign.core.db import transaction
from campaign.events.details import Wording
from campaign.reminders import service

Any_ = Callable[..., Any]

DAY_BEFORE = """\
This is tomorrow:

Evening of remembrance
Friday, 26 February 2027, from 17:00 to 19:00 Berlin time
(20:00 to 22:00 in Baku)
Main hall, Sample Street 12, Berlin
At the entrance: Please bring photo ID.

http://localhost/e/{ref}

—
You asked for this reminder on 10 February 2027.
Change or stop these letters: http://localhost/m/{token}
Remembrance Calendar: http://localhost/
"""


def _part(message: Any, kind: str) -> str:
    return str(message.get_body((kind,)).get_content()).replace("\r\n", "\n")


def test_the_day_before_word_for_word(publish: Any_, subscribe: Any_, send: Any_) -> None:
    event = publish(entry_checks="Please bring photo ID.")
    subscribe(event, zone="Asia/Baku")
    (letter,) = [m for m in send("2027-02-25T06:00") if m["Subject"].startswith("Tomorrow")]
    text = _part(letter, "plain")
    found = re.search(r"/m/(\S+)", text)
    assert found is not None
    assert text == DAY_BEFORE.format(ref=event.ref, token=found[1])


def test_headers_of_a_reminder(publish: Any_, subscribe: Any_, send: Any_) -> None:
    subscribe(publish())
    (letter,) = [m for m in send("2027-02-25T09:00") if m["Subject"].startswith("Tomorrow")]
    assert set(letter.keys()) - {"X-Peer", "X-MailFrom", "X-RcptTo"} == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
        "MIME-Version", "Content-Type", "Content-Language",
    }  # fmt: skip
    assert letter["To"] == "reader@example.org"
    assert letter["Date"].datetime == datetime.fromisoformat("2027-02-25T09:00+00:00")
    assert re.fullmatch(r"<r\.[0-9a-f]{32}@example\.org>|<r\.[0-9a-f]{32}@localhost>", letter["Message-ID"])
    assert letter["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<http://localhost/u/[\w.-]+>", letter["List-Unsubscribe"])
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Content-Language"] == "en"
    assert letter.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("language", ["en", "az", "ar"])
def test_html_loads_nothing_and_runs_the_right_way(
    publish: Any_, subscribe: Any_, change: Any_, send: Any_, language: str
) -> None:
    event = publish(title='<b>"Evening"</b>', translations={"az": Wording(title="Xatirə axşamı")})
    subscribe(event, language=language)
    letters = send()
    change(event, venue="<img src=x>")
    letters += send() + send("2027-02-19T09:00")
    assert len(letters) == 3
    for letter in letters:
        html = _part(letter, "html")
        assert not re.search(
            r"(?i)<(img|link|script|iframe|object|video|form)\b|<[^>]*\b(src|on\w+)=|url\(|@import", html
        )
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
        assert "<b>" not in html
        assert set(re.findall(r'href="(\w+://[^/"]+)', html)) == {"http://localhost"}
        assert letter["Content-Language"] == language
    if language == "az":
        assert "Xatirə axşamı" in _part(letters[0], "plain")


def test_the_confirmation_and_the_notice_carry_the_event(
    publish: Any_, subscribe: Any_, change: Any_, send: Any_
) -> None:
    event = publish()
    subscribe(event)
    change(event, starts=datetime(2027, 2, 26, 18))
    texts = {}
    for letter in send():
        (file,) = letter.iter_attachments()
        assert file.get_content_type() == "text/calendar"
        assert file.get_filename() == f"{event.ref}.ics"
        texts[letter["Subject"]] = file.get_payload(decode=True).decode()
    assert len(texts) == 2
    for text in texts.values():
        assert f"UID:{event.uid}\r\n" in text
        assert "METHOD:" not in text
        assert "DTSTART;TZID=Europe/Berlin:20270226T180000" in text
        assert "BEGIN:VTIMEZONE" in text
        assert f"SEQUENCE:{event.sequence}\r\n" in text
    assert send("2027-02-19T17:00")[0].get_content_type() == "multipart/alternative"


def test_the_question_names_the_event_and_asks_once_a_day(publish: Any_, send: Any_, moved_clock: Any) -> None:
    event = publish()
    for _ in range(3):
        with transaction():
            service.ask(service.event_wish(event), email="New@Example.ORG", language="en", zone="")
    (letter,) = send()
    assert letter["To"] == "new@example.org"
    assert letter["Subject"] == "Confirm your reminder: Berlin, 26 February"
    assert re.search(r"http://localhost/v/r/[\w.-]+\n", _part(letter, "plain"))
    assert re.search(r'<a dir="ltr" href="http://localhost/v/r/[\w.-]+">', _part(letter, "html"))
    assert send("2027-02-25T09:00") == []


def test_the_same_letter_is_the_same_bytes(publish: Any_, subscribe: Any_, send: Any_, session: Any) -> None:
    from campaign.mail.models import Letter, Status

    subscribe(publish())
    (first,) = send()
    letter = session.query(Letter).filter_by(kind="reminder_set").one()
    with transaction():
        letter.status, letter.next_try_at = Status.PENDING, letter.due_at
    (second,) = send()
    assert (first["Message-ID"], first["Date"]) == (second["Message-ID"], second["Date"])
    assert _part(first, "plain").split("/m/")[0] == _part(second, "plain").split("/m/")[0]
