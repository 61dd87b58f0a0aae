"""How much each choice of the finder would find, said only where prepared counts say it exactly.

A number beside a choice promises what the list will hold. The counts know one word and a span of dates, so a choice
has a number where nothing else is asked for; beside other filters it has none. Several kinds or languages find what
has one of them, and keep their numbers; several answers about access narrow each other, and lose them.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from campaign.calendar import counts, versions
from campaign.calendar.filters import Filter
from campaign.campaigns.models import Campaign

KINDS = ("country", "type", "spoken", "mode", "entry", "access")
_DATES = frozenset({"on", "from", "to", "month"})


def numbers(campaign: Campaign, wanted: Filter) -> Mapping[str, int]:
    """Dated events by word, such as `country:DE`, within the dates of the filter."""
    asked = wanted.query().keys() - _DATES
    found = _of_all(campaign.id, versions.state(campaign), wanted.first, wanted.last) if asked <= {*KINDS} else {}
    if not asked or asked == {"access"}:
        return {} if asked else found
    return {word: number for word, number in found.items() if {word.partition(":")[0]} == asked}


@lru_cache(maxsize=64)
def _of_all(campaign_id: int, _state: str, first: date | None, last: date | None) -> Mapping[str, int]:
    """Summed once for all pages of the same dates, as long as the calendar says the same (`_state`)."""
    return counts.of_kinds(campaign_id, KINDS, first, last)


def forget() -> None:
    """Sum anew; for tests."""
    _of_all.cache_clear()
