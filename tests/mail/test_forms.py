"""What many get is written once; each reader's own fields are put in without touching anything around them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.folding import clean, one_line
from campaign.mail.composers import Drop, Filled, Message
from campaign.mail.envelope import seal, sheet
from campaign.mail.models import Letter, Status
from campaign.mail.office import Office
from campaign.mail.writing import Desk, Ready, Spoiled

OFFICE = Office(mail_from="Calendar <calendar@example.org>")
STOP = "https://calendar.example.org/u/" + "WzEyMywiYWJj." * 12


@dataclass(frozen=True)
class Invitation:
    title: str
    written: list[str] = field(default_factory=list, compare=False)

    def write(self, fields: Any, /) -> Message:
        self.written.append(self.title)
        return Message(
            subject=self.title,
            text=f"{self.title}\n{fields['name']}: {fields['stop']}\n.\nFrom here\n{fields['name']}",
            html=f'<p>{fields["name"]}, <a href="{fields["stop"]}">stop</a></p>\n',
            headers={"List-Unsubscribe": f"<{fields['stop']}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )


def letter(number: int = 1, to: str = "reader@example.org") -> Letter:
    due = datetime(2027, 2, 25, 10, tzinfo=UTC)
    one = Letter(
        key=f"k{number}",
        kind="probe",
        recipient=to,
        language="az",
        message_id="<r.1@example.org>",
        due_at=due,
        next_try_at=due,
    )
    one.id = number
    return one


def parts(data: bytes) -> tuple[EmailMessage, str, str]:
    assert data.isascii()
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    text, html = (str(part.get_content()).replace("\r\n", "\n") for part in mail.iter_parts())
    return mail, text, html


@given(st.text(max_size=300), st.text(max_size=100))
def test_a_filled_sheet_says_what_the_letter_in_full_says(name: str, title: str) -> None:
    fields = {"name": name, "stop": STOP}
    filled = Filled(Invitation(clean(title)), fields)
    mail, text, html = parts(sheet(filled, "az", OFFICE).fill(letter(), fields))
    shown = one_line(name)
    assert text.rstrip("\n") == f"{clean(title)}\n{shown}: {STOP}\n.\nFrom here\n{shown}".rstrip("\n")
    assert mail["List-Unsubscribe"] == f"<{STOP}>"
    assert mail["Subject"] == " ".join(clean(title).split())
    assert html.count("<") == 4


def test_names_cannot_become_markup() -> None:
    fields = {"name": '<b>"&', "stop": STOP}
    _mail, text, html = parts(sheet(Filled(Invitation("t"), fields), "az", OFFICE).fill(letter(), fields))
    assert '<b>"&: ' in text
    assert "&lt;b&gt;&#34;&amp;, " in html


def test_a_title_cannot_pass_for_a_field() -> None:
    fields = {"name": "n", "stop": STOP}
    title = "\ue0000000:stop\ue001"
    _mail, text, _html = parts(sheet(Filled(Invitation(title), fields), "az", OFFICE).fill(letter(), fields))
    assert text.startswith(f"{title}\n")


@pytest.mark.parametrize("stop", ["https://x.example/\r\nBcc: a@b.org", "https://x.example/ə", "x" * 901])
def test_a_field_of_a_header_is_one_word_of_ascii(stop: str) -> None:
    fields = {"name": "n", "stop": stop}
    with pytest.raises(ValueError, match="field"):
        sheet(Filled(Invitation("t"), fields), "az", OFFICE).fill(letter(), fields)


def test_the_boundary_follows_from_the_words_not_from_the_reader() -> None:
    one = sheet(Filled(Invitation("t"), {"name": "a", "stop": STOP}), "az", OFFICE)
    two = sheet(Filled(Invitation("t"), {"name": "b", "stop": STOP}), "az", OFFICE)
    assert one.pieces == two.pieces


def test_equal_forms_are_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from campaign.mail import composers

    written: list[str] = []
    said = {
        1: Filled(Invitation("one", written), {"name": "a", "stop": STOP}),
        2: Filled(Invitation("one", written), {"name": "b", "stop": STOP}),
        3: Filled(Invitation("two", written), {"name": "c", "stop": STOP}),
        4: Drop(Status.CANCELLED, "over"),
        5: Message(subject="own", text="t\n", html="<p>t</p>\n"),
        6: Filled(Invitation("one", written), {"name": "d"}),
        7: Message(subject="own", text="t\n", html="<p>t</p>\n", headers={"Bcc": "x"}),
    }
    monkeypatch.setattr(composers, "_composers", {"probe": lambda letters: [said[one.id] for one in letters]})
    results = [result for _letter, result in Desk(OFFICE).write([letter(number) for number in said])]
    assert [type(result) for result in results] == [Ready, Ready, Ready, Drop, Ready, Ready, Spoiled]
    assert written == ["one", "two"]
    first, second = (parts(ready.data())[1] for ready in results[:2] if isinstance(ready, Ready))
    assert ("a: " in first, "b: " in second) == (True, True)
    with pytest.raises(KeyError):
        results[5].data()  # type: ignore[union-attr]


def test_one_letter_that_cannot_be_written_spoils_no_other(monkeypatch: pytest.MonkeyPatch, session: Any) -> None:
    from campaign.mail import composers

    def compose(letters: list[Letter]) -> list[Message]:
        if any(one.id == 2 for one in letters):
            raise KeyError("name")
        return [Message(subject=one.key, text="t\n", html="<p>t</p>\n") for one in letters]

    monkeypatch.setattr(composers, "_composers", {"probe": compose})
    results = [result for _letter, result in Desk(OFFICE).write([letter(number) for number in (1, 2, 3)])]
    assert [type(result) for result in results] == [Ready, Spoiled, Ready]


def test_a_letter_of_its_own_is_sealed_alike() -> None:
    message = Invitation("Bakı").write({"name": "Nigar", "stop": STOP})
    mail, text, _html = parts(seal(letter(), message, OFFICE))
    assert (mail["List-Unsubscribe"], mail["Subject"]) == (f"<{STOP}>", "Bakı")
    assert f"Nigar: {STOP}" in text
