"""From a filter to the rows it finds, in the order of the list: which index leads, and what is tested on the way.

Every filter with a closed set of values is a list of `listing_terms` in the order of dates. The shortest list leads,
and the other filters are tested row by row, so that a page costs what it shows and not what there is. Only what is near
and what contains a word has no such list: where it is little, it is gathered and sorted; where it is much, a page is
full after a few rows of any list.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Executable, Select, bindparam, false, func, select, true, union_all

from campaign.calendar import asked, counts, order, terms, textual
from campaign.calendar.asked import LIMIT, Asked, Key, Tests, bounded, counting, unindexed
from campaign.calendar.conditions import has_one_of, has_word, is_listed, is_near, within
from campaign.calendar.counts import DayCount
from campaign.calendar.filters import Filter
from campaign.calendar.listed import COLUMNS, Listed, known
from campaign.calendar.models import Listing, listing_terms, listing_vevents
from campaign.core import statements
from campaign.core.statements import Rows

# Words that few exhibitions have: their list leads, where otherwise the exhibitions that end soonest do.
_RARE = ("org:", "city:", "word:", "access:", "country:")


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of events; `is_more` where counting stopped there."""

    number: int
    is_more: bool = False


class Search(Asked):
    """A filter made ready: the dated events it finds, in order, and how many; and the exhibitions it finds."""

    def __init__(self, campaign_id: int, wanted: Filter) -> None:
        super().__init__(campaign_id, wanted)
        # A word that finds nothing within the dates is no alternative; a group without any finds nothing at all.
        groups = [tuple(word for word in group if self._sizes[word]) for group in self._groups]
        self._gathered = self._gather(groups) if all(groups) else []
        self._leader = self._shortest(groups)
        led = (self._leader,) if self._gathered is None else ()
        self._tested = [group for group in groups if group and group != led]
        # Whether it takes a look at listings to find dated events, and not at their words alone.
        self._is_listing = self._gathered is not None or bool(self._tested or self._many)

    def rows(self, *columns: Any, after: int | None = None) -> Select[Any]:
        """Select `columns` of `Listing` in order, from a key on; the caller may set a limit."""
        statement, key = self._led(*columns, is_listing=True)
        return bounded(statement, key, self._bounds(after)).where(*self._tests(is_read=True)).order_by(key)

    def vevents(self, *columns: Any, span: tuple[date, date | None] | None = None) -> Select[Any]:
        """Select `columns` of `listing_vevents` in order, for files, which read all they find, or some days of it.

        No listing is looked at but for distances, and the index of texts is asked once.
        """
        row = listing_vevents.c
        tests = [has_word(row, group) for group in self._tested]
        if "words" in self._many:
            tests.append(row.listing_id.in_(textual.containing(terms.long_words(self.wanted))))
        statement, key = self._led_vevents(*columns)
        if "near" in self._many:
            statement = statement.join(Listing, Listing.id == row.listing_id).where(*is_near(self.wanted))
        return bounded(statement, key, self._bounds(span=span)).where(*tests).order_by(key)

    def page(self, *, after: int | None, limit: int) -> Sequence[int]:
        """The ids of the first listings in order, from a key on."""
        bounds = self._bounds(after)
        return self._run("page", bounds, lambda: self._ids(bounds).limit(LIMIT), limit=limit).scalars().all()

    def during(self, spans: Sequence[tuple[date, date]]) -> Sequence[int]:
        """The ids of the listings of some spans of days, in no order."""
        parts = [self._bounds(span=span, name=str(number)) for number, span in enumerate(spans)]
        bounds = {name: value for part in parts for name, value in part.items()}
        found = self._run("during", bounds, lambda: union_all(*(self._ids(part).order_by(None) for part in parts)))
        return found.scalars().all()

    def _ids(self, bounds: Mapping[str, int]) -> Select[int]:
        """Select the ids of the listings in order, within bounds.

        A page reads ids first and then their rows. Where nothing is tested this never looks at a listing, so that no
        planner, however little it knows of the tables yet, can find a slow way.
        """
        number = Listing.id if self._is_listing else listing_terms.c.listing_id
        statement, key = self._led(number, is_listing=self._is_listing)
        return bounded(statement, key, bounds).where(*self._tests(is_read=True)).order_by(key)

    def count(self, most: int) -> Counted:
        """How many rows there are: from prepared counts where they say it, else counted up to `most`."""
        if self._is_one_list:
            return Counted(self._sizes[self._leader])
        bounds = self._bounds()
        number = self._run("count", bounds, lambda: counting(self._ids(bounds)), limit=most + 1).scalar_one()
        return Counted(min(number, most), is_more=number > most)

    def has_more_than(self, most: int) -> bool:
        """Whether it finds more dated events; they are counted where the list that leads is as long."""
        longest = self._sizes[self._leader] if self._gathered is None else len(self._gathered)
        if longest <= most:
            return False
        found = self.count(most)
        return found.is_more or found.number > most

    def by_day(self) -> dict[date, DayCount]:
        """How many events every day of the filter's dates has; both ends of them are set."""
        first, last = self.wanted.first, self.wanted.last
        assert first is not None
        assert last is not None
        if self._is_one_list:
            return counts.by_day(self.campaign_id, self._leader, first, last)
        bounds = self._bounds()
        found = self._run("by day", bounds, lambda: self._by_day(bounds))
        return {day: DayCount(events, cities) for day, events, cities in found}

    def _by_day(self, bounds: Mapping[str, int]) -> Select[Any]:
        columns = (Listing.starts_on, func.count(), func.count(Listing.city_key.distinct()))
        statement, key = self._led(*columns, is_listing=True)
        return bounded(statement, key, bounds).where(*self._tests(is_read=False)).group_by(Listing.starts_on)

    def on_view(self, first: date, last: date | None, *, limit: int) -> list[Listed]:
        """The exhibitions open between two days, those that end soonest first."""
        leader = self._leader_of_runs
        led = {"campaign_id": self.campaign_id, "leader_of_runs": leader, "hits": sorted(self._hits or [0])}
        values = {**led, "on_from": first, "on_to": last, "limit": limit}
        groups = tuple(group for group in self._groups if group != (leader,))
        shape = ("on view", leader is None, self._hits is None, last is None, groups, *self._spelled)
        return known(statements.kept(shape, values, lambda: self.exhibitions(first, last, *COLUMNS).limit(LIMIT)))

    def exhibitions(self, first: date, last: date | None, *columns: Any, reads_all: bool = False) -> Select[Any]:
        """Select `columns` of the exhibitions open between two days, those that end soonest first."""
        leader = self._leader_of_runs
        if leader is not None or self._hits is not None:
            statement, _key = self._led_runs(*columns, leader=leader)
        else:
            is_ours = (self._is_ours(Listing.campaign_id), Listing.is_run == true())
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
        elif rare and self._size(rare) <= asked.FEW:
            tests.append(is_listed(self.campaign_id, rare))
        else:
            return statement.where(Listing.campaign_id == self.campaign_id, *tests)
        return statement.where(unindexed(Listing.campaign_id) == self.campaign_id, *tests)

    def _run(self, kind: str, values: Mapping[str, Any], make: Callable[[], Executable], **more: Any) -> Rows:
        """Run a statement about dated events that is kept for the shape of this search."""
        shape = (kind, *values, self._gathered is None, *self._tested, *self._spelled)
        led = {"campaign_id": self.campaign_id, "leader": self._leader, "gathered": self._gathered or [0]}
        return statements.kept(shape, {**led, **values, **more}, make)

    @property
    def _is_one_list(self) -> bool:
        """Whether one list is the whole answer: then its prepared counts are too."""
        return self._gathered is None and not self._tested and not self._many

    @cached_property
    def _leader_of_runs(self) -> str | None:
        """The shortest list of exhibitions where it is short, or that of a word few have; else those that end soonest
        lead, and enough of them are found. Nothing leads what was looked up."""
        words = self._single(self._groups) if self._hits is None else []
        sizes = self._runs_of(words) if words else {}
        shortest = min(words, key=sizes.__getitem__, default=None)
        if shortest is not None and sizes[shortest] < asked.FEW:
            return shortest
        return next((word for word in words if word.startswith(_RARE)), None)

    def _runs_of(self, words: list[str]) -> dict[str, int]:
        """How many exhibitions each word finds, counted up to `FEW`."""
        named = {f"word{number}": word for number, word in enumerate(words)}

        def make() -> Select[Any]:
            lists = (select(listing_terms.c.sort_key).where(*self._list(name, "", is_run=true())) for name in named)
            return select(*(counting(one).scalar_subquery() for one in lists))

        values = {"campaign_id": self.campaign_id, "limit": asked.FEW, **named}
        return dict(zip(words, statements.kept(("runs", len(words)), values, make).one(), strict=True))

    def _led(self, *columns: Any, is_listing: bool) -> tuple[Select[Any], Key]:
        """Select `columns` from what leads, and the column that orders it; `is_listing`: they are a listing's."""
        if self._gathered is not None:
            among = self._among(select(*columns), Listing, "gathered", self._gathered)
            return among, unindexed(Listing.sort_key)
        table = listing_terms.c
        is_led = self._list("leader", self._leader, is_run=false())
        statement = select(*columns).select_from(listing_terms).where(*is_led)
        if is_listing:
            statement = statement.join(Listing, Listing.id == table.listing_id)
        return statement, table.sort_key

    def _led_runs(self, *columns: Any, leader: str | None) -> tuple[Select[Any], Key]:
        """The same for exhibitions: from the list of the leader, or of those that were looked up."""
        if leader is None:
            found = select(*columns).select_from(Listing)
            among = self._among(found, Listing, "hits", self._hits or (), is_run=True)
            return among, unindexed(Listing.sort_key)
        table = listing_terms.c
        led = select(*columns).select_from(listing_terms).join(Listing, Listing.id == table.listing_id)
        return led.where(*self._list("leader_of_runs", leader, is_run=true())), table.sort_key

    def _led_vevents(self, *columns: Any) -> tuple[Select[Any], Key]:
        """The same for the VEVENTs, which lead by themselves where everything is wanted."""
        row = listing_vevents.c
        if self._gathered is not None:
            among = self._among(select(*columns), row, "gathered", self._gathered)
            return among, unindexed(row.sort_key)
        is_ours = (self._is_ours(row.campaign_id), row.is_run == false())
        if self._leader == terms.ALL:
            return select(*columns).where(*is_ours), row.sort_key
        statement, key = self._led(*columns, is_listing=False)
        return statement.join(listing_vevents, row.sort_key == key).where(*is_ours), key

    def _bounds(
        self, after: int | None = None, span: tuple[date, date | None] | None = None, name: str = ""
    ) -> dict[str, int]:
        """One lower bound and one upper: of two, SQLite begins at the one written first and reads on to the other."""
        first, last = span or (self.wanted.first, self.wanted.last)
        low = [*([order.from_day(first)] if first else []), *([] if after is None else [after + 1])]
        high = [order.to_day(last)] if last else []
        return {**({f"low{name}": max(low)} if low else {}), **({f"high{name}": high[0]} if high else {})}

    def _tests(self, *, is_read: bool) -> Tests:
        """Conditions for what neither leads nor was gathered."""
        return [*(has_one_of(group) for group in self._tested), *self._many_tests(is_read=is_read)]

    def _gather(self, groups: Iterable[tuple[str, ...]]) -> list[int] | None:
        """The ids that were looked up, and of what has one of several values where that is little."""
        sets = [] if self._hits is None else [self._hits]
        bounds = self._bounds()
        for group in groups:
            if len(group) > 1 and self._size(group) <= asked.FEW:
                values = {"campaign_id": self.campaign_id, "words": group, **bounds}
                found = statements.kept(("gather", *bounds), values, lambda: self._of_words(bounds))
                sets.append(frozenset(found.scalars()))
        return sorted(frozenset.intersection(*sets)) if sets else None

    def _of_words(self, bounds: Mapping[str, int]) -> Select[int]:
        table = listing_terms.c
        is_its = (table.is_run == false(), table.term.in_(bindparam("words", expanding=True)))
        ids = select(table.listing_id).where(self._is_ours(table.campaign_id), *is_its)
        return bounded(ids, table.sort_key, bounds)
