"""The words a listing is found by, such as `country:DE`; written at publication, asked for by every filter. Pure.

Whoever adds a filter with a closed set of values adds it to `of_listing` and to `asked`, and nowhere else.
"""

import re
from collections.abc import Iterable, Sequence

from campaign.calendar.filters import Filter
from campaign.core.folding import fold, slug
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Answer, access_of

ALL = "*"
# Words shorter than three letters, the length that the text index knows, are found only as whole words.
SHORTEST = 3
_MOST_SHORT = 200
# Scripts that put no spaces between words: every letter and every pair of letters may be a word.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
# A word that each event has once, whatever its number of dates: what the counts of a whole edition are made of.
EVENT, ONLINE, INVENTED = "event", "event:online", "event:invented"
# What an edition is counted by too: such a word stands behind `event:` once for each event.
BY_EVENT = ("country:", "type:", "spoken:")


def of_listing(details: EventDetails, city_key: str, hosts: Sequence[str], names: Iterable[str]) -> set[str]:
    """All words of a listing; `hosts` are slugs, `names` its title, venue and other short texts."""
    found = {
        ALL,
        f"country:{details.country}" if details.country else "",
        f"city:{city_key}" if city_key else "",
        f"type:{details.type}",
        f"mode:{details.mode}",
        f"entry:{details.entry}" if details.entry else "",
        "free" if details.is_free else "",
    }
    found |= {f"spoken:{code}" for code in details.spoken}
    found |= {f"access:{name}" for name in access_of(details.mode) if details.access.get(name) == Answer.YES}
    found |= {f"org:{slug}" for slug in hosts}
    return {term for term in found if term} | {f"word:{word}" for word in _short_words(names)}


def city_key(country: str, name: str, geoname_id: int | None = None) -> str:
    """`de/berlin`; the GeoNames id tells a smaller namesake in the same country apart: `us/dallas-5722092`."""
    last = slug(name) or fold(name).replace("/", "-").replace(" ", "-")
    return f"{country.lower()}/{last}" + (f"-{geoname_id}" if geoname_id else "")


def asked(wanted: Filter) -> list[tuple[str, ...]]:
    """One group of alternatives for each filter in force; a listing must have one word of every group."""
    groups = [
        [f"country:{wanted.country}"] if wanted.country else [],
        [f"city:{key}" for key in wanted.city_keys],
        [f"type:{value}" for value in wanted.types],
        [f"spoken:{code}" for code in wanted.spoken],
        [f"mode:{wanted.mode}"] if wanted.mode else [],
        [f"entry:{wanted.entry}"] if wanted.entry else [],
        ["free"] if wanted.is_free else [],
        [f"org:{wanted.organizer}"] if wanted.organizer else [],
        *([f"access:{name}"] for name in wanted.access),
        *([f"word:{word}"] for word in wanted.folded_words if len(word) < SHORTEST),
    ]
    return [tuple(group) for group in groups if group]


def long_words(wanted: Filter) -> list[str]:
    """The words that the text index is asked for."""
    return [word for word in wanted.folded_words if len(word) >= SHORTEST]


def _short_words(names: Iterable[str]) -> list[str]:
    folded = fold(" ".join(names))
    found = [word for word in re.split(r"\W+", folded) if 0 < len(word) < SHORTEST]
    for run in _UNSPACED.findall(folded):
        found += [run[at : at + length] for length in (1, 2) for at in range(len(run) - length + 1)]
    return list(dict.fromkeys(found))[:_MOST_SHORT]
