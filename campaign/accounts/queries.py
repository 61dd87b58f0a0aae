"""Reading people, and which letters they do without."""

from sqlalchemy import select

from campaign.accounts.models import LetterStop, OptionalLetter, Person
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


def unwanted(person_id: int) -> set[OptionalLetter]:
    """The letters that a person does without."""
    return set(db.session.scalars(select(LetterStop.kind).where(LetterStop.person_id == person_id)))


def wants(person_id: int, kind: OptionalLetter) -> bool:
    return kind not in unwanted(person_id)


def find_who_wants(person_id: int | None, kind: OptionalLetter) -> Person | None:
    """Whom a letter of this kind goes to; nobody where they do without such letters."""
    person = find(person_id or 0)
    return person if person is not None and wants(person.id, kind) else None
