"""What reminders need of the calendar, their sibling; filled in `campaign/rooms.py`."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from campaign.events.models import Event

# A date of a public event: (event id, which of its dates).
Occasion = tuple[int, int]


class Calendar(Protocol):
    """The public calendar as subscriptions see it. A `query` is a filter as `canonical` writes it."""

    def canonical(self, query: str) -> str:
        """The one form of a public query string; days and page are no part of what is followed."""
        ...

    def words(self, query: str, language: str, *, is_proven: bool) -> str:
        """A filter in words, such as `Germany, Ceremony`; empty for everything.

        What a stranger typed freely is left out until the address is proven: nobody shall send words of their own
        through our letters.
        """
        ...

    def coming(
        self, campaign_id: int, query: str, first: date, last: date | None, *, since: datetime | None = None, limit: int
    ) -> tuple[int, Sequence[Occasion]]:
        """How much takes place between two days, by the events' own dates, and the first of it.

        With `since`, only what was published since then.
        """
        ...

    def tells(self, event: Event, query: str, first: date, last: date, *, limit: int) -> bool:
        """Whether the first of what `coming` finds between two days is about this event, as the calendar shows it."""
        ...

    def totals(self, campaign_id: int, first: date, last: date) -> tuple[int, int, int, int]:
        """Published events between two days, their cities, their countries, and how many can be joined online."""
        ...

    def file(self, event: Event) -> str:
        """An event as a calendar file; empty where there is nothing public."""
        ...

    def feed(self, event_ids: Collection[int], filters: Collection[tuple[int, str]], *, name: str) -> str:
        """A calendar file with these events and what these filters (campaign, query) find from now on."""
        ...


_calendar: list[Calendar] = []


def connect(calendar: Calendar) -> None:
    """Set the calendar, once at start-up."""
    _calendar[:] = [calendar]


def calendar() -> Calendar:
    return _calendar[0]
