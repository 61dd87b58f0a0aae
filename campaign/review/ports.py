"""What the desk needs of reminders, their sibling; filled in `campaign/rooms.py`."""

from collections.abc import Callable

# The id of an event → how many people follow it by name.
CountFollowers = Callable[[int], int]
_count: list[CountFollowers] = []


def connect(count: CountFollowers) -> None:
    """Set who counts followers, once at start-up."""
    _count[:] = [count]


def count_followers(event_id: int) -> int:
    return _count[0](event_id)
