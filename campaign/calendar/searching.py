"""From a filter to the rows it finds, in the order of the list: which index leads, and what is tested on the way.

Every filter with a closed set of values is a list of `listing_terms` in the order of dates. The shortest list leads,
and the other filters are tested row by row, so that a page costs what it shows and not what there is. Only what is near
and what contains a word has no such list: where it is little, it is gathered and sorted; where it is much, a page is
full after a few rows of any list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, select
from sqlalchemy.orm import InstrumentedAttribute

from campaign.calendar import counts, order, terms, textual
from campaign.calendar.counts import DayCount
from campaign.calendar.filters import Centre, Filter
from campaign.calendar.models import Listing, listing_terms
from campaign.core.db import db
from campaign.places import countries, distances
from campaign.places import queries as places

# So many rows are gathered and sorted at most; what finds more finds enough of them in any list.
FEW = 1000
_COLUMNS = {
    "country": Listing.country,
    "city": Listing.city_key,
    "type": Listing.type,
    "mode": Listing.mode,
    "entry": Listing.entry,
}


_Key = InstrumentedAttribute[int] | ColumnElement[int]


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of events; `is_more` where counting stopped there."""

    number: int
    is_more: bool = False


def resolved(wanted: Filter) -> Filter:
    """With what the gazetteer makes of `near` and `city`, in any script; a place nobody knows is left out."""
    if wanted.city and not wanted.city_keys:
        wanted = replace(wanted, city_keys=_city_keys(wanted))
    if not wanted.near or wanted.centre is not None:
        return wanted
    name, _comma, country = wanted.near.rpartition(",")
    city = places.find_city(wanted.near) or (places.find_city(name, country) if name else None)
    if city is None:
        return replace(wanted.without("near"), unknown=(*wanted.unknown, "near"))
    centre = Centre(latitude=city.latitude, longitude=city.longitude, name=city.name, country=city.country)
    return replace(wanted, centre=centre)


def _city_keys(wanted: Filter) -> tuple[str, ...]:
    """The keys of cities that bear the typed name: in the asked country or in any, known to the gazetteer or not."""
    if "/" in wanted.city:
        return (wanted.city.lower(),)
    found = [
        terms.city_key(city.country, city.name, geoname_id)
        for city in places.find_namesakes(wanted.city, wanted.country)
        for geoname_id in (None, city.geoname_id)
    ]
    codes = [wanted.country] if wanted.country else sorted(countries.codes())
    return tuple(dict.fromkeys([*found, *(terms.city_key(code, wanted.city) for code in codes)]))


def matching(campaign_id: int, wanted: Filter) -> list[ColumnElement[bool]]:
    """What a listing must be to be found, dates aside; for statements that need no order of dates."""
    wanted = resolved(wanted)
    where = [Listing.campaign_id == campaign_id, *map(_has_one_of, terms.asked(wanted))]
    if words := terms.long_words(wanted):
        where.append(Listing.id.in_(textual.containing(words)))
    return where + (_is_near(wanted) if wanted.centre else [])


