"""Countries and cities with how much there is."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import Response, request

from campaign.accounts.gates import cached_public
from campaign.calendar import context
from campaign.calendar import queries as calendar
from campaign.calendar.api import answers, parameters, rows
from campaign.calendar.api.blueprint import resource
from campaign.calendar.api.faults import campaign_of
from campaign.calendar.api.schemas.places import PlacesSchema
from campaign.calendar.filters import Filter
from campaign.calendar.map import queries
from campaign.calendar.map.queries import Spot
from campaign.core.folding import fold
from campaign.places import countries

_PARAMETERS = (*(name for name in parameters.FILTERS if name != "page"), "lang")


@resource("/campaigns/<campaign>/places", PlacesSchema, about="places", parameters=_PARAMETERS, codes=(404,))
@cached_public
def places(campaign: str) -> Response:
    """Countries and cities with the number of events

    The same filters as for events; without dates what is to come is counted. Cancelled and postponed events are not
    counted.
    """
    found, asked = campaign_of(campaign), Filter.read(request.args)
    language = parameters.language()

    def make() -> Mapping[str, Any]:
        shown = calendar.coming(asked, context.today_anywhere())
        spots = queries.shared(found, shown)
        return {
            "filter": shown.query(),
            "ignored_filters": parameters.ignored(shown, _PARAMETERS),
            "events": sum(spot.events for spot in spots),
            "online": sum(spot.events for spot in spots if not spot.key),
            "countries": _countries([spot for spot in spots if spot.key], language),
        }

    return answers.kept(found, PlacesSchema(), make)


def _countries(spots: Sequence[Spot], language: str) -> list[dict[str, Any]]:
    by_country = groupby(sorted(spots, key=lambda spot: (spot.country, fold(spot.name))), lambda spot: spot.country)
    found = [_country(code, list(cities), language) for code, cities in by_country]
    return sorted(found, key=lambda country: fold(country["name"]))


def _country(code: str, cities: Sequence[Spot], language: str) -> dict[str, Any]:
    return {
        "id": code,
        "name": countries.name(code, language),
        "events": sum(city.events for city in cities),
        "cities": [
            {
                "id": city.key,
                "name": city.name,
                "geo": rows.geo(city.latitude, city.longitude),
                "zone": city.time_zone,
                "events": city.events,
            }
            for city in cities
        ],
    }
