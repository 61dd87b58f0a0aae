"""Many reminders at once: read together, put into words once, and each as if it had been written alone."""

from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest
from sqlalchemy import event as hooks
from sqlalchemy import insert
from sqlalchemy.orm import Session

from campaign.core.db import db, transaction
from campaign.mail import queries as mail
from campaign.mail import rendering
from campaign.mail.composers import Filled
from campaign.mail.envelope import seal, sheet
from campaign.mail.models import Letter
from campaign.mail.office import Office
from campaign.reminders import queries, reminding
from campaign.reminders.models import Kind, Reader, Subscription
from tests.calendar.test_plans import explained, statements

OFFICE = Office(mail_from="Calendar <calendar@example.org>")
Make = Callable[..., Any]


@pytest.fixture
def planned(publish: Make, subscribe: Make, session: Session) -> list[Letter]:
    """Reminders of a week before, for readers in two languages and two zones."""
    event = publish()
    for number, (language, zone) in enumerate([("en", ""), ("en", ""), ("az", "Asia/Baku"), ("ar", ""), ("en", "")]):
        subscribe(event, f"reader{number}@example.org", language, zone)
    letters = [letter for letter in mail.waiting() if letter.kind == "reminder"]
    return [letter for letter in letters if letter.context["items"][0][2] == "P7D"]


def _said(data: bytes) -> tuple[list[tuple[str, str]], list[str]]:
    parsed = message_from_bytes(data, policy=policy.default)
    headers = [(name, str(value)) for name, value in parsed.items() if "boundary" not in str(value)]
    return headers, [str(part.get_content()) for part in parsed.iter_parts()]  # type: ignore[union-attr]


def test_each_letter_is_what_it_would_be_alone(planned: list[Letter]) -> None:
    """Nothing of one reader may come into another reader's letter."""
    sheets: dict[Any, Any] = {}
    for letter, filled in zip(planned, reminding.compose(planned), strict=True):
        assert isinstance(filled, Filled)
        first = sheets.setdefault(filled.form, sheet(filled, letter.language, OFFICE))
        alone = _said(seal(letter, filled.message(), OFFICE))
        assert _said(first.fill(letter, filled.fields)) == alone
        assert filled.fields["stop"] in alone[1][0] or filled.fields["wishes"] in alone[1][0]
    assert len(sheets) == 3


def test_words_are_found_once_for_all_who_get_the_same(planned: list[Letter], monkeypatch: pytest.MonkeyPatch) -> None:
    from campaign.mail.writing import Desk

    written, real = [], rendering.render

    def counting(kind: str, language: str, *rest: Any, **more: Any) -> Any:
        written.append(language)
        return real(kind, language, *rest, **more)

    monkeypatch.setattr(rendering, "render", counting)
    ready = Desk(OFFICE).write(planned)
    assert sorted(written) == ["ar", "az", "en"]
    assert len({one.data() for _letter, one in ready}) == 5  # type: ignore[union-attr]


def test_more_letters_are_no_more_questions_to_the_database(planned: list[Letter]) -> None:
    def questions(letters: list[Letter]) -> int:
        db.session.expire_all()
        asked: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            asked.append(statement)

        copies = [
            Letter(**{c.name: getattr(one, c.name) for c in Letter.__table__.c if c.name != "id"}) for one in letters
        ]
        hooks.listen(db.session.get_bind(), "before_cursor_execute", note)
        try:
            reminding.compose(copies)
        finally:
            hooks.remove(db.session.get_bind(), "before_cursor_execute", note)
        return len(asked)

    assert questions(planned) == questions(planned[:1])


def test_readers_are_found_one_by_one_in_tables_that_grew_suddenly(session: Session, publish: Make) -> None:
    """Nobody has counted their rows yet: a database that believes them small reads the whole of them."""
    event = publish()
    now = {"created_at": event.created_at, "confirmed_at": event.created_at}
    with transaction():
        asked = {"language": "en", "zone": "", "days": "7,1", "is_changes_only": False, "feed_round": 1}
        rows = [{"email": f"reader{n}@example.org", **asked, **now} for n in range(3000)]
        ids = list(session.scalars(insert(Reader).returning(Reader.id), rows))
        wish = {"kind": Kind.EVENT, "topic": f"event:{event.id}", "query": "", "asked_at": event.created_at}
        about = {"campaign_id": event.campaign_id, "event_id": event.id, "ended_at": None, **wish}
        session.execute(
            insert(Subscription), [{"reader_id": one, **about, "confirmed_at": now["confirmed_at"]} for one in ids]
        )
    with statements() as sent:
        assert set(queries.addressees(ids[:100])) == set(ids[:100])
    ((statement, values),) = sent
    assert not [step for step in explained(statement, values) if step.startswith(("SCAN subs", "Seq Scan subs"))]
