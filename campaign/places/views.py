"""The city search that forms ask while a person types."""

from flask import Blueprint, Response, jsonify, request

from campaign.core.languages import chosen
from campaign.places import countries
from campaign.places.models import City
from campaign.places.queries import find_cities

bp = Blueprint("places", __name__)


@bp.get("/places/cities")
def cities() -> Response:
    """The cities that begin with `q`, in `country` (ISO 3166-1 alpha-2) if it is given; the largest first."""
    language = chosen()
    found = find_cities(request.args.get("q", ""), request.args.get("country", ""))
    response = jsonify([_described(city, language) for city in found])
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.vary.update(("Accept-Language", "Cookie"))  # The country's name is said in the reader's language.
    return response


def _described(city: City, language: str) -> dict[str, str | int]:
    return {
        "id": city.geoname_id,
        "name": city.name,
        "country": city.country,
        "country_name": countries.name(city.country, language),
        "admin": "",
        "time_zone": city.time_zone,
    }


# The decorator that names a gate lives in a room above this one.
cities.gate = "public"  # type: ignore[attr-defined]
