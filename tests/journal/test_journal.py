"""The journal keeps what happened, in order."""

from sqlalchemy.orm import Session

from campaign.journal import queries, service


def test_entries_of_one_thing_in_their_order(session: Session) -> None:
    for act in ("drafted", "submitted", "published"):
        service.record("event", 1, act, actor_name="Leyla", details={"n": act})
    service.record("event", 2, "drafted")
    session.flush()
    assert [(e.act, e.details) for e in queries.history("event", 1)] == [
        ("drafted", {"n": "drafted"}),
        ("submitted", {"n": "submitted"}),
        ("published", {"n": "published"}),
    ]
