"""What waits for a desk. One statement per page; nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, false, func, literal, or_, select, true
from sqlalchemy.orm import contains_eager

from campaign.accounts import queries as accounts
from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.campaigns.queries import Scope
from campaign.core import clock, paging
from campaign.core.db import UtcDateTime, db
from campaign.core.faults import NotFound
from campaign.core.folding import fold
from campaign.core.paging import Page
from campaign.events import queries as events
from campaign.events.lifecycle import PUBLIC, Status
from campaign.events.models import Event, Revision, RevisionStatus
from campaign.mail.models import Suppression
from campaign.organizations.models import Organization

Columns = TypeVarTuple("Columns")
OVERDUE = timedelta(hours=24)
# So close in time and in the same city, two entries may be one event.
BESIDE = timedelta(hours=3)
SOON = timedelta(hours=72)
# Where no start is known yet, the event stands at the end of the queue.
_LAST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """An event that waits, with the change that waits if it is public already."""

    event: Event
    revision: Revision | None

    @property
    def since(self) -> datetime:
        """Since when somebody waits for an answer."""
        if self.revision is not None:
            return self.revision.created_at
        return self.event.submitted_at or self.event.changed_at

    @property
    def is_waiting(self) -> bool:
        return self.revision is not None or self.event.status is Status.SUBMITTED

    @property
    def seen_version(self) -> str:
        """What a decision must name, so that it meets what the coordinator read."""
        return f"{self.event.version}.{self.revision.version}" if self.revision else str(self.event.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The line above the queue."""

    waiting: int
    overdue: int
    soon: int
    changes: int


def awaiting(scopes: Sequence[Scope], *, after: str | None = None, limit: int = 30) -> Page[Item]:
    """What waits in these scopes: overdue first, then soonest start, with organisation and campaign; one statement."""
    rank = case((_since() < clock.now() - OVERDUE, 0), else_=1)
    start = func.coalesce(Event.starts_at, literal(_LAST, UtcDateTime()), type_=UtcDateTime())
    columns = select(Event, Revision).options(contains_eager(Event.organization), contains_eager(Event.campaign))
    statement = _waiting(columns.join(Campaign, Campaign.id == Event.campaign_id), scopes)
    key = _key(after)
    if key is not None:
        of, at, event_id = key
        later = or_(start > at, and_(start == at, Event.id > event_id))
        statement = statement.where(or_(rank > of, and_(rank == of, later)))
    found = db.session.execute(statement.add_columns(rank).order_by(rank, start, Event.id).limit(limit + 1)).all()
    rows = [Item(event, revision) for event, revision, _rank in found[:limit]]
    if len(found) <= limit:
        return Page(rows, None)
    last = rows[-1].event
    return Page(rows, paging.encode(found[limit - 1][2], (last.starts_at or _LAST).isoformat(), last.id))


def counts(scopes: Sequence[Scope]) -> Counts:
    """How much waits, how much of it too long, how much starts soon, and how much is public already."""
    now = clock.now()
    since = _since()
    statement = _waiting(
        select(
            func.count(Event.id),
            _number(since < now - OVERDUE),
            _number(Event.starts_at.between(now, now + SOON)),
            _number(Revision.id.is_not(None)),
        ),
        scopes,
    )
    waiting, overdue, soon, changes = db.session.execute(statement).one()
    return Counts(waiting=waiting, overdue=overdue or 0, soon=soon or 0, changes=changes or 0)


def oldest(scopes: Sequence[Scope]) -> datetime | None:
    """Since when the longest waiting entry waits; None where nothing does."""
    return db.session.scalar(_waiting(select(func.min(_since(), type_=UtcDateTime())).select_from(Event), scopes))


def get(ref: str) -> Item:
    """The event with the change that waits. Raises NotFound, also for what nobody has sent to a desk yet."""
    event = events.get(ref)
    if event.submitted_at is None and event.published_at is None:
        raise NotFound
    return Item(event, events.waiting_revision(event.id))


def alike(event: Event, *, limit: int = 3) -> list[Event]:
    """Other entries that wait or are public, in the same city and within three hours."""
    city = fold(event.details.city)
    if event.starts_at is None or not city:
        return []
    found = db.session.scalars(
        select(Event)
        .where(
            Event.campaign_id == event.campaign_id,
            Event.status.in_((Status.SUBMITTED, Status.PUBLISHED, Status.POSTPONED)),
            Event.starts_at.between(event.starts_at - BESIDE, event.starts_at + BESIDE),
            Event.country == event.country,
            Event.id != event.id,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(200)
    )
    return [other for other in found if fold(other.details.city) == city][:limit]


def author(event: Event) -> Person | None:
    """Who entered the event and gets the letters about it; nobody where it was imported."""
    return accounts.find(event.created_by) if event.created_by else None


def unreachable(scopes: Sequence[Scope], *, since: datetime, limit: int = 20) -> Sequence[Event]:
    """What is still to come in these scopes and whose author gets no letters any more, stopped since then."""
    statement = (
        select(Event)
        .join(Person, Person.id == Event.created_by)
        .join(Suppression, Suppression.email == Person.email)
        .outerjoin(Organization, Organization.id == Event.organization_id)
        .where(
            Suppression.created_at > since,
            Event.status.in_((Status.SUBMITTED, Status.PUBLISHED, Status.POSTPONED)),
            func.coalesce(Event.ends_at, Event.starts_at) > clock.now(),
            within(scopes),
        )
    )
    return db.session.scalars(statement.order_by(Event.starts_at, Event.id).limit(limit)).all()


def count_published(organization_id: int, *, besides: int) -> int:
    """How many events of an organisation are public, one of them not counted."""
    mine = (Event.organization_id == organization_id, Event.id != besides, Event.status.in_(PUBLIC))
    return db.session.scalar(select(func.count(Event.id)).where(*mine)) or 0


def _since() -> ColumnElement[datetime]:
    return func.coalesce(Revision.created_at, Event.submitted_at, Event.changed_at, type_=UtcDateTime())


def _waiting(columns: Select[*Columns], scopes: Sequence[Scope]) -> Select[*Columns]:
    is_change = and_(Event.status.in_((Status.PUBLISHED, Status.POSTPONED)), Revision.id.is_not(None))
    return (
        columns.outerjoin(Organization, Organization.id == Event.organization_id)
        .outerjoin(Revision, and_(Revision.event_id == Event.id, Revision.status == RevisionStatus.WAITING))
        .where(or_(Event.status == Status.SUBMITTED, is_change), within(scopes))
    )


def within(scopes: Sequence[Scope]) -> ColumnElement[bool]:
    """The same rule as `policy.is_in_scope`, for the database."""
    country = func.coalesce(func.nullif(Event.country, ""), Organization.country, "")
    parts = [
        and_(
            Event.campaign_id == scope.campaign_id,
            true() if scope.countries is None else country.in_(sorted(scope.countries)),
        )
        for scope in scopes
    ]
    return or_(false(), *parts)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.sum(case((condition, 1), else_=0)), Integer)


def _key(after: str | None) -> tuple[int, datetime, int] | None:
    values = paging.decode(after, int, str, int)
    if values is None:
        return None
    try:
        at = datetime.fromisoformat(str(values[1]))
    except ValueError:
        return None
    return (int(values[0]), at, int(values[2])) if at.tzinfo else None
