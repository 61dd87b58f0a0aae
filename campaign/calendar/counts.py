"""Keeps the counts by word and day true, in the transaction that changes what the public sees, and reads them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    bindparam,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.sql.selectable import CompoundSelect

from campaign.calendar import terms
from campaign.calendar.models import Listing, listing_terms, term_counts
from campaign.core import statements
from campaign.core.db import db, insert_or
from campaign.events.lifecycle import Mode, Status
from campaign.events.models import Event

Found = Counter[tuple[str, date]]
_counts = term_counts.c
# Reads are put together once; these are bound when they run.
_CAMPAIGN = _counts.campaign_id == bindparam("campaign_id")
_WITHIN = (_CAMPAIGN, _counts.day >= bindparam("first"), _counts.day <= bindparam("last"))
_NUMBER = cast(func.sum(_counts.events), Integer)
_COLUMNS = ["campaign_id", "term", "day", "events", "cities"]
# The row that stands for an event as a whole.
_IS_AN_EVENT = (Listing.position == 0, Listing.status == Status.PUBLISHED)


@dataclass(frozen=True, slots=True)
class DayCount:
    """Dated events of one day, and the cities they are in; 0 cities where nobody counted them."""

    events: int
    cities: int = 0


def found(event_id: int) -> Found:
    """What an event's listings add to the counts: (word, day) pairs."""
    words = (
        select(listing_terms.c.term, listing_terms.c.is_run, Listing.starts_on, Listing.position, Listing.status)
        .join(Listing, Listing.id == listing_terms.c.listing_id)
        .where(Listing.event_id == event_id)
    )
    counted: Found = Counter()
    for term, is_run, day, position, status in db.session.execute(words):
        counted[term, day] += not is_run
        if position == 0 and status is Status.PUBLISHED and term.startswith(terms.BY_EVENT):
            counted[f"{terms.EVENT}:{term}", day] += 1
    once = (
        select(Listing.mode, Listing.starts_on, Event.is_demonstration)
        .join(Event, Event.id == Listing.event_id)
        .where(Listing.event_id == event_id, *_IS_AN_EVENT)
    )
    for mode, day, is_invented in db.session.execute(once):
        counted[terms.EVENT, day] += 1
        counted[terms.ONLINE, day] += mode is not Mode.IN_PERSON
        counted[terms.INVENTED, day] += is_invented
    return counted


def move(campaign_id: int, before: Found, now: Found) -> None:
    """Change the counts from what an event added before to what it adds now. The caller holds the campaign's row."""
    now.subtract(before)
    rows = [
        {"campaign_id": campaign_id, "term": term, "day": day, "events": number, "cities": 0}
        for (term, day), number in now.items()
        if number
    ]
    if not rows:
        return
    fresh = insert_or(term_counts)
    added = {"events": _counts.events + fresh.excluded.events}
    db.session.execute(fresh.on_conflict_do_update(index_elements=["campaign_id", "term", "day"], set_=added), rows)
    days = {row["day"] for row in rows}
    is_touched = (_counts.campaign_id == campaign_id, _counts.day.in_(days))
    db.session.execute(delete(term_counts).where(*is_touched, _counts.events <= 0))
    _count_cities(*is_touched)


def recount(campaign_id: int) -> None:
    """Count a whole campaign anew, after many listings were written at once."""
    db.session.execute(delete(term_counts).where(_counts.campaign_id == campaign_id))
    words = (
        select(listing_terms.c.campaign_id, listing_terms.c.term, Listing.starts_on, func.count(), literal(0))
        .join(Listing, Listing.id == listing_terms.c.listing_id)
        .where(listing_terms.c.campaign_id == campaign_id, listing_terms.c.is_run == false())
        .group_by(listing_terms.c.campaign_id, listing_terms.c.term, Listing.starts_on)
    )
    db.session.execute(insert(term_counts).from_select(_COLUMNS, words))
    _recount_events(campaign_id)
    _count_cities(_counts.campaign_id == campaign_id)


