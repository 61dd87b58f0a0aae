"""The bytes of a letter are safe, complete and the same every time."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from campaign.mail.composers import Message
from campaign.mail.envelope import seal
from campaign.mail.models import Letter
from campaign.mail.office import Office

OFFICE = Office(mail_from="Remembrance Calendar, Europe desk <europe@example.org>")
MESSAGE = Message(subject="Sabah, 17:00, Bakı: xatirə axşamı", text="Sabah\n", html="<p>Sabah</p>\n")


def letter(to: str = "reader@example.org") -> Letter:
    due = datetime(2027, 2, 25, 10, tzinfo=UTC)
    return Letter(
        key="k", kind="probe", recipient=to, language="az", message_id="<r.1@example.org>", due_at=due, next_try_at=due
    )


def test_headers_say_who_when_and_that_no_person_wrote() -> None:
    mail = message_from_bytes(seal(letter(), MESSAGE, OFFICE), policy=policy.default)
    assert mail["From"] == '"Remembrance Calendar, Europe desk" <europe@example.org>'
    assert mail["To"] == "reader@example.org"
    assert mail["Subject"] == MESSAGE.subject
    assert mail["Date"].datetime == datetime(2027, 2, 25, 10, tzinfo=UTC)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "az"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_answers_of_people_go_where_somebody_reads_them() -> None:
    """Reports of letters that came back go to the sender; a program reads those."""
    mails = [
        message_from_bytes(seal(letter(), MESSAGE, office), policy=policy.default)
        for office in (OFFICE, replace(OFFICE, mail_reply_to="Europe, desk <desk@example.org>"))
    ]
    assert [mail["Reply-To"] for mail in mails] == [None, '"Europe, desk" <desk@example.org>']
    assert {mail["From"] for mail in mails} == {'"Remembrance Calendar, Europe desk" <europe@example.org>'}


def test_the_same_letter_is_the_same_bytes() -> None:
    calendar = ("event.ics", "text/calendar; method=PUBLISH; charset=utf-8", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    message = Message(subject="s", text="t\n", html="<p>t</p>\n", attachments=(calendar,))
    data = seal(letter(), message, OFFICE)
    assert data == seal(letter(), message, OFFICE)
    assert data.isascii()
    (attached,) = message_from_bytes(data, policy=policy.default).iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "PUBLISH"
    assert attached.get_payload(decode=True) == calendar[2]


@pytest.mark.parametrize("bad", ["a\r\nBcc: x@example.org", "a\nX: y", "a\x00b", "a\u2028b"])
def test_no_value_can_begin_another_header(bad: str) -> None:
    message = Message(subject=bad, text="t\n", html="<p>t</p>\n", headers={"X-Reason": bad})
    mail = message_from_bytes(seal(letter(), message, OFFICE), policy=policy.default)
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert "\n" not in mail["Subject"]


@pytest.mark.parametrize("name", ["To", "bcc", "Message-ID", "X: y\r\nBcc", ""])
def test_a_composer_cannot_set_these_headers(name: str) -> None:
    with pytest.raises(ValueError, match="header"):
        seal(letter(), Message(subject="s", text="t\n", html="t\n", headers={name: "v"}), OFFICE)


def test_an_address_of_two_is_refused() -> None:
    with pytest.raises(ValueError):
        seal(letter("a@example.org,b@example.org"), MESSAGE, OFFICE)
