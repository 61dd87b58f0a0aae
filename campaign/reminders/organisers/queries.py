"""Reading who organised what, and what waits for an organiser."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from campaign.accounts.models import LetterStop, OptionalLetter, Person
from campaign.core.db import db
from campaign.events.lifecycle import PUBLIC, Status
from campaign.events.models import Event
from campaign.journal.models import Entry
from campaign.mail.models import WAITING, Letter
from campaign.mail.models import Status as LetterStatus

_BATCH = 100


def _whole() -> Select[Event]:
    return select(Event).options(joinedload(Event.campaign), joinedload(Event.organization))


def people(person_ids: Sequence[int]) -> dict[int, Person]:
    found = db.session.scalars(select(Person).where(Person.id.in_(person_ids)))
    return {person.id: person for person in found}


def hold(person_ids: Sequence[int]) -> None:
    """Until this transaction ends nobody else plans for them: each would miss what the other has just published."""
    rows = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    db.session.execute(rows.with_for_update(key_share=True))


def published_of(person_id: int, since: datetime) -> Sequence[Event]:
    """Published events that a person registered and that end after this moment, in the order they begin."""
    mine = (Event.created_by == person_id, Event.status == Status.PUBLISHED, Event.ends_at >= since)
    return db.session.scalars(_whole().where(*mine).order_by(Event.starts_at, Event.id)).all()


def running_of(person_ids: Sequence[int], since: datetime) -> dict[int, list[Event]]:
    """Published events that these people registered and that end after this moment, by person."""
    found: dict[int, list[Event]] = defaultdict(list)
    mine = (Event.created_by.in_(person_ids), Event.status == Status.PUBLISHED, Event.ends_at >= since)
    for event in db.session.scalars(select(Event).where(*mine).order_by(Event.id)):
        found[event.created_by or 0].append(event)
    return found


def organisers_after(person_id: int, since: datetime) -> Sequence[int]:
    """The next batch of people with published events that end after this moment."""
    theirs = (Event.status == Status.PUBLISHED, Event.created_by > person_id, Event.ends_at >= since)
    statement = select(Event.created_by).where(*theirs).distinct().order_by(Event.created_by).limit(_BATCH)
    return [number for number in db.session.scalars(statement) if number is not None]


def resting_drafts(since: datetime, until: datetime) -> dict[int, list[Event]]:
    """Drafts whose last edit lies between two moments, by their owner."""
    resting = (Event.status == Status.DRAFT, Event.created_by.is_not(None), Event.changed_at.between(since, until))
    found: dict[int, list[Event]] = defaultdict(list)
    for event in db.session.scalars(select(Event).where(*resting).order_by(Event.id)):
        found[event.created_by or 0].append(event)
    return found


def told_drafts(person_ids: Sequence[int]) -> set[int]:
    """Drafts that a letter named already, or is about to name."""
    mine = (Letter.kind == "event_draft", Letter.recipient_id.in_(person_ids))
    left = Letter.status.in_([*WAITING, LetterStatus.SENT])
    return {
        number
        for context in db.session.scalars(select(Letter.context).where(*mine, left))
        for number in context["events"]
    }


def unanswered(since: datetime, until: datetime) -> Sequence[tuple[Event, Entry]]:
    """Events with a question of the desk that was asked between two moments and still waits for an answer."""
    statement = (
        select(Event, Entry)
        .join(Entry, (Entry.subject == "event") & (Entry.subject_id == Event.id) & (Entry.act == "change_asked"))
        .where(Event.status == Status.CHANGE_ASKED, Event.created_by.is_not(None), Entry.at.between(since, until))
        .order_by(Entry.id)
    )
    return [(event, entry) for event, entry in db.session.execute(statement)]


def organisers(campaign_id: int, first: date, last: date) -> dict[int, int]:
    """Who registered events that were public and took place in these days, and how many; less who wants no letters."""
    mine = (Event.campaign_id == campaign_id, Event.status.in_(PUBLIC), Event.created_by.is_not(None))
    return _counted(select(Event.created_by).where(*mine, Event.starts_on.between(first, last)))


def registering(campaign_id: int, first: date) -> dict[int, int]:
    """Who has sent something for the days from `first` on."""
    sent = (Event.campaign_id == campaign_id, Event.created_by.is_not(None), Event.starts_on >= first)
    return _counted(select(Event.created_by).where(*sent, Event.status.not_in((Status.DRAFT, Status.WITHDRAWN))))


def drafting(campaign_id: int, first: date) -> dict[int, int]:
    """Who has a draft that is not over."""
    mine = (Event.campaign_id == campaign_id, Event.created_by.is_not(None), Event.status == Status.DRAFT)
    return _counted(select(Event.created_by).where(*mine, (Event.starts_on >= first) | Event.starts_on.is_(None)))


def _counted(people_of_events: Select[int | None]) -> dict[int, int]:
    stopped = select(LetterStop.person_id).where(LetterStop.kind == OptionalLetter.SEASON)
    counts: dict[int, int] = defaultdict(int)
    for person_id in db.session.scalars(people_of_events.where(Event.created_by.not_in(stopped))):
        counts[person_id or 0] += 1
    return counts
