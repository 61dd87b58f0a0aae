"""Retention and erasure: the daily sweep, and one person on request."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CursorResult, delete, func, select, update

from campaign.accounts.models import LetterStop, Person
from campaign.campaigns.models import Appointment
from campaign.core import clock
from campaign.core.db import db, transaction
from campaign.core.faults import Conflict
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.journal import service as journal
from campaign.mail.models import WAITING, KeptLetter, Letter
from campaign.organizations.models import Membership, Organization, Role
from campaign.privacy import terms
from campaign.privacy.queries import Subject
from campaign.reminders import retention
from campaign.reminders import service as reminders
from campaign.review.mistakes.models import Mistake

AT_ONCE = 500
# What stands in place of an erased address; the domain can never exist (RFC 2606).
NOBODY = "erased-{number}@erased.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How many of each were erased."""

    wishes: int
    readers: int
    registrations: int
    reporters: int
    letters: int

    def counts(self) -> dict[str, int]:
        return asdict(self)


def sweep() -> Forgotten:
    """Erase what is older than its term, in small transactions; safe to run twice, and to break off."""
    now = clock.now()
    over, asked = now - terms.WISH, now - terms.UNANSWERED
    return Forgotten(
        wishes=_all(lambda: retention.forget_wishes(over_before=over, asked_before=asked)),
        readers=_all(retention.forget_readers),
        registrations=_all(lambda: _forget_registrations(now - terms.UNANSWERED)),
        reporters=_all(lambda: _forget_reporters(now - terms.REPORTER)),
        letters=_all(lambda: _forget_letters(now - terms.LETTER)),
    )


def _all(some: Callable[[], int]) -> int:
    """Repeat a batch, each in its own transaction, until it finds nothing."""
    total = 0
    while True:
        with transaction():
            found = some()
        if not found:
            return total
        total += found


def _forget_registrations(before: datetime) -> int:
    """Accounts whose address nobody confirmed, and which nothing belongs to."""
    used = (
        select(Membership.id).where(Membership.person_id == Person.id).exists(),
        select(Appointment.id).where(Appointment.person_id == Person.id).exists(),
        select(Event.id).where(Event.created_by == Person.id).exists(),
    )
    stale = select(Person.id).where(Person.email_confirmed_at.is_(None), Person.created_at < before)
    stale = stale.where(~Person.is_admin, *(~one for one in used), Person.email.not_like(NOBODY.format(number="%")))
    return _count(delete(Person).where(Person.id.in_(stale.limit(AT_ONCE))))


def _forget_reporters(before: datetime) -> int:
    """The addresses of people who reported a mistake, with the letters that answered them."""
    answered = select(Mistake.id).where(Mistake.resolved_at < before, Mistake.email != "").limit(AT_ONCE)
    ids = db.session.scalars(answered).all()
    about = (Letter.subject == "mistake", Letter.subject_id.in_(ids), Letter.kind == "mistake_resolved")
    _count(delete(Letter).where(*about))
    return _count(update(Mistake).where(Mistake.id.in_(ids)).values(email=""))


def _forget_letters(before: datetime) -> int:
    """Letters that have left, or never will: none of their keys is promised again after so long."""
    over = select(Letter.id).where(Letter.created_at < before, Letter.due_at < before, Letter.status.not_in(WAITING))
    _count(delete(KeptLetter).where(KeptLetter.kept_at < before))
    return _count(delete(Letter).where(Letter.id.in_(over.order_by(Letter.id).limit(AT_ONCE))))


def erase(subject: Subject) -> None:
    """Erase all that is kept about somebody, but what others need: public listings of an organisation stay, without
    a name, and so does the wish never to be written to. Raises Conflict where an organisation would have no owner."""
    if subject.reader:
        reminders.forget(subject.reader)
    if subject.person:
        _erase_account(subject.person)
    for table in (Letter, KeptLetter):
        _count(delete(table).where(func.lower(table.recipient) == subject.email))
    _count(update(Mistake).where(func.lower(Mistake.email) == subject.email).values(email=""))


def _erase_account(person: Person) -> None:
    """The row stays, because others refer to its number; nothing in it says whose it was."""
    if alone := _owned_alone(person.id):
        raise Conflict(_("%(name)s needs another owner first.", name=alone))
    drafts = (Event.created_by == person.id, Event.organization_id.is_(None), Event.status == Status.DRAFT)
    _count(delete(Event).where(*drafts))
    for table in (Membership, Appointment, LetterStop):
        _count(delete(table).where(table.person_id == person.id))
    journal.forget_actor(person.id)
    person.email, person.name, person.password_hash = NOBODY.format(number=person.id), "", ""
    person.time_zone, person.email_confirmed_at, person.is_admin = "", None, False
    person.session_version += 1
    journal.record("person", person.id, "erased")


def _owned_alone(person_id: int) -> str | None:
    """An organisation to which others belong and whose only owner this is."""
    owned = (Membership.person_id == person_id, Membership.role == Role.OWNER)
    for organization_id in db.session.scalars(select(Membership.organization_id).where(*owned)).all():
        other = (Membership.organization_id == organization_id, Membership.person_id != person_id)
        roles = db.session.scalars(select(Membership.role).where(*other)).all()
        if roles and Role.OWNER not in roles:
            return db.session.scalar(select(Organization.name).where(Organization.id == organization_id))
    return None


def _count(statement: Any) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
