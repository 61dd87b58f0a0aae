"""What must happen in the same transaction when a public listing changes.

The rooms above (calendar, reminders) connect themselves in `campaign/rooms.py`, the one place a feature is plugged
in, so that arrows of import keep pointing down and a listing, its feed text and its reminders change together or
not at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from campaign.events.details import EventDetails
from campaign.events.models import Event


class Change(StrEnum):
    """What happened to the public listing."""

    PUBLISHED = "published"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A change of a public listing; `before` is what the public saw until now, if it saw anything.

    `is_retimed`: its wall time stands, but the rules of its zone changed, for this event and many others at once. Who
    plans for readers waits until all are through, or a reader of fifty events would be planned for fifty times.
    """

    event: Event
    change: Change
    before: EventDetails | None = None
    is_retimed: bool = False


Follower = Callable[[Happening], None]
_followers: list[Follower] = []


def connect(*followers: Follower) -> None:
    """Set who follows public changes; called once when the application is wired."""
    _followers[:] = followers


def happened(happening: Happening) -> None:
    """Tell every follower; the first that fails undoes the whole transaction."""
    for follower in _followers:
        follower(happening)