def within(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """On at any time of these event-local days."""
    where: list[ColumnElement[bool]] = []
    if first:
        where.append(Listing.ends_on >= first)
    if last:
        where.append(Listing.starts_on <= last)
    return where


def _has_one_of(group: Sequence[str]) -> ColumnElement[bool]:
    kind, _colon, _value = group[0].partition(":")
    if kind == "free":
        return Listing.is_free.is_(True)
    if kind in _COLUMNS:
        return _COLUMNS[kind].in_([term.partition(":")[2] for term in group])
    # Under a name of its own, because another list of the same table may lead.
    words = listing_terms.alias("words").c
    is_its = (words.campaign_id == Listing.campaign_id, words.is_run == Listing.is_run)
    return exists().where(*is_its, words.term.in_(group), words.sort_key == Listing.sort_key)


def _is_near(wanted: Filter) -> list[ColumnElement[bool]]:
    """Within the box, which an index finds, and within the great-circle distance, which is exact."""
    assert wanted.centre is not None
    latitude, longitude = wanted.centre.latitude, wanted.centre.longitude
    box = distances.box_around(latitude, longitude, wanted.radius)
    x, y, z = distances.unit_vector(latitude, longitude)
    cosine = Listing.unit_x * x + Listing.unit_y * y + Listing.unit_z * z
    return [places.within(box, Listing.latitude, Listing.longitude), cosine >= distances.cosine(wanted.radius)]


class Search:
    """A filter made ready: the dated events it finds, in order, and how many there are."""

    def __init__(self, campaign_id: int, wanted: Filter) -> None:
        self.campaign_id = campaign_id
        self.wanted = resolved(wanted)
        groups = terms.asked(self.wanted)
        words = {terms.ALL, *(word for group in groups for word in group)}
        self._sizes = counts.between(campaign_id, words, self.wanted.first, self.wanted.last)
        # A word that finds nothing within the dates is no alternative; a group without any finds nothing at all.
        groups = [tuple(word for word in group if self._sizes[word]) for group in groups]
        self._gathered: list[int] | None = None if all(groups) else []
        self._tests: list[ColumnElement[bool]] = []
        if self._gathered is None:
            self._gather(groups)
        # Where one filter has one value its list leads; several values would have to be merged.
        single = [group[0] for group in groups if len(group) == 1]
        self._leader = min(single, key=self._sizes.__getitem__, default=terms.ALL)
        is_led = self._gathered is None
        self._tests += [_has_one_of(group) for group in groups if group and not (is_led and group == (self._leader,))]

    def rows(self, *columns: Any, after: int | None = None) -> Select[Any]:
        """Select `columns` of `Listing` in order, from after a key on: for streams; the caller may set a limit."""
        statement, key = self._led(*columns)
        if self._gathered is None:
            statement = statement.join(Listing, Listing.id == listing_terms.c.listing_id)
        return self._bounded(statement, key, after, None).where(*self._tests).order_by(key)

    def ids(self, *, after: int | None = None, span: tuple[date, date] | None = None) -> Select[int]:
        """Select the ids of the listings in order; `span` narrows the dates of the filter.

        A page reads ids first and then their rows. Where nothing is tested this never looks at a listing, so that no
        planner, however little it knows of the tables yet, can find a slow way.
        """
        statement, key = self._led(listing_terms.c.listing_id if self._gathered is None else Listing.id)
        if self._gathered is None and self._tests:
            statement = statement.join(Listing, Listing.id == listing_terms.c.listing_id)
        return self._bounded(statement, key, after, span).where(*self._tests).order_by(key)

    def _led(self, *columns: Any) -> tuple[Select[Any], _Key]:
        """Select `columns` from what leads, and the column that orders it."""
        if self._gathered is not None:
            is_ours = (Listing.campaign_id == self.campaign_id, Listing.is_run == false())
            return select(*columns).where(Listing.id.in_(self._gathered), *is_ours), Listing.sort_key
        table = listing_terms.c
        leads = (table.campaign_id == self.campaign_id, table.is_run == false(), table.term == self._leader)
        return select(*columns).select_from(listing_terms).where(*leads), table.sort_key

    def _bounded(
        self, statement: Select[Any], key: _Key, after: int | None, span: tuple[date, date] | None
    ) -> Select[Any]:
        first, last = span or (self.wanted.first, self.wanted.last)
        if first:
            statement = statement.where(key >= order.from_day(first))
        if last:
            statement = statement.where(key <= order.to_day(last))
        return statement if after is None else statement.where(key > after)

    def count(self, most: int) -> Counted:
        """How many rows there are: from prepared counts where they say it, else counted up to `most`."""
        if self._gathered is None and not self._tests:
            return Counted(self._sizes[self._leader])
        some = self.ids().order_by(None).limit(most + 1).subquery()
        number = db.session.scalar(select(func.count()).select_from(some)) or 0
        return Counted(min(number, most), is_more=number > most)

    def by_day(self) -> dict[date, DayCount]:
        """How many events every day of the filter's dates has; both ends of them are set."""
        first, last = self.wanted.first, self.wanted.last
        assert first is not None
        assert last is not None
        if self._gathered is None and not self._tests:
            return counts.by_day(self.campaign_id, self._leader, first, last)
        columns = (Listing.starts_on, func.count(), func.count(Listing.city_key.distinct()))
        rows = self.rows(*columns).order_by(None).group_by(Listing.starts_on)
        return {day: DayCount(events, cities) for day, events, cities in db.session.execute(rows)}

    def _gather(self, groups: Sequence[tuple[str, ...]]) -> None:
        """Ids of what contains the words, of what is near, of what has one of several values: where they are few.

        Where they are many a condition stands in for them.
        """
        words, sets = terms.long_words(self.wanted), []
        if words:
            sets.append(_few(textual.containing(words)))
            self._tests += [textual.reads(word, Listing.id) for word in words] if sets[-1] is None else []
        if self.wanted.centre:
            near = _is_near(self.wanted)
            sets.append(_few(select(Listing.id).where(Listing.campaign_id == self.campaign_id, *near)))
            self._tests += near if sets[-1] is None else []
        for group in groups:
            if len(group) > 1 and sum(self._sizes[word] for word in group) <= FEW:
                table = listing_terms.c
                is_ours = (table.campaign_id == self.campaign_id, table.is_run == false(), table.term.in_(group))
                ids = self._bounded(select(table.listing_id).where(*is_ours), table.sort_key, None, None)
                sets.append(frozenset(db.session.scalars(ids)))
        known = [found for found in sets if found is not None]
        self._gathered = sorted(frozenset.intersection(*known)) if known else None


def _few(statement: Select[int]) -> frozenset[int] | None:
    """What a statement of ids finds, or None where that is more than a few."""
    found = db.session.scalars(statement.limit(FEW + 1)).all()
    return frozenset(found) if len(found) <= FEW else None
