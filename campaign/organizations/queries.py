"""Reading organisations and memberships."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from campaign.accounts.models import Person
from campaign.core.db import db
from campaign.core.faults import NotFound
from campaign.core.folding import fold
from campaign.journal.models import Entry
from campaign.organizations.models import Membership, Organization, Role


def memberships_of(person_id: int) -> Sequence[Membership]:
    """A person's memberships, each with its organisation, by name; one statement."""
    statement = (
        select(Membership)
        .join(Membership.organization)
        .where(Membership.person_id == person_id)
        .options(contains_eager(Membership.organization))
        .order_by(Organization.search_name, Organization.id)
    )
    return db.session.scalars(statement).all()


def members_of(organization_id: int) -> Sequence[Membership]:
    """An organisation's memberships, each with its person, by name; one statement."""
    statement = (
        select(Membership)
        .join(Membership.person)
        .where(Membership.organization_id == organization_id)
        .options(contains_eager(Membership.person))
        .order_by(Person.name, Person.id)
    )
    return db.session.scalars(statement).all()


def membership(person_id: int, organization_id: int) -> Membership | None:
    """One membership with its organisation."""
    statement = (
        select(Membership)
        .where(Membership.person_id == person_id, Membership.organization_id == organization_id)
        .options(joinedload(Membership.organization))
    )
    return db.session.scalar(statement)


def role_of(person_id: int, organization_id: int) -> Role | None:
    """None for somebody who is no member."""
    return db.session.scalar(
        select(Membership.role).where(Membership.person_id == person_id, Membership.organization_id == organization_id)
    )


def find(organization_id: int) -> Organization | None:
    return db.session.get(Organization, organization_id)


def get(organization_id: int) -> Organization:
    """Raises NotFound."""
    organization = find(organization_id)
    if organization is None:
        raise NotFound
    return organization


def lock(organization_id: int) -> None:
    """Hold the organisation's row until the transaction ends; SQLite's writers are alone anyway."""
    db.session.execute(select(Organization.id).where(Organization.id == organization_id).with_for_update())


def find_by_slug(slug: str) -> Organization | None:
    return db.session.scalar(select(Organization).where(Organization.slug == slug))


def get_by_slug(slug: str) -> Organization:
    """Raises NotFound."""
    organization = find_by_slug(slug)
    if organization is None:
        raise NotFound
    return organization


def find_by_name(name: str, country: str = "") -> Organization | None:
    """The oldest organisation of this name, however it is spelled; in this country if one is given."""
    statement = select(Organization).where(Organization.search_name == fold(name))
    if country:
        statement = statement.where(Organization.country == country)
    return db.session.scalar(statement.order_by(Organization.id).limit(1))


def names(*, limit: int = 500) -> Sequence[str]:
    """Names of organisations, for suggestions."""
    return db.session.scalars(select(Organization.name).order_by(Organization.search_name).limit(limit)).all()


def names_like(text: str, *, limit: int) -> Sequence[str]:
    """Names that contain every word of this text, however they are spelled; the shortest first."""
    words = [word for word in fold(text).split() if len(word) > 2][:6]
    if not words:
        return []
    statement = select(Organization.name)
    for word in words:
        statement = statement.where(Organization.search_name.contains(word, autoescape=True))
    return db.session.scalars(statement.order_by(func.length(Organization.name), Organization.id).limit(limit)).all()


def find_by_external_id(external_id: str) -> Organization | None:
    return db.session.scalar(select(Organization).where(Organization.external_id == external_id))


def has_members(organization_id: int) -> bool:
    return (
        db.session.scalar(select(Membership.id).where(Membership.organization_id == organization_id).limit(1))
        is not None
    )


def slugs_like(base: str) -> set[str]:
    """Every slug that begins with this one."""
    return set(db.session.scalars(select(Organization.slug).where(Organization.slug.startswith(base, autoescape=True))))


def verified() -> Sequence[Organization]:
    """Organisations that a desk verified; what newcomers are compared with."""
    return db.session.scalars(select(Organization).where(Organization.verified_at.is_not(None))).all()


def was_removed_since(organization_id: int, person_id: int, moment: datetime) -> bool:
    """Whether the person was removed after this moment; an invitation from before must not bring them back."""
    entries = db.session.scalars(
        select(Entry).where(
            Entry.subject == "organizations",
            Entry.subject_id == organization_id,
            Entry.act == "removed_member",
            Entry.at >= moment,
        )
    )
    return any(entry.details.get("person_id") == person_id for entry in entries)
