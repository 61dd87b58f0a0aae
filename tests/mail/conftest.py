"""A probe letter whose composer each test may replace, and an office that sends to the test's mailbox."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from campaign.core.db import transaction
from campaign.mail import composers, service
from campaign.mail.composers import Compose, Message, OneByOne
from campaign.mail.models import Letter
from campaign.mail.office import Office


def probe(letter: Letter) -> Message:
    return Message(subject=f"Probe {letter.key}", text="Good day\n", html="<p>Good day</p>\n")


@pytest.fixture
def compose(monkeypatch: pytest.MonkeyPatch) -> Callable[[Compose], None]:
    """Call it with a composer to let that one write the probes."""

    def replace(other: Compose) -> None:
        monkeypatch.setattr(composers, "_composers", {"probe": OneByOne(other)})

    replace(probe)
    return replace


@pytest.fixture
def promise(session: Session, compose: object) -> Callable[..., Letter]:
    """Promise a probe and get its row."""

    def one(key: str = "probe:1", to: str = "reader@example.org", **more: Any) -> Letter:
        with transaction():
            service.promise(key, "probe", to=to, language="en", **more)
        return session.query(Letter).filter_by(key=key).one()

    return one


@pytest.fixture
def office(mailbox: Any) -> Office:
    return Office(smtp_url=mailbox.url, mail_from="Remembrance Calendar <calendar@example.org>")


@pytest.fixture
def long_ago() -> datetime:
    return datetime.fromisoformat("2026-02-26T14:00:00+00:00")
