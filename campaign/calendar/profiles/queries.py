"""What pages of a place or an organiser ask: years with their numbers, and what else there is; each one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, extract, func, literal, or_, select, true, tuple_

from campaign.calendar import counts
from campaign.calendar.filters import Filter
from campaign.calendar.map.models import ListedPlace
from campaign.calendar.map.queries import Spot, spots
from campaign.calendar.models import Listing, listing_terms, term_counts
from campaign.core.db import db
from campaign.organizations.models import Organization
from campaign.places import distances

MANY = 5
_terms, _counts = listing_terms.c, term_counts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A city; degrees are those of the gazetteer (WGS 84), None where it does not know the city."""

    name: str
    country: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Another place with events, and how far it is in kilometres; None where nobody knows."""

    spot: Spot
    kilometres: int | None


def past_years(campaign_id: int, word: str, today: date) -> dict[int, int]:
    """How much a word finds in every year before today, the newest first: dated events and exhibitions that are over.

    Dated events come from prepared counts; there are few exhibitions of any place or organiser.
    """
    dated = (
        select(extract("year", _counts.day), func.sum(_counts.events))
        .where(_counts.campaign_id == campaign_id, _counts.term == word, _counts.day < today)
        .group_by(extract("year", _counts.day))
    )
    runs = (
        select(extract("year", Listing.starts_on), func.count())
        .join(listing_terms, _terms.listing_id == Listing.id)
        .where(_terms.campaign_id == campaign_id, _terms.is_run == true(), _terms.term == word)
        .where(Listing.ends_on < today)
        .group_by(extract("year", Listing.starts_on))
    )
    numbers: dict[int, int] = {}
    for year, number in db.session.execute(dated.union_all(runs)):
        numbers[int(year)] = numbers.get(int(year), 0) + int(number)
    return dict(sorted(numbers.items(), reverse=True))


def place(campaign_id: int, key: str) -> Place | None:
    """A city of the calendar by its key, such as `de/berlin`; named as its newest event names it."""
    is_its = and_(ListedPlace.campaign_id == Listing.campaign_id, ListedPlace.key == Listing.city_key)
    statement = (
        select(Listing.card, Listing.country, ListedPlace.latitude, ListedPlace.longitude)
        .outerjoin(ListedPlace, is_its)
        .where(Listing.campaign_id == campaign_id, Listing.city_key == key, Listing.city_key != "")
        .order_by(Listing.starts_on.desc(), Listing.starts_local.desc(), Listing.id.desc())
    )
    row = db.session.execute(statement.limit(1)).first()
    return Place(name=row.card["city"], country=row.country, latitude=row[2], longitude=row[3]) if row else None


def everywhere(campaign_id: int, country: str = "") -> list[Spot]:
    """All cities with their events of all years, or those of one country."""
    return [spot for spot in spots(campaign_id, Filter(country=country)) if spot.key]


def nearest(known: Sequence[Spot], latitude: float | None, longitude: float | None, *, but: str = "") -> list[Beside]:
    """The places closest to a position; without one those with the most events."""
    others = [spot for spot in known if spot.key != but]
    if latitude is None or longitude is None:
        largest = sorted(others, key=lambda spot: (-spot.events, spot.key))
        return [Beside(spot, None) for spot in largest[:MANY]]
    measured = [
        (distances.kilometres(latitude, longitude, spot.latitude, spot.longitude), spot)
        for spot in others
        if spot.latitude is not None and spot.longitude is not None
    ]
    closest = sorted(measured, key=lambda pair: (pair[0], pair[1].key))[:MANY]
    return [Beside(spot, round(away)) for away, spot in closest]


def organisers_like(campaign_id: int, slug: str) -> Sequence[Organization]:
    """Organisers of this calendar whose address begins or ends like an unknown one."""
    first, _dash, _rest = slug.partition("-")
    last = slug.rpartition("-")[2]
    statement = (
        select(Organization)
        .where(_holds(campaign_id), or_(Organization.slug.startswith(first, autoescape=True), _ends(last)))
        .order_by(Organization.slug)
    )
    return db.session.scalars(statement.limit(MANY)).all()


def _ends(word: str) -> ColumnElement[bool]:
    return Organization.slug.endswith(f"-{word}", autoescape=True)


def _holds(campaign_id: int) -> ColumnElement[bool]:
    """Whether an organisation has any public event in the calendar."""
    is_its = (_terms.campaign_id == campaign_id, _terms.is_run.in_([True, False]))
    return exists().where(*is_its, _terms.term == literal("org:") + Organization.slug)


def organisers_by_name(campaign_id: int, *, after: int, limit: int) -> Sequence[Organization]:
    """Organisers of this calendar by name, from the one with this id on; from the first where there is none."""
    order = (Organization.search_name, Organization.id)
    last = db.session.execute(select(*order).where(Organization.id == after)).first() if after else None
    statement = select(Organization).where(_holds(campaign_id)).order_by(*order).limit(limit)
    if last is not None:
        statement = statement.where(tuple_(*order) > tuple_(*(literal(part) for part in last)))
    return db.session.scalars(statement).all()


def events_of(campaign_id: int, organizers: Sequence[Organization]) -> dict[str, int]:
    """How much each of these organisers holds in all years, by slug: dated events as counted, and exhibitions."""
    words = [f"org:{organizer.slug}" for organizer in organizers]
    numbers = counts.between(campaign_id, words, None, None)
    runs = (
        select(_terms.term, func.count())
        .where(_terms.campaign_id == campaign_id, _terms.is_run == true(), _terms.term.in_(words))
        .group_by(_terms.term)
    )
    for word, number in db.session.execute(runs):
        numbers[word] += number
    return {word.removeprefix("org:"): number for word, number in numbers.items()}


def organisers(campaign_id: int) -> Sequence[str]:
    """The slugs of all organisers with public events of a calendar."""
    return db.session.scalars(select(Organization.slug).where(_holds(campaign_id)).order_by(Organization.slug)).all()
