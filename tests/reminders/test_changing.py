"""Notices of changes: put into words once for all who get the same, and who heard of an event is found by an index."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from campaign.core.db import db
from campaign.mail import queries as mail
from campaign.mail import rendering
from campaign.mail.office import Office
from campaign.mail.writing import Desk
from campaign.reminders import regular, rhythm
from campaign.reminders.models import Kind
from tests.calendar.test_plans import explained, statements

Make = Callable[..., Any]
OFFICE = Office(mail_from="Calendar <calendar@example.org>")


@pytest.mark.parametrize(
    ("kind", "on", "today", "told"),
    [
        (Kind.COMING, "2027-02-26", "2027-02-25T10:00", ["2027-02-25"]),
        (Kind.COMING, "2027-02-26", "2027-02-24T20:00", ["2027-02-25"]),  # In the east it is that day already.
        (Kind.COMING, "2027-02-24", "2027-02-24T20:00", ["2027-02-22"]),
        (Kind.COMING, "2027-03-20", "2027-02-24T20:00", []),
        (Kind.WEEKLY, "2027-02-28", "2027-02-28T01:00", ["2027-02-22"]),
        (Kind.DAY, "2027-02-26", "2027-02-20T00:00", ["2027-02-19"]),
        (Kind.DAY, "2027-02-26", "2027-02-26T12:00", ["2027-02-19", "2027-02-26"]),
        (Kind.DAY, "2027-02-25", "2027-02-26T12:00", []),
    ],
)
def test_which_letters_told_of_a_date(kind: Kind, on: str, today: str, told: list[str]) -> None:
    now = datetime.fromisoformat(today).replace(tzinfo=UTC)
    found = rhythm.telling(kind, [date.fromisoformat(on)], date(2027, 2, 26), now)
    assert [letter.on.isoformat() for letter in found] == told


def test_a_notice_is_put_into_words_once_for_all_who_get_the_same(
    publish: Make, subscribe: Make, change: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = publish()
    for number, (language, zone) in enumerate([("en", ""), ("az", ""), ("en", ""), ("en", "Asia/Baku"), ("ar", "")]):
        subscribe(event, f"reader{number}@example.org", language, zone)
    change(event, starts=datetime(2027, 2, 26, 18))
    notices = [letter for letter in mail.waiting() if letter.kind == "reminder_change"]
    written, real = [], rendering.render

    def counting(kind: str, language: str, *rest: Any, **more: Any) -> Any:
        written.append(language)
        return real(kind, language, *rest, **more)

    monkeypatch.setattr(rendering, "render", counting)
    sealed = [message_from_bytes(x.data(), policy=policy.default) for _letter, x in Desk(OFFICE).write(notices)]  # type: ignore[union-attr]
    assert sorted(written) == ["ar", "az", "en", "en"]
    assert len({one["List-Unsubscribe"] for one in sealed}) == 5
    files = {next(iter(one.iter_attachments())).get_content() for one in sealed}  # type: ignore[union-attr]
    assert len(files) == 1


def test_who_heard_of_an_event_is_found_without_reading_the_letters(
    publish: Make, follow: Make, change: Make, send: Make, moved_clock: Any, session: Session
) -> None:
    told = publish()
    for number in range(3):
        follow(Kind.COMING, "country=DE", email=f"reader{number}@example.org")
        follow(Kind.COMING, "country=FR", email=f"other{number}@example.org")
    moved_clock.set(datetime(2027, 2, 24, 22, tzinfo=UTC))
    regular.sweep()
    send("2027-02-25T09:00")
    with statements() as asked:
        change(told, venue="Garden")
    found = [(said, values) for said, values in asked if "JOIN letters" in said]
    assert len(found) == 1  # Letters about France are not even asked for.
    if db.engine.dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
    steps = explained(*found[0])
    assert not [step for step in steps if step.startswith(("SCAN letters", "Seq Scan letters"))]
    assert any("letters" in step and ("INDEX" in step or "Index" in step) for step in steps)
    assert len(send()) == 3
