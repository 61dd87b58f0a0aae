"""How both engines find what is due: a letter costs the same, however many others are due at the same instant."""

from datetime import timedelta

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from campaign.core.db import database_now, db, transaction
from campaign.mail import claims
from campaign.mail.models import Letter
from tests.calendar.test_plans import explained, statements


def test_a_claim_reads_no_more_than_it_takes(session: Session) -> None:
    due_at = database_now() - timedelta(minutes=1)
    about = {
        "kind": "probe",
        "recipient": "reader@example.org",
        "language": "en",
        "due_at": due_at,
        "created_at": due_at,
    }
    rows = [{"key": f"probe:{n}", "message_id": f"<{n}@example.org>", "next_try_at": due_at} for n in range(300)]
    with transaction():
        session.execute(insert(Letter), [about | row | {"context": {}} for row in rows])
    with statements() as asked, transaction():
        assert len(claims.claim_due(batch=5, lease=timedelta(minutes=2)).letters) == 5
    ((statement, values),) = [(said, values) for said, values in asked if "FROM letters" in said]
    if db.engine.dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
    steps = explained(statement, values)
    assert any("ix_letters_waiting" in step or step.startswith("Index Scan letters") for step in steps)
    assert not [step for step in steps if "Sort" in step or "TEMP B-TREE" in step]
