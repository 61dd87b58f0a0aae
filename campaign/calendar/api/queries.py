"""Reads that only programs ask for: events and exhibitions in one list, organisations, the counts of an edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from campaign.calendar import counts as prepared
from campaign.calendar import terms
from campaign.calendar.filters import Filter
from campaign.calendar.listed import Listed
from campaign.calendar.map import periods
from campaign.calendar.map.models import ListedCount
from campaign.calendar.models import Listing
from campaign.calendar.queries import listed
from campaign.calendar.searching import Search
from campaign.core import paging
from campaign.core.db import db
from campaign.core.faults import NotFound
from campaign.core.paging import Page
from campaign.events.lifecycle import PUBLIC
from campaign.events.models import Event, EventOrganization
from campaign.organizations.models import Organization

# Made once: an alias takes longer to make than the rest of its statement.
_OTHER = aliased(Listing)


def page_of(campaign_id: int, wanted: Filter, *, limit: int, is_once: bool) -> Page[Listed]:
    """What a filter finds from its page key on, dated events and exhibitions in one order; few statements.

    With `is_once` each event stands there once, by its first date within the filter.
    """
    search = Search(campaign_id, wanted)
    key = paging.decode(wanted.page, int)
    after = int(key[0]) if key else None
    columns = (Listing.sort_key, Listing.id)
    found: list[tuple[int, int]] = []
    tests = [~_has_earlier_date(wanted)] if is_once else []
    for statement in (search.rows(*columns, after=after), search.runs(*columns, after=after)):
        found += [(key, number) for key, number in db.session.execute(statement.where(*tests).limit(limit + 1))]
    rows = listed([number for _key, number in sorted(found)[: limit + 1]])
    return Page(rows[:limit], paging.encode(rows[limit - 1].sort_key) if len(rows) > limit else None)


def _has_earlier_date(wanted: Filter) -> ColumnElement[bool]:
    """Whether another date of the same event is within the filter too, and earlier. Only dates differ among them."""
    other = _OTHER
    where = [other.event_id == Listing.event_id, other.sort_key < Listing.sort_key]
    if wanted.first:
        # What lasts is found on all of its days, a dated event on the one on which it begins.
        where.append(case((other.is_run == true(), other.ends_on), else_=other.starts_on) >= wanted.first)
    if wanted.last:
        where.append(other.starts_on <= wanted.last)
    return exists().where(*where)


@dataclass(frozen=True, slots=True)
class Host:
    """An organisation and how many public events it holds."""

    organization: Organization
    events: int


def hosts(campaign_id: int | None, *, after: str, country: str = "", limit: int) -> Page[Host]:
    """Organisations that hold public events of a campaign, or of any, by slug; one statement."""
    held = _number_held(campaign_id)
    where: list[ColumnElement[bool]] = [held > 0, Organization.slug > after]
    if country:
        where.append(Organization.country == country)
    statement = select(Organization, held).where(*where).order_by(Organization.slug).limit(limit + 1)
    rows = [Host(organization, number) for organization, number in db.session.execute(statement)]
    return Page(rows[:limit], rows[limit - 1].organization.slug if len(rows) > limit else None)


def host(slug: str) -> Host:
    """One organisation. Raises NotFound for one that holds nothing public: nobody needs to know of it."""
    held = _number_held(None)
    row = db.session.execute(select(Organization, held).where(held > 0, Organization.slug == slug)).first()
    if row is None:
        raise NotFound
    return Host(row[0], row[1])


def _number_held(campaign_id: int | None) -> ColumnElement[int]:
    """Public events of the organisation of the row: those it answers for, and those it holds with others."""
    is_public: list[ColumnElement[bool]] = [Event.status.in_(sorted(PUBLIC))]
    if campaign_id is not None:
        is_public.append(Event.campaign_id == campaign_id)
    own: ScalarSelect[int] = (
        select(func.count()).where(Event.organization_id == Organization.id, *is_public).scalar_subquery()
    )
    shared: ScalarSelect[int] = (
        select(func.count())
        .select_from(EventOrganization)
        .join(Event, Event.id == EventOrganization.event_id)
        .where(EventOrganization.organization_id == Organization.id, *is_public)
        .scalar_subquery()
    )
    return own + shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The numbers of an edition, most first; months in order."""

    events: int
    demonstration: int
    countries: Sequence[tuple[str, int]]
    types: Sequence[tuple[str, int]]
    languages: Sequence[tuple[str, int]]
    months: Sequence[tuple[str, int]]


def counts(campaign_id: int, first: date, last: date) -> Counts:
    """What begins between two days: published, neither cancelled nor postponed; each event once. Prepared rows only."""
    numbers = prepared.of_events(campaign_id, first, last)
    # Whole months stand as one row for each place, the days of others one by one.
    month = case((ListedCount.period > periods.LAST_MONTH, ListedCount.period // 100), else_=ListedCount.period)
    spans = (ListedCount.period.between(low, high) for low, high in periods.within(first, last))
    dates = (
        select(month, func.sum(ListedCount.events))
        .where(ListedCount.campaign_id == campaign_id, or_(*spans))
        .group_by(month)
        .order_by(month)
    )
    return Counts(
        events=numbers.get(terms.EVENT, 0),
        demonstration=numbers.get(terms.INVENTED, 0),
        countries=_ranked(numbers, "country:"),
        types=_ranked(numbers, "type:"),
        languages=_ranked(numbers, "spoken:"),
        months=[(f"{at // 100:04}-{at % 100:02}", int(number)) for at, number in db.session.execute(dates)],
    )


def _ranked(numbers: Mapping[str, int], kind: str) -> list[tuple[str, int]]:
    """(value, number) of one kind of words, the largest number first."""
    prefix = f"{terms.EVENT}:{kind}"
    found = [(word.removeprefix(prefix), number) for word, number in numbers.items() if word.startswith(prefix)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
