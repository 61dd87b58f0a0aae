"""A promise is kept once, can be called back, and never reaches a suppressed address."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.db import transaction
from campaign.core.faults import NotFound
from campaign.mail import service
from campaign.mail.models import Heartbeat, Letter, Status
from campaign.mail.office import Office


def test_a_second_promise_changes_nothing(session: Session) -> None:
    with transaction():
        first = service.promise("probe:1", "probe", to="first@example.org", language="en")
        assert first is True
        again = service.promise("probe:1", "probe", to="second@example.org", language="en")
    assert again is False
    assert session.scalar(select(func.count()).select_from(Letter)) == 1
    assert session.scalars(select(Letter)).one().recipient == "first@example.org"


def test_the_message_id_follows_from_the_key_and_nobody_else_can_work_it_out() -> None:
    ours = Office(mail_from="calendar@example.org", secret="ours")
    assert service.message_id("reminder:1", ours) == service.message_id("reminder:1", ours)
    assert service.message_id("reminder:1", ours).endswith("@example.org>")
    assert service.message_id("reminder:1", ours) != service.message_id("reminder:2", ours)
    assert service.message_id("reminder:1", ours) != service.message_id("reminder:1", replace(ours, secret="theirs"))
    assert "ours" not in repr(ours)


@pytest.mark.parametrize("to", ["", "nobody", "a@b.org\r\nBcc: c@d.org", "a b@c.org", "a@b.org\x00"])
def test_an_impossible_address_is_refused(session: Session, to: str) -> None:
    with pytest.raises(ValueError, match="address"), transaction():
        service.promise("probe:1", "probe", to=to, language="en")


def test_the_kind_cannot_leave_the_templates_folder(session: Session) -> None:
    with pytest.raises(ValueError, match="kind"), transaction():
        service.promise("probe:1", "../accounts", to="a@example.org", language="en")


def test_calling_back_spares_other_recipients_and_things(session: Session, promise: Callable[..., Letter]) -> None:
    mine = promise("a", subject="events", subject_id=1, recipient_id=7)
    theirs = promise("b", subject="events", subject_id=1, recipient_id=8)
    other = promise("c", subject="events", subject_id=2, recipient_id=7)
    with transaction():
        assert service.call_back_from(7, ["probe"], subject="events", subject_id=1) == 1
    for letter in (mine, theirs, other):
        session.refresh(letter)
    assert [mine.status, theirs.status, other.status] == [Status.CANCELLED, Status.PENDING, Status.PENDING]


def test_only_what_was_called_back_is_promised_again(session: Session, promise: Callable[..., Letter]) -> None:
    back, sent = promise("a"), promise("b")
    sent.status = Status.SENT
    session.commit()
    with transaction():
        assert service.cancel([back.id, sent.id]) == 1
        again = [service.Promise(key=key, kind="probe", to="new@example.org", language="az") for key in ("a", "b")]
        assert service.promise_all(again) == 0
        assert service.promise_all(again, again=True) == 1
    for letter in (back, sent):
        session.refresh(letter)
    assert (back.status, back.recipient, sent.status) == (Status.PENDING, "new@example.org", Status.SENT)


@pytest.mark.parametrize("how", [{}, {"again": True}, {"moves": True}])
def test_promises_of_one_key_are_one_letter(session: Session, how: dict[str, bool]) -> None:
    """Promised at once, and over what stands: the first holds."""
    due = [clock.now() + timedelta(hours=n) for n in (1, 2)]
    twice = [service.Promise(key="a", kind="probe", to="a@example.org", language="en", due_at=at) for at in due]
    with transaction():
        assert [service.promise_all(twice, **how) for _ in range(2)] == [1, 0]
        assert session.scalar(select(Letter.due_at)) == due[0]


def test_suppression_ignores_case_and_can_be_taken_back(session: Session) -> None:
    with transaction():
        assert service.suppress("Reader@Example.org", "bounce")
        assert not service.suppress("reader@example.org", "again")
        assert service.is_suppressed("READER@example.org")
        assert service.unsuppress("reader@example.ORG")
        assert not service.is_suppressed("reader@example.org")


def test_only_what_ended_can_be_sent_again(session: Session, promise: Callable[..., Letter]) -> None:
    letter = promise()
    with pytest.raises(NotFound), transaction():
        service.resend(letter.id)


def test_a_heartbeat_has_one_row(session: Session) -> None:
    for _ in range(2):
        with transaction():
            service.beat("worker")
    assert session.scalars(select(Heartbeat.part)).all() == ["worker"]
