"""What must happen in the same transaction when somebody wants to be written to in another language or zone.

The rooms above connect themselves in `campaign/rooms.py`, as they do for listings (`events.consequences`).
"""

from collections.abc import Callable

from campaign.accounts.models import Person

Follower = Callable[[Person], None]
_followers: list[Follower] = []


def connect(*followers: Follower) -> None:
    """Set who follows profiles; called once when the application is wired."""
    _followers[:] = followers


def changed(person: Person) -> None:
    """Tell every follower; the first that fails undoes the whole transaction."""
    for follower in _followers:
        follower(person)
