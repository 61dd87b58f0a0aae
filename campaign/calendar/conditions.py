"""What a filter means: the conditions that a listing must meet, for any statement about listings."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from campaign.calendar import terms, textual
from campaign.calendar.filters import Centre, Filter
from campaign.calendar.models import Listing, listing_terms
from campaign.core.statements import bound
from campaign.places import countries, distances
from campaign.places import queries as places
from campaign.places.models import City

_COLUMNS = {
    "country": Listing.country,
    "city": Listing.city_key,
    "type": Listing.type,
    "mode": Listing.mode,
    "entry": Listing.entry,
}

# City and country; Arabic has a comma of its own.
_PLACE = re.compile(r"(?P<city>.+)[,،](?P<country>.+)")

# Under a name of its own, because another list of the same table may lead.
_WORDS = listing_terms.alias("words")


def resolved(wanted: Filter) -> Filter:
    """With what the gazetteer makes of `near` and `city`, in any script; a place nobody knows is left out."""
    if wanted.city and not wanted.city_keys:
        wanted = replace(wanted, city_keys=_city_keys(wanted))
    if not wanted.near or wanted.centre is not None:
        return wanted
    city = places.find_city(wanted.near) or _in_country(wanted.near)
    if city is None:
        return replace(wanted.without("near"), unknown=(*wanted.unknown, "near"))
    centre = Centre(latitude=city.latitude, longitude=city.longitude, name=city.name, country=city.country)
    return replace(wanted, centre=centre)


def _in_country(text: str) -> City | None:
    """The place of `Berlin, Germany` or `Berlin, de`, as the calendar itself writes places in each language."""
    parts = _PLACE.fullmatch(text)
    code = countries.find(parts["country"]) if parts else ""
    return places.find_city(parts["city"], code) if parts and code else None


def _city_keys(wanted: Filter) -> tuple[str, ...]:
    """The keys of cities that bear the typed name: in the asked country or in any, known to the gazetteer or not."""
    if "/" in wanted.city:
        return (wanted.city.lower(),)
    found = [
        terms.city_key(city.country, city.name, geoname_id)
        for city in places.find_namesakes(wanted.city, wanted.country)
        for geoname_id in (None, city.geoname_id)
    ]
    codes = [wanted.country] if wanted.country else sorted(countries.codes())
    return tuple(dict.fromkeys([*found, *(terms.city_key(code, wanted.city) for code in codes)]))


def matching(campaign_id: int, wanted: Filter, *, reads_all: bool = False) -> list[ColumnElement[bool]]:
    """What a listing must be to be found, dates aside; for statements that need no order of dates.

    A statement that reads all it finds (`reads_all`) takes each list of words once, instead of looking into it row by
    row.
    """
    wanted = resolved(wanted)
    tested = partial(_is_one_of, campaign_id) if reads_all else has_one_of
    where = [Listing.campaign_id == campaign_id, *map(tested, terms.asked(wanted))]
    if words := terms.long_words(wanted):
        where.append(Listing.id.in_(textual.containing(words)))
    return where + (is_near(wanted) if wanted.centre else [])


def within(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """On at any time of these event-local days; bound as `on_from` and `on_to`."""
    where: list[ColumnElement[bool]] = []
    if first:
        where.append(Listing.ends_on >= bound("on_from", Listing.ends_on, first))
    if last:
        where.append(Listing.starts_on <= bound("on_to", Listing.starts_on, last))
    return where


def has_one_of(group: Sequence[str]) -> ColumnElement[bool]:
    """A listing has one word of a group."""
    column = _in_column(group)
    return has_word(Listing, group) if column is None else column


def has_word(row: Any, group: Sequence[str]) -> ColumnElement[bool]:
    """The same of a listing or of its VEVENT (`row`), asking its words alone, so that no index of a column leads."""
    words = _WORDS.c
    is_its = (words.campaign_id == row.campaign_id, words.is_run == row.is_run)
    return exists().where(*is_its, words.term.in_(group), words.sort_key == row.sort_key)


def _is_one_of(campaign_id: int, group: Sequence[str]) -> ColumnElement[bool]:
    column = _in_column(group)
    return is_listed(campaign_id, group) if column is None else column


def is_listed(campaign_id: int, group: Sequence[str]) -> ColumnElement[bool]:
    """A listing is among those that one word of a group finds, whose lists are read once."""
    words = _WORDS.c
    is_its = (words.campaign_id == campaign_id, words.is_run.in_([False, True]), words.term.in_(group))
    return Listing.id.in_(select(words.listing_id).where(*is_its))


def _in_column(group: Sequence[str]) -> ColumnElement[bool] | None:
    """The test of a column, where a word says no more than one."""
    kind, _colon, _value = group[0].partition(":")
    if kind == "free":
        return Listing.is_free.is_(True)
    return _COLUMNS[kind].in_([term.partition(":")[2] for term in group]) if kind in _COLUMNS else None


def is_near(wanted: Filter) -> list[ColumnElement[bool]]:
    """Within the box, which an index finds, and within the great-circle distance, which is exact."""
    assert wanted.centre is not None
    latitude, longitude = wanted.centre.latitude, wanted.centre.longitude
    box = distances.box_around(latitude, longitude, wanted.radius)
    x, y, z = distances.unit_vector(latitude, longitude)
    cosine = Listing.unit_x * x + Listing.unit_y * y + Listing.unit_z * z
    return [places.within(box, Listing.latitude, Listing.longitude), cosine >= distances.cosine(wanted.radius)]
