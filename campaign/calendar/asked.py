"""What a filter asks for, looked up: its words with the lengths of their lists, and what is near or contains a word.

What pages ask is put together once for each shape of a filter (`statements.kept`): campaign, leader, bounds and what
was gathered are bound by name; a filter that is tested, and what finds much, is spelled out and part of the shape.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from campaign.calendar import counts, terms, textual
from campaign.calendar.conditions import is_near, resolved
from campaign.calendar.filters import Filter
from campaign.calendar.models import Listing, listing_terms
from campaign.core import statements
from campaign.core.statements import bound

# So many rows are gathered and sorted at most; what finds more finds enough of them in any list.
FEW = 1000
LIMIT = bindparam("limit", type_=Integer)
Key = InstrumentedAttribute[int] | ColumnElement[int]
Tests = list[ColumnElement[bool]]


class Asked:
    """A filter of a campaign, and the parts that statements about it have in common."""

    def __init__(self, campaign_id: int, wanted: Filter) -> None:
        self.campaign_id = campaign_id
        self.wanted = resolved(wanted)
        self._groups = terms.asked(self.wanted)
        words = {terms.ALL, *(word for group in self._groups for word in group)}
        self._sizes = counts.between(campaign_id, words, self.wanted.first, self.wanted.last)
        self._hits, self._many = self._look_up()

    def _look_up(self) -> tuple[frozenset[int] | None, tuple[str, ...]]:
        """(ids of what contains the words and is near, where they are few; which of both finds many)."""
        sets, many = [], []
        if words := terms.long_words(self.wanted):
            sets.append(_few(("words", statements.dialect(), *words), {}, lambda: textual.containing(words)))
            many += [] if sets[-1] is not None else ["words"]
        if self.wanted.centre:
            ids = select(Listing.id).where(self._is_ours(Listing.campaign_id))
            shape, ours = ("near", self.wanted.centre, self.wanted.radius), {"campaign_id": self.campaign_id}
            sets.append(_few(shape, ours, lambda: ids.where(*is_near(self.wanted))))
            many += [] if sets[-1] is not None else ["near"]
        known = [found for found in sets if found is not None]
        return frozenset.intersection(*known) if known else None, tuple(many)

    def _size(self, group: tuple[str, ...]) -> int:
        return sum(self._sizes[word] for word in group)

    @staticmethod
    def _single(groups: Iterable[tuple[str, ...]]) -> list[str]:
        """The words whose lists can lead: where one filter has one value; several would have to be merged."""
        return [group[0] for group in groups if len(group) == 1]

    def _shortest(self, groups: Iterable[tuple[str, ...]]) -> str:
        """The word with the shortest list of dated events, or the one that finds all."""
        return min(self._single(groups), key=self._sizes.__getitem__, default=terms.ALL)

    @property
    def _spelled(self) -> tuple[Hashable, ...]:
        """What conditions of `_many_tests` spell out."""
        words = (statements.dialect(), *terms.long_words(self.wanted)) if "words" in self._many else ()
        return (words, (self.wanted.centre, self.wanted.radius) if "near" in self._many else None)

    def _many_tests(self, *, is_read: bool) -> Tests:
        """Conditions for what finds many: texts are read one by one where a page is full soon (`is_read`), else the
        index is asked for all of them."""
        tests: Tests = is_near(self.wanted) if "near" in self._many else []
        if "words" not in self._many:
            return tests
        words = terms.long_words(self.wanted)
        if is_read:
            return tests + [textual.reads(word, Listing.id) for word in words]
        return [*tests, Listing.id.in_(textual.containing(words))]

    def _list(self, name: str, word: str, *, is_run: ColumnElement[bool]) -> Tests:
        """The rows of one list of words."""
        table = listing_terms.c
        return [self._is_ours(table.campaign_id), table.is_run == is_run, table.term == bound(name, table.term, word)]

    def _is_ours(self, column: Any) -> ColumnElement[bool]:
        is_ours: ColumnElement[bool] = column == bound("campaign_id", column, self.campaign_id)
        return is_ours

    def _among(
        self, statement: Select[Any], row: Any, name: str, ids: Iterable[int], *, is_run: bool = False
    ) -> Select[Any]:
        """Only the rows of these ids, of listings or of their VEVENTs; nothing else may look like a way to them."""
        number = Listing.id if row is Listing else row.listing_id
        # No listing has the number 0: an empty list is looked up like any other.
        is_one = number.in_(bindparam(name, sorted(ids) or [0], expanding=True))
        return statement.where(is_one, self._is_ours(unindexed(row.campaign_id)), row.is_run == is_run)


def bounded(statement: Select[Any], key: Key, bounds: Mapping[str, int]) -> Select[Any]:
    """Between the bounds that there are."""
    for name, value in bounds.items():
        end = bound(name, key, value)
        statement = statement.where(key >= end if name.startswith("low") else key <= end)
    return statement


def counting(ids: Select[Any]) -> Select[int]:
    """How many there are, counted up to a limit. Ids in order stay so, though nobody looks at it: the planner follows
    the list and stops, and gathers nothing first."""
    return select(func.count()).select_from(ids.limit(LIMIT).subquery())


def _few(shape: Hashable, values: Mapping[str, Any], make: Callable[[], Select[int]]) -> frozenset[int] | None:
    """What a statement of ids finds, or None where that is more than a few."""
    found = statements.kept(shape, {**values, "limit": FEW + 1}, lambda: make().limit(LIMIT)).scalars().all()
    return frozenset(found) if len(found) <= FEW else None


def unindexed(column: Key) -> ColumnElement[int]:
    """The same value in a form that no index knows, so that the ids lead."""
    return column + 0
