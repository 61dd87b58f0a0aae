"""Ending and resuming letters about coming editions. The caller owns the transaction."""

from sqlalchemy import delete

from campaign.accounts.models import Person
from campaign.core.db import db
from campaign.reminders.models import SeasonStop
from campaign.reminders.organisers import queries


def stop(person: Person) -> None:
    """No more letters about coming editions. Safe to call twice."""
    if not queries.has_stopped(person.id):
        db.session.add(SeasonStop(person_id=person.id))


def resume(person: Person) -> None:
    """They come again. Safe to call twice."""
    db.session.execute(delete(SeasonStop).where(SeasonStop.person_id == person.id))
