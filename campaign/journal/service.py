"""Writing the journal, inside the transaction of the act itself."""

from typing import Any

from sqlalchemy import update

from campaign.core.db import db
from campaign.journal.models import Entry


def record(
    subject: str,
    subject_id: int,
    act: str,
    *,
    actor_id: int | None = None,
    actor_name: str = "",
    note: str = "",
    details: dict[str, Any] | None = None,
) -> Entry:
    """Add one line. `details` holds JSON values: before and after, reason codes, marks."""
    entry = Entry(
        subject=subject,
        subject_id=subject_id,
        act=act,
        actor_id=actor_id,
        actor_name=actor_name,
        note=note,
        details=details or {},
    )
    db.session.add(entry)
    return entry


def forget_actor(actor_id: int) -> None:
    """The one change that the journal knows: whose act it was becomes a number, because the account was erased."""
    mine = update(Entry).where(Entry.actor_id == actor_id)
    db.session.execute(mine.values(actor_name=f"#{actor_id}"), execution_options={"synchronize_session": False})
