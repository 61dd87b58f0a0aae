"""What must happen in the same transaction when a public listing changes.

A listing, its feed text and its reminders, which are of the rooms above, change together or not at all.
"""

from dataclasses import dataclass
from enum import StrEnum

from campaign.core.followers import Followers
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


_followers = Followers[Happening]()
connect, happened = _followers.connect, _followers.tell
