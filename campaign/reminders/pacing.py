"""How many letters a reader gets: what falls on one day is one letter, and a week has at most two. Pure.

A reminder is never dropped over that. What goes beyond the measure moves forward into an earlier letter of the week,
so that the reader hears of it sooner, not never; only where no earlier letter is left does one more leave.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from campaign.reminders.due import HOURS_BEFORE

A_WEEK = 2
Week = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One reminder that is owed: of which date of which event in which version, when, and until when."""

    campaign_id: int
    event_id: int
    position: int
    offset: str
    version: int
    at: datetime
    until: datetime
    on: date

    @property
    def told(self) -> tuple[int, int]:
        """What a letter tells of: a date of an event."""
        return self.event_id, self.position


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One letter of reminders of one campaign."""

    at: datetime
    on: date
    items: tuple[Item, ...]

    @property
    def until(self) -> datetime:
        return max(item.until for item in self.items)


def week_of(day: date) -> Week:
    """The ISO week: Monday to Sunday."""
    year, week, _weekday = day.isocalendar()
    return year, week


def letters(items: Collection[Item], sent: Mapping[tuple[int, Week], int]) -> Iterator[Slot]:
    """The letters that tell of these items; `sent` counts those of a campaign that a week has had already."""
    weeks: dict[tuple[int, Week], list[Slot]] = defaultdict(list)
    for slot in _by_day(items):
        weeks[slot.items[0].campaign_id, week_of(slot.on)].append(slot)
    for (campaign_id, week), slots in sorted(weeks.items()):
        left = max(1, A_WEEK - sent.get((campaign_id, week), 0))
        yield from _within(sorted(slots, key=lambda slot: slot.at), left)


def _by_day(items: Collection[Item]) -> Iterator[Slot]:
    """One letter for a day; "two hours before" keeps its own hour."""

    def key(item: Item) -> tuple[int, str]:
        return item.campaign_id, item.at.isoformat() if item.offset == HOURS_BEFORE else item.on.isoformat()

    ordered = sorted(items, key=lambda item: (key(item), item.at, item.event_id, item.position, item.offset))
    for _key, group in groupby(ordered, key=key):
        together = tuple(group)
        yield Slot(at=together[0].at, on=together[0].on, items=together)


def _within(slots: Sequence[Slot], most: int) -> list[Slot]:
    """At most so many of a week's letters: the first, and the one that makes the others the least early."""
    if len(slots) <= most:
        return list(slots)
    if most == 1:
        return [_joined(slots)]
    tries = [[_joined(slots[:n]), _joined(slots[n:])] for n in range(1, len(slots))]
    return min(tries, key=_earliness)


def _joined(slots: Sequence[Slot]) -> Slot:
    """Everything in the first of these letters."""
    return replace(slots[0], items=tuple(item for slot in slots for item in slot.items))


def _earliness(kept: Sequence[Slot]) -> timedelta:
    """By how much items come before their time; what a letter tells of anyway costs nothing."""
    total = timedelta()
    for slot in kept:
        told = {item.told for item in slot.items if item.at <= slot.at}
        for item in slot.items:
            if item.told not in told:
                total += item.at - slot.at
                told.add(item.told)
    return total
