"""What an empty list offers instead: the filter that hides most, the nearest places, what can be joined online."""

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from campaign.calendar import finder
from campaign.calendar.filters import Filter
from campaign.calendar.map.queries import shared
from campaign.calendar.profiles.queries import Beside, nearest
from campaign.calendar.queries import MOST
from campaign.calendar.searching import Counted, Search
from campaign.campaigns.models import Campaign
from campaign.events.lifecycle import Mode
from campaign.places import countries

NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with events, and how far it is from where nothing was found."""

    name: str
    kilometres: int
    events: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A filter that finds something: what it is called, how much it finds, and its address."""

    label: str
    count: Counted
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """`without` is the filter whose removal finds most; each part may be missing."""

    without: Way | None
    nearest: tuple[Place, ...]
    online: Way | None


def find(campaign: Campaign, wanted: Filter, language: str) -> Alternatives:
    """For a filter that finds nothing, with the centre of `near` and the dates of the list."""

    def link(query: Filter) -> str:
        return url_for("calendar.events", language=language, campaign=campaign.slug, **query.query())

    def way(label: str, query: Filter) -> Way | None:
        count = Search(campaign.id, query).count(MOST)
        return Way(label=label, count=count, url=link(query)) if count.number else None

    anywhere = replace(wanted, near="", centre=None, city="", city_keys=(), country="", page="")
    # The sentence sets each filter in quotation marks; words of a search have theirs already.
    loosened = [
        way(wanted.words if name == "q" else label, wanted.without(name, value))
        for label, name, value in finder.terms(wanted, language)
    ]
    return Alternatives(
        without=max(filter(None, loosened), key=lambda found: found.count.number, default=None),
        nearest=_nearest(campaign, wanted, anywhere, language),
        online=None if wanted.mode else way("", replace(anywhere, mode=Mode.ONLINE)),
    )


def _nearest(campaign: Campaign, wanted: Filter, anywhere: Filter, language: str) -> tuple[Place, ...]:
    centre = wanted.centre
    if centre is None:
        return ()
    placed = [spot for spot in shared(campaign, anywhere) if spot.key]
    closest = nearest(placed, centre.latitude, centre.longitude)[:NEAREST]
    return tuple(_place(campaign, anywhere, beside, language) for beside in closest)


def _place(campaign: Campaign, anywhere: Filter, beside: Beside, language: str) -> Place:
    here: dict[str, Any] = {"language": language, "campaign": campaign.slug}
    spot = beside.spot
    return Place(
        name=_("%(city)s, %(country)s", city=spot.name, country=countries.name(spot.country, language)),
        kilometres=beside.kilometres or 0,
        events=spot.events,
        url=url_for("calendar.events", **here, **replace(anywhere, city=spot.key).query()),
    )
