"""From a filter to the rows it finds, in the order of the list: which index leads, and what is tested on the way.

Every filter with a closed set of values is a list of `listing_terms` in the order of dates. The shortest list leads,
and the other filters are tested row by row, so that a page costs what it shows and not what there is. Only what is near
and what contains a word has no such list: where it is little, it is gathered and sorted; where it is much, a page is
full after a few rows of any list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from campaign.calendar import counts, order, terms, textual
from campaign.calendar.conditions import has_one_of, has_word, is_listed, is_near, resolved, within
from campaign.calendar.counts import DayCount
from campaign.calendar.filters import Filter
from campaign.calendar.models import Listing, listing_terms, listing_vevents
from campaign.core.db import db

# So many rows are gathered and sorted at most; what finds more finds enough of them in any list.
FEW = 1000
# Words that few exhibitions have: their list leads, where otherwise the exhibitions that end soonest do.
_RARE = ("org:", "city:", "word:", "access:", "country:")
_Key = InstrumentedAttribute[int] | ColumnElement[int]
_Tests = list[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of events; `is_more` where counting stopped there."""

    number: int
    is_more: bool = False


class Search:
    """A filter made ready: the dated events it finds, in order, and how many; and the exhibitions it finds."""

    def __init__(self, campaign_id: int, wanted: Filter) -> None:
        self.campaign_id = campaign_id
        self.wanted = resolved(wanted)
        self._groups = terms.asked(self.wanted)
        words = {terms.ALL, *(word for group in self._groups for word in group)}
        self._sizes = counts.between(campaign_id, words, self.wanted.first, self.wanted.last)
        self._hits, self._many = self._look_up()
        # A word that finds nothing within the dates is no alternative; a group without any finds nothing at all.
        groups = [tuple(word for word in group if self._sizes[word]) for group in self._groups]
        self._gathered = self._gather(groups) if all(groups) else []
        self._leader = self._shortest(groups)
        led = (self._leader,) if self._gathered is None else ()
        self._tested = [group for group in groups if group and group != led]
        self._tests: _Tests = [has_one_of(group) for group in self._tested]

    def rows(self, *columns: Any, after: int | None = None) -> Select[Any]:
        """Select `columns` of `Listing` in order, from a key on; the caller may set a limit."""
        statement, key = self._led(*columns, is_listing=True)
        tests = (*self._tests, *self._many_tests(is_read=True))
        return self._bounded(statement, key, after, None).where(*tests).order_by(key)

    def vevents(self, *columns: Any) -> Select[Any]:
        """Select `columns` of `listing_vevents` in order, for files, which read all they find.

        No listing is looked at but for distances, and the index of texts is asked once.
        """
        row = listing_vevents.c
        tests = [has_word(row, group) for group in self._tested]
        if "words" in self._many:
            tests.append(row.listing_id.in_(textual.containing(terms.long_words(self.wanted))))
        statement, key = self._led_vevents(*columns)
        if "near" in self._many:
            statement = statement.join(Listing, Listing.id == row.listing_id).where(*is_near(self.wanted))
        return self._bounded(statement, key, None, None).where(*tests).order_by(key)

    def ids(self, *, after: int | None = None, span: tuple[date, date] | None = None) -> Select[int]:
        """Select the ids of the listings in order; `span` narrows the dates of the filter.

        A page reads ids first and then their rows. Where nothing is tested this never looks at a listing, so that no
        planner, however little it knows of the tables yet, can find a slow way.
        """
        tests = (*self._tests, *self._many_tests(is_read=True))
        is_listed = self._gathered is not None or bool(tests)
        statement, key = self._led(Listing.id if is_listed else listing_terms.c.listing_id, is_listing=is_listed)
        return self._bounded(statement, key, after, span).where(*tests).order_by(key)

    def count(self, most: int) -> Counted:
        """How many rows there are: from prepared counts where they say it, else counted up to `most`."""
        if self._is_one_list:
            return Counted(self._sizes[self._leader])
        # In order, though nobody looks at it: so the planner follows the list and stops, and gathers nothing first.
        some = self.ids().limit(most + 1).subquery()
        number = db.session.scalar(select(func.count()).select_from(some)) or 0
        return Counted(min(number, most), is_more=number > most)

    def by_day(self) -> dict[date, DayCount]:
        """How many events every day of the filter's dates has; both ends of them are set."""
        first, last = self.wanted.first, self.wanted.last
        assert first is not None
        assert last is not None
        if self._is_one_list:
            return counts.by_day(self.campaign_id, self._leader, first, last)
        columns = (Listing.starts_on, func.count(), func.count(Listing.city_key.distinct()))
        statement, key = self._led(*columns, is_listing=True)
        tests = (*self._tests, *self._many_tests(is_read=False))
        rows = self._bounded(statement, key, None, None).where(*tests).group_by(Listing.starts_on)
        return {day: DayCount(events, cities) for day, events, cities in db.session.execute(rows)}

    def exhibitions(self, first: date, last: date | None, *columns: Any, reads_all: bool = False) -> Select[Any]:
        """Select the ids, or `columns`, of the exhibitions open between two days, those that end soonest first."""
        leader, columns = self._leader_of_runs, columns or (Listing.id,)
        if leader is not None or self._hits is not None:
            statement, _key = self._led_runs(*columns, leader=leader)
        else:
            is_ours = (Listing.campaign_id == self.campaign_id, Listing.is_run == true())
            statement = select(*columns).select_from(Listing).where(*is_ours)
        tests = [has_word(Listing, group) for group in self._groups if group != (leader,)]
        tests += [*within(first, last), *self._many_tests(is_read=not reads_all)]
        return statement.where(*tests).order_by(Listing.ends_on, Listing.id)

    def runs(self, *columns: Any, after: int | None = None) -> Select[Any]:
        """Select `columns` of the exhibitions in the order of their first days, from after a key on."""
        leader = None if self._hits is not None else self._shortest(self._groups)
        statement, key = self._led_runs(*columns, leader=leader)
        tests = [has_one_of(group) for group in self._groups if group != (leader,)]
        tests += [*within(self.wanted.first, self.wanted.last), *self._many_tests(is_read=True)]
        return (statement if after is None else statement.where(key > after)).where(*tests).order_by(key)

    def changed(self) -> Select[int]:
        """Select the ids of all that it finds, exhibitions too, what changed last first; each event by its first date.

        What little a word finds, or what was looked up, is gathered and sorted. Where every part of the filter finds
        much, the index of changes is read until a page is full.
        """
        tests = [has_one_of(group) for group in self._groups] + self._many_tests(is_read=True)
        tests += [Listing.position == 0, *within(self.wanted.first, self.wanted.last)]
        statement = select(Listing.id).order_by(Listing.changed_at.desc(), Listing.id.desc())
        rare = min(self._groups, key=self._size, default=())
        if self._hits is not None:
            tests.append(Listing.id.in_(sorted(self._hits)))
        elif rare and self._size(rare) <= FEW:
            tests.append(is_listed(self.campaign_id, rare))
        else:
            return statement.where(Listing.campaign_id == self.campaign_id, *tests)
        return statement.where(_unindexed(Listing.campaign_id) == self.campaign_id, *tests)

    def _size(self, group: tuple[str, ...]) -> int:
        return sum(self._sizes[word] for word in group)

    @property
    def _is_one_list(self) -> bool:
        """Whether one list is the whole answer: then its prepared counts are too."""
        return self._gathered is None and not self._tests and not self._many

    @staticmethod
    def _single(groups: Iterable[tuple[str, ...]]) -> list[str]:
        """The words whose lists can lead: where one filter has one value; several would have to be merged."""
        return [group[0] for group in groups if len(group) == 1]

    def _shortest(self, groups: Iterable[tuple[str, ...]]) -> str:
        """The word with the shortest list of dated events, or the one that finds all."""
        return min(self._single(groups), key=self._sizes.__getitem__, default=terms.ALL)

    @cached_property
    def _leader_of_runs(self) -> str | None:
        """The shortest list of exhibitions where it is short, or that of a word few have; else those that end soonest
        lead, and enough of them are found. Nothing leads what was looked up."""
        words = self._single(self._groups) if self._hits is None else []
        sizes = self._runs_of(words) if words else {}
        shortest = min(words, key=sizes.__getitem__, default=None)
        if shortest is not None and sizes[shortest] < FEW:
            return shortest
        return next((word for word in words if word.startswith(_RARE)), None)

    def _runs_of(self, words: list[str]) -> dict[str, int]:
        """How many exhibitions each word finds, counted up to `FEW`."""
        lists = (select(listing_terms.c.sort_key).where(*self._list(word, is_run=true())) for word in words)
        some = (one.limit(FEW).subquery() for one in lists)
        numbers = (select(func.count()).select_from(part).scalar_subquery() for part in some)
        return dict(zip(words, db.session.execute(select(*numbers)).one(), strict=True))

    def _led(self, *columns: Any, is_listing: bool) -> tuple[Select[Any], _Key]:
        """Select `columns` from what leads, and the column that orders it; `is_listing`: they are a listing's."""
        if self._gathered is not None:
            return self._among(select(*columns), Listing, self._gathered), _unindexed(Listing.sort_key)
        table = listing_terms.c
        statement = select(*columns).select_from(listing_terms).where(*self._list(self._leader, is_run=false()))
        if is_listing:
            statement = statement.join(Listing, Listing.id == table.listing_id)
        return statement, table.sort_key

    def _led_runs(self, *columns: Any, leader: str | None) -> tuple[Select[Any], _Key]:
        """The same for exhibitions: from the list of the leader, or of those that were looked up."""
        if leader is None:
            found = select(*columns).select_from(Listing)
            return self._among(found, Listing, self._hits or (), is_run=True), _unindexed(Listing.sort_key)
        table = listing_terms.c
        led = select(*columns).select_from(listing_terms).join(Listing, Listing.id == table.listing_id)
        return led.where(*self._list(leader, is_run=true())), table.sort_key

    def _list(self, word: str, *, is_run: ColumnElement[bool]) -> _Tests:
        """The rows of one list of words."""
        table = listing_terms.c
        return [table.campaign_id == self.campaign_id, table.is_run == is_run, table.term == word]

    def _led_vevents(self, *columns: Any) -> tuple[Select[Any], _Key]:
        """The same for the VEVENTs, which lead by themselves where everything is wanted."""
        row = listing_vevents.c
        if self._gathered is not None:
            return self._among(select(*columns), row, self._gathered), _unindexed(row.sort_key)
        is_ours = (row.campaign_id == self.campaign_id, row.is_run == false())
        if self._leader == terms.ALL:
            return select(*columns).where(*is_ours), row.sort_key
        statement, key = self._led(*columns, is_listing=False)
        return statement.join(listing_vevents, row.sort_key == key).where(*is_ours), key

    def _among(self, statement: Select[Any], row: Any, ids: Iterable[int], *, is_run: bool = False) -> Select[Any]:
        """Only the rows of these ids, of listings or of their VEVENTs; nothing else may look like a way to them."""
        # No listing has the number 0: an empty list is looked up like any other.
        known = sorted(ids) or [0]
        number = Listing.id if row is Listing else row.listing_id
        return statement.where(number.in_(known), _unindexed(row.campaign_id) == self.campaign_id, row.is_run == is_run)

    def _bounded(
        self, statement: Select[Any], key: _Key, after: int | None, span: tuple[date, date] | None
    ) -> Select[Any]:
        """One lower bound and one upper: of two, SQLite begins at the one written first and reads on to the other."""
        first, last = span or (self.wanted.first, self.wanted.last)
        bounds = [*([order.from_day(first)] if first else []), *([] if after is None else [after + 1])]
        if bounds:
            statement = statement.where(key >= max(bounds))
        return statement.where(key <= order.to_day(last)) if last else statement

    def _look_up(self) -> tuple[frozenset[int] | None, tuple[str, ...]]:
        """(ids of what contains the words and is near, where they are few; which of both finds many)."""
        sets, many = [], []
        if words := terms.long_words(self.wanted):
            sets.append(_few(textual.containing(words)))
            many += [] if sets[-1] is not None else ["words"]
        if self.wanted.centre:
            is_ours = Listing.campaign_id == self.campaign_id
            sets.append(_few(select(Listing.id).where(is_ours, *is_near(self.wanted))))
            many += [] if sets[-1] is not None else ["near"]
        known = [found for found in sets if found is not None]
        return frozenset.intersection(*known) if known else None, tuple(many)

    def _many_tests(self, *, is_read: bool) -> _Tests:
        """Conditions for what finds many: texts are read one by one where a page is full soon (`is_read`), else the
        index is asked for all of them."""
        tests: _Tests = is_near(self.wanted) if "near" in self._many else []
        if "words" not in self._many:
            return tests
        words = terms.long_words(self.wanted)
        if is_read:
            return tests + [textual.reads(word, Listing.id) for word in words]
        return [*tests, Listing.id.in_(textual.containing(words))]

    def _gather(self, groups: Iterable[tuple[str, ...]]) -> list[int] | None:
        """The ids that were looked up, and of what has one of several values where that is little."""
        sets = [] if self._hits is None else [self._hits]
        table = listing_terms.c
        for group in groups:
            if len(group) > 1 and self._size(group) <= FEW:
                is_ours = (table.campaign_id == self.campaign_id, table.is_run == false(), table.term.in_(group))
                ids = self._bounded(select(table.listing_id).where(*is_ours), table.sort_key, None, None)
                sets.append(frozenset(db.session.scalars(ids)))
        return sorted(frozenset.intersection(*sets)) if sets else None


def _few(statement: Select[int]) -> frozenset[int] | None:
    """What a statement of ids finds, or None where that is more than a few."""
    found = db.session.scalars(statement.limit(FEW + 1)).all()
    return frozenset(found) if len(found) <= FEW else None


def _unindexed(column: _Key) -> ColumnElement[int]:
    """The same value in a form that no index knows, so that the ids lead."""
    return column + 0
