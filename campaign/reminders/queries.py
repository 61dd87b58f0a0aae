"""Reading readers, what they follow, and what was promised to them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, String, cast, func, literal, select, true
from sqlalchemy.orm import contains_eager, joinedload

from campaign.core.db import db
from campaign.core.faults import NotFound
from campaign.core.statements import dialect, one_of
from campaign.mail import queries as mail
from campaign.mail.models import WAITING, Letter
from campaign.mail.models import Status as LetterStatus
from campaign.reminders.models import Kind, Reader, Subscription

_BATCH = 500
_ACTIVE = (Subscription.confirmed_at.is_not(None), Subscription.ended_at.is_(None))
# Not by kind: before PostgreSQL has counted a table that grew suddenly, it takes a kind for rare and reads every row of
# it for every claim of letters.
_BY_NAME = Subscription.event_id.is_not(None)
_PENDING = (Subscription.confirmed_at.is_(None), Subscription.ended_at.is_(None))


def find_reader(reader_id: int) -> Reader | None:
    return db.session.get(Reader, reader_id)


def get_reader(reader_id: int) -> Reader:
    """Raises NotFound."""
    reader = find_reader(reader_id)
    if reader is None:
        raise NotFound
    return reader


def hold(reader_id: int) -> None:
    """Until this transaction ends, nobody else changes what this reader follows: whoever presses twice is heard once,
    then once more. The reader is read again. Raises NotFound."""
    mine = select(Reader).where(Reader.id == reader_id).with_for_update(key_share=True)
    if db.session.scalar(mine.execution_options(populate_existing=True)) is None:
        raise NotFound


def reader_of(email: str) -> Reader | None:
    """`email` in the form that `accounts.service.normal_email` returns."""
    return db.session.scalar(select(Reader).where(Reader.email == email))


def find(subscription_id: int) -> Subscription | None:
    return db.session.get(Subscription, subscription_id)


def of_topic(reader_id: int, topic: str) -> Subscription | None:
    return db.session.scalar(
        select(Subscription)
        .where(Subscription.reader_id == reader_id, Subscription.topic == topic)
        .options(joinedload(Subscription.reader))
    )


def of_reader(reader_id: int) -> Sequence[Subscription]:
    """Everything a reader follows or asked to follow, stopped things included, the newest wish first."""
    statement = select(Subscription).where(Subscription.reader_id == reader_id).order_by(Subscription.id.desc())
    return db.session.scalars(statement).all()


def again(subscriptions: Collection[Subscription]) -> Sequence[Subscription]:
    """These as they are now, whatever was read of them before."""
    mine = select(Subscription).where(Subscription.id.in_([s.id for s in subscriptions])).order_by(Subscription.id)
    return db.session.scalars(mine.execution_options(populate_existing=True)).all()


def pending(reader_id: int, since: datetime) -> Sequence[Subscription]:
    """What was asked since then and not confirmed, in the order it was asked."""
    asked = (Subscription.reader_id == reader_id, Subscription.asked_at > since)
    return db.session.scalars(select(Subscription).where(*asked, *_PENDING).order_by(Subscription.id)).all()


def count_pending(reader_id: int) -> int:
    return db.session.scalar(select(func.count()).where(Subscription.reader_id == reader_id, *_PENDING)) or 0


def count_questions(reader_id: int, since: datetime) -> int:
    """How often a reader was asked for consent since then."""
    asked = (Letter.recipient_id == reader_id, Letter.kind == "reminder_confirm", Letter.created_at >= since)
    return db.session.scalar(select(func.count()).where(*asked)) or 0


def followed(reader_ids: Collection[int]) -> dict[int, list[Subscription]]:
    """The events that these readers follow by name."""
    found: dict[int, list[Subscription]] = defaultdict(list)
    mine = (Subscription.reader_id.in_(reader_ids), _BY_NAME, *_ACTIVE)
    for row in db.session.scalars(select(Subscription).where(*mine).order_by(Subscription.id)):
        found[row.reader_id].append(row)
    return found


class Addressee(NamedTuple):
    """A reader, as far as a letter needs to know."""

    id: int
    email: str
    language: str
    zone: str
    created_at: datetime


class Wish(NamedTuple):
    """Something that is followed, as far as a letter needs to know."""

    id: int
    asked_at: datetime
    event_id: int | None


def addressees(reader_ids: Collection[int]) -> dict[int, tuple[Addressee, dict[int | None, Wish]]]:
    """These readers and the events they follow by name, by their ids; who follows none is left out."""
    found: dict[int, tuple[Addressee, dict[int | None, Wish]]] = {}
    for row in db.session.execute(_addressees(dialect()), {"ids": list(reader_ids)}):
        reader, wish = Addressee(*row[:5]), Wish(*row[5:])
        found.setdefault(reader.id, (reader, {}))[1][wish.event_id] = wish
    return found


def wishes(subscription_ids: Collection[int]) -> dict[int, tuple[Addressee, Wish]]:
    """These wishes, where they are still in force, by their ids, each with its reader."""
    wanted = (Subscription.id.in_(subscription_ids), *_ACTIVE)
    rows = db.session.execute(_READERS_AND_WISHES.where(*wanted))
    return {row[5]: (Addressee(*row[:5]), Wish(*row[5:])) for row in rows}


_READER = (Reader.id, Reader.email, Reader.language, Reader.zone, Reader.created_at)
_WISH = (Subscription.id, Subscription.asked_at, Subscription.event_id)
_READERS_AND_WISHES = select(*_READER, *_WISH).join(Subscription, Subscription.reader_id == Reader.id)


@cache
def _addressees(engine: str) -> Select[*tuple[Any, ...]]:
    wanted = one_of(Reader.id, "ids", engine)
    if engine != "postgresql":
        return _READERS_AND_WISHES.where(wanted, _BY_NAME, *_ACTIVE).order_by(Subscription.id)
    # Reader by reader: until PostgreSQL has counted a table that grew suddenly, it would read the whole of it instead.
    # It does not look into a subquery with an OFFSET.
    theirs = select(*_WISH).where(Subscription.reader_id == Reader.id, _BY_NAME, *_ACTIVE).offset(0).lateral()
    return select(*_READER, *theirs.c).join(theirs, true()).where(wanted).order_by(theirs.c.id)


def followers(event_id: int) -> Iterator[Sequence[Subscription]]:
    """Everybody who follows an event by name, with the reader, in batches."""
    mine = select(Subscription).join(Subscription.reader).where(Subscription.event_id == event_id, *_ACTIVE)
    yield from _batches(mine.options(contains_eager(Subscription.reader)))


def count_followers(event_id: int) -> int:
    """How many people follow an event by name."""
    mine = select(func.count(Subscription.id)).join(Subscription.reader)
    return db.session.scalar(mine.where(Subscription.event_id == event_id, *_ACTIVE)) or 0


def _batches(statement: Select[Subscription]) -> Iterator[Sequence[Subscription]]:
    after = 0
    while True:
        batch = statement.where(Subscription.id > after).order_by(Subscription.id).limit(_BATCH)
        rows: Sequence[Subscription] = db.session.scalars(batch).all()
        if rows:
            yield rows
        if len(rows) < _BATCH:
            return
        after = rows[-1].id


def filters_after(subscription_id: int) -> Sequence[Subscription]:
    """The next batch of followed filters, each with its reader."""
    mine = select(Subscription).join(Subscription.reader).options(contains_eager(Subscription.reader))
    mine = mine.where(Subscription.kind != Kind.EVENT, *_ACTIVE, Subscription.id > subscription_id)
    return db.session.scalars(mine.order_by(Subscription.id).limit(_BATCH)).all()


def followed_filters(campaign_id: int, kind: Kind) -> Sequence[str]:
    """The filters that somebody has asked for letters about, each once."""
    mine = (Subscription.campaign_id == campaign_id, Subscription.kind == kind)
    return db.session.scalars(select(Subscription.query).where(*mine).distinct()).all()


def told_of(campaign_id: int, kind: Kind, query: str, key: tuple[str, str]) -> Iterator[Sequence[Subscription]]:
    """Wishes about a filter whose letter has left, each with the reader, in batches.

    The letter of a wish is found by its key alone: what stands before and after the number of the wish is `key`.
    """
    named = literal(key[0]).concat(cast(Subscription.id, String)).concat(key[1])
    mine = (Subscription.campaign_id == campaign_id, Subscription.kind == kind, Subscription.query == query)
    told = select(Subscription).join(Subscription.reader).join(Letter, Letter.key == named)
    told = told.where(*mine, *_ACTIVE, Letter.status == LetterStatus.SENT)
    yield from _batches(told.options(contains_eager(Subscription.reader)))


def of_week(reader_id: int, since: datetime, until: datetime, kinds: Collection[str]) -> Sequence[Letter]:
    """Letters of these kinds that a reader has had in a time, or that wait to be sent in it."""
    mine = (Letter.recipient_id == reader_id, Letter.kind.in_(kinds), Letter.due_at >= since, Letter.due_at < until)
    counted = Letter.status.in_([*WAITING, LetterStatus.SENT])
    return db.session.scalars(select(Letter).where(*mine, counted)).all()


def readers_after(reader_id: int) -> Sequence[Reader]:
    """The next batch of readers who follow an event by name."""
    follows = select(Subscription.id).where(Subscription.reader_id == Reader.id, Subscription.kind == Kind.EVENT)
    statement = select(Reader).where(Reader.id > reader_id, follows.exists()).order_by(Reader.id).limit(_BATCH)
    return db.session.scalars(statement).all()


def unsent_notices(event_id: int) -> Sequence[Letter]:
    return db.session.scalars(mail.about("event", event_id, "reminder_change")).all()


def reminders_of(reader_ids: Collection[int], since: datetime) -> dict[int, list[Letter]]:
    """Reminders of these readers that wait, and those that were due since then and have left."""
    mine = (Letter.kind == "reminder", Letter.recipient_id.in_(reader_ids))
    told = (Letter.status == LetterStatus.SENT) & (Letter.due_at > since)
    found: dict[int, list[Letter]] = defaultdict(list)
    for letter in db.session.scalars(select(Letter).where(*mine, Letter.status.in_(WAITING) | told)):
        found[letter.recipient_id or 0].append(letter)
    return found