def _recount_events(campaign_id: int) -> None:
    """What each event counts once for, on its first day."""
    is_ours = (Listing.campaign_id == campaign_id, *_IS_AN_EVENT)
    term = listing_terms.c.term
    words = (
        select(literal(campaign_id), literal(f"{terms.EVENT}:") + term, Listing.starts_on, func.count(), literal(0))
        .join(Listing, Listing.id == listing_terms.c.listing_id)
        .where(*is_ours, or_(*(term.startswith(prefix) for prefix in terms.BY_EVENT)))
        .group_by(term, Listing.starts_on)
    )
    db.session.execute(insert(term_counts).from_select(_COLUMNS, words))
    invented = Listing.event_id.in_(select(Event.id).where(Event.campaign_id == campaign_id, Event.is_demonstration))
    for word, where in (
        (terms.EVENT, ()),
        (terms.ONLINE, (Listing.mode != Mode.IN_PERSON,)),
        (terms.INVENTED, (invented,)),
    ):
        once = (
            select(Listing.campaign_id, literal(word), Listing.starts_on, func.count(), literal(0))
            .where(*is_ours, *where)
            .group_by(Listing.campaign_id, Listing.starts_on)
        )
        db.session.execute(insert(term_counts).from_select(_COLUMNS, once))


def _count_cities(*where: Any) -> None:
    """In how many cities the events of a day are: one row of the counts for each."""
    city = term_counts.alias("city")
    is_city = (city.c.campaign_id == _counts.campaign_id, city.c.day == _counts.day)
    number = select(func.count()).where(*is_city, city.c.term >= "city:", city.c.term < "city;").scalar_subquery()
    db.session.execute(update(term_counts).where(*where, _counts.term == terms.ALL).values(cities=number))


_BY_DAY = select(_counts.day, _counts.events, _counts.cities).where(*_WITHIN, _counts.term == bindparam("word"))


def by_day(campaign_id: int, word: str, first: date, last: date) -> dict[date, DayCount]:
    """What one word finds on every day between two that has any."""
    values = _values(campaign_id, first, last, word=word)
    return {day: DayCount(events, cities) for day, events, cities in statements.run(_BY_DAY, values)}


def between(campaign_id: int, words: Iterable[str], first: date | None, last: date | None) -> dict[str, int]:
    """How many dated events each word finds within the dates: a few hundred prepared rows, whatever there is."""
    asked = sorted(set(words))
    named = {f"word{number}": word for number, word in enumerate(asked)}
    values = _values(campaign_id, first, last, **named)
    found = statements.kept(("between", len(asked)), values, lambda: _between(named)).all()
    return dict.fromkeys(asked, 0) | {row[0]: row[1] for row in found}


def _between(names: Iterable[str]) -> Select[Any]:
    is_asked = _counts.term.in_([bindparam(name) for name in names])
    return select(_counts.term, _NUMBER).where(*_WITHIN, is_asked).group_by(_counts.term)


_BEGINNING = select(_counts.term, _counts.events).where(
    _CAMPAIGN, _counts.day == bindparam("day"), _counts.term >= bindparam("prefix"), _counts.term < bindparam("beyond")
)


def beginning_with(campaign_id: int, prefix: str, day: date) -> dict[str, int]:
    """What the words with a prefix find on one day: `country:` gives the countries of a day with their numbers."""
    values = {"campaign_id": campaign_id, "day": day, "prefix": prefix, "beyond": prefix + "\U0010ffff"}
    return {term.removeprefix(prefix): events for term, events in statements.run(_BEGINNING, values).all()}


def of_kinds(campaign_id: int, kinds: tuple[str, ...], first: date | None, last: date | None) -> dict[str, int]:
    """How many dated events each word of these kinds (`country`, `type`) finds within the dates; a range for each."""
    found = statements.run(_of_kinds(kinds), _values(campaign_id, first, last)).all()
    return {row[0]: row[1] for row in found}


@cache
def _of_kinds(kinds: tuple[str, ...]) -> CompoundSelect[str, int]:
    ranges: list[Select[str, int]] = [
        select(_counts.term, _NUMBER)
        .where(*_WITHIN, _counts.term >= f"{kind}:", _counts.term < f"{kind};")
        .group_by(_counts.term)
        for kind in kinds
    ]
    return union_all(*ranges)


def _values(campaign_id: int, first: date | None, last: date | None, **more: Any) -> dict[str, Any]:
    return {"campaign_id": campaign_id, "first": first or date.min, "last": last or date.max, **more}


def of_events(campaign_id: int, first: date, last: date) -> dict[str, int]:
    """Every word that counts events once (`event`, `event:country:DE`), summed over the days on which they begin."""
    statement = (
        select(_counts.term, func.sum(_counts.events))
        .where(_counts.campaign_id == campaign_id, _counts.day.between(first, last))
        .where(_counts.term >= terms.EVENT, _counts.term < f"{terms.EVENT};")
        .group_by(_counts.term)
    )
    return {term: int(number) for term, number in db.session.execute(statement)}
