"""Reads. Every function returns rows or raises NotFound; none of them writes."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import joinedload

from campaign.core.db import db
from campaign.core.faults import Gone, NotFound
from campaign.events.lifecycle import PUBLIC, Status
from campaign.events.models import Event, EventOrganization, Revision, RevisionStatus
from campaign.organizations.models import Membership, Organization


def _whole() -> Select[Event]:
    return select(Event).options(joinedload(Event.organization), joinedload(Event.campaign))


# Put together once: that takes longer than to run them.
_GET = _whole().where(Event.ref == bindparam("ref"))
_HOSTS = (
    select(Organization)
    .join(EventOrganization, EventOrganization.organization_id == Organization.id)
    .where(EventOrganization.event_id == bindparam("event_id"))
    .order_by(EventOrganization.position, Organization.id)
)


def get(ref: str) -> Event:
    """The event of a public reference, with organisation and campaign. Raises NotFound."""
    if not (ref.isascii() and ref.isalnum()):
        raise NotFound  # PostgreSQL takes no NUL, and no reference has anything but letters and digits.
    event = db.session.scalar(_GET, {"ref": ref.upper()})
    if event is None:
        raise NotFound
    return event


def get_public(ref: str) -> Event:
    """The event of a reference that the public may see. Raises Gone for one that was withdrawn, else NotFound."""
    event = get(ref)
    if is_withdrawn(event):
        raise Gone
    if event.status not in PUBLIC:
        raise NotFound
    return event


def is_withdrawn(event: Event) -> bool:
    """Whether it was public and was taken back."""
    return event.status is Status.WITHDRAWN and event.published_at is not None


def find(event_id: int) -> Event | None:
    return db.session.scalar(_whole().where(Event.id == event_id))


def among(event_ids: Collection[int]) -> Sequence[Event]:
    """The events with these ids, in the order of their ids."""
    return db.session.scalars(_whole().where(Event.id.in_(event_ids)).order_by(Event.id)).all()


def is_ref_taken(ref: str) -> bool:
    return db.session.scalar(select(Event.id).where(Event.ref == ref)) is not None


def find_sent(token: str) -> Event | None:
    """The event that a form with this token made already."""
    return db.session.scalar(_whole().where(Event.external_id == token).order_by(Event.id).limit(1))


def batch(*, after_id: int = 0, limit: int = 500) -> Sequence[Event]:
    """All events with a date, in the order of their ids."""
    statement = _whole().where(Event.id > after_id, Event.starts_local.is_not(None)).order_by(Event.id).limit(limit)
    return db.session.scalars(statement).all()


def find_imported(campaign_id: int, external_id: str) -> Event | None:
    return db.session.scalar(_whole().where(Event.campaign_id == campaign_id, Event.external_id == external_id))


def mine(person_id: int, *, limit: int = 200) -> Sequence[Event]:
    """Events a person created or whose organisation the person belongs to, newest first."""
    own = select(Membership.organization_id).where(Membership.person_id == person_id)
    statement = (
        _whole()
        .where(or_(Event.created_by == person_id, Event.organization_id.in_(own)))
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return db.session.scalars(statement).all()


def hosts(event_id: int) -> Sequence[Organization]:
    """Further organisations of an event, in their order."""
    return db.session.scalars(_HOSTS, {"event_id": event_id}).all()


def waiting_revision(event_id: int) -> Revision | None:
    """The change of a published event that waits for the desk."""
    return db.session.scalar(
        select(Revision).where(Revision.event_id == event_id, Revision.status == RevisionStatus.WAITING)
    )


def with_waiting_revision(person_id: int) -> set[int]:
    """Ids of a person's events with a change that waits."""
    events = select(Event.id).where(Event.created_by == person_id)
    rows = db.session.scalars(
        select(Revision.event_id).where(Revision.status == RevisionStatus.WAITING, Revision.event_id.in_(events))
    )
    return set(rows)


def published(campaign_id: int, *, after_id: int = 0, limit: int = 500) -> Sequence[Event]:
    """Public events in the order of their ids, for rebuilding what was prepared."""
    public = (Status.PUBLISHED, Status.POSTPONED, Status.CANCELLED)
    statement = (
        _whole()
        .where(Event.campaign_id == campaign_id, Event.status.in_(public), Event.id > after_id)
        .order_by(Event.id)
        .limit(limit)
    )
    return db.session.scalars(statement).all()
