"""Who is told of a change, in its own transaction.

Rooms above connect themselves in `campaign/rooms.py`, the one place a feature is plugged in, so that arrows of import
keep pointing down and what hangs on a change is done with it or not at all.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

Told = TypeVar("Told")


class Followers(Generic[Told]):
    """The followers of one kind of change."""

    def __init__(self) -> None:
        self._all: tuple[Callable[[Told], None], ...] = ()

    def connect(self, *followers: Callable[[Told], None]) -> None:
        """Set who follows; called once when the application is wired."""
        self._all = followers

    def tell(self, change: Told) -> None:
        """Tell every follower; the first that fails undoes the whole transaction."""
        for follower in self._all:
            follower(change)
