"""Reading people."""

from sqlalchemy import select

from campaign.accounts.models import Person
from campaign.core.db import db
from campaign.core.faults import NotFound


def find(person_id: int) -> Person | None:
    return db.session.get(Person, person_id)


def get(person_id: int) -> Person:
    """Raises NotFound."""
    person = find(person_id)
    if person is None:
        raise NotFound
    return person


def find_by_email(email: str) -> Person | None:
    """`email` in the form that `service.normal_email` returns."""
    return db.session.scalar(select(Person).where(Person.email == email))
