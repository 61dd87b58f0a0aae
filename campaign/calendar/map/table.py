"""The table beside the map: countries, their cities and how many events are there; it says all that the map shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _

from campaign.calendar.filters import Filter
from campaign.calendar.map.projection import mercator
from campaign.calendar.map.queries import Spot
from campaign.core.folding import fold
from campaign.events.lifecycle import Mode
from campaign.places import countries

# With more cities than this the table names countries, and each country's page its cities.
MOST_CITIES, MOST_IN_COUNTRY = 60, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A place with its events; `at` is its position on the map, empty where it has none."""

    name: str
    url: str
    events: int
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """A country; `cities` are those that are shown, `number` all of them. `is_asked_for`: the filter names it."""

    row: Row
    is_asked_for: bool
    number: int
    cities: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the table holds: `online` has no place, `hidden` is the number of cities that are not named."""

    lands: tuple[Land, ...]
    online: Row | None
    events: int
    cities: int
    countries: int
    hidden: int


def build(spots: Sequence[Spot], wanted: Filter, language: str, campaign: str) -> Table:
    """Everything by name: there is no ranking here. Only if a country has too many cities, the largest are chosen."""

    page = url_for("map.page", language=language, campaign=campaign)
    elsewhere = replace(wanted, near="", centre=None, country="", city="", city_keys=())
    of_country, of_city = elsewhere.each(page, "country"), elsewhere.each(page, "city")
    placed = [spot for spot in spots if spot.key]
    by_country: dict[str, list[Spot]] = {}
    for spot in placed:
        by_country.setdefault(spot.country, []).append(spot)
    is_one = len(by_country) == 1
    most = MOST_IN_COUNTRY if is_one else MOST_CITIES if len(placed) <= MOST_CITIES else 0

    def land(code: str, name: str, inside: list[Spot]) -> Land:
        chosen = sorted(inside, key=lambda spot: (-spot.events, spot.key))[:most]
        rows = [
            Row(name=s.name, url=of_city(s.key), events=s.events, at=_at(s))
            for s in sorted(chosen, key=lambda spot: fold(spot.name))
        ]
        row = Row(name=name, url=of_country(code), events=_sum(inside))
        return Land(row=row, is_asked_for=bool(wanted.country), number=len(inside), cities=tuple(rows))

    # In the order of their names; a code that means no country stands last.
    names = dict(countries.options(language))
    names |= {code: code for code in sorted(by_country) if code not in names}
    lands = [land(code, name, by_country[code]) for code, name in names.items() if code in by_country]
    online = _sum([spot for spot in spots if not spot.key])
    return Table(
        lands=tuple(lands),
        online=Row(name=_("Only online"), url=_online(wanted, language, campaign), events=online) if online else None,
        events=_sum(spots),
        cities=len(placed),
        countries=len(by_country),
        hidden=max(0, len(placed) - most) if is_one else 0,
    )


def _sum(spots: Sequence[Spot]) -> int:
    return sum(spot.events for spot in spots)


def _at(spot: Spot) -> str:
    if spot.latitude is None or spot.longitude is None:
        return ""
    x, y = mercator(spot.latitude, spot.longitude)
    return f"{x:.5f} {y:.5f}"


def _online(wanted: Filter, language: str, campaign: str) -> str:
    return replace(wanted, mode=Mode.ONLINE).at(url_for("calendar.events", language=language, campaign=campaign))
