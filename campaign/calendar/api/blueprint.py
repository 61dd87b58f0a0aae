"""The one blueprint of the API: what every resource says of itself, and what every answer carries."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import Schema

from campaign.core import security
from campaign.core.faults import NotFound
from campaign.core.problems import PREFIX
from campaign.core.security import limiter

View = Callable[..., ResponseReturnValue]
LIMIT, WINDOW = 60, 60

bp = Blueprint("api", __name__, url_prefix="/api/v1")
limiter.shared_limit(f"{LIMIT} per {WINDOW} seconds", scope="api")(bp)

_TEXT = {"schema": {"type": "string"}}
_COUNTED = "Only where the request was counted."
_HEADERS = {
    "ETag": {"description": "Send it back as If-None-Match.", "required": True, **_TEXT},
    "Link": {"description": "`next` where there is a next page (RFC 8288); `service-desc`.", **_TEXT},
    "RateLimit": {"description": f"What is left of the limit, and seconds until it begins anew. {_COUNTED}", **_TEXT},
    "RateLimit-Policy": {"description": f"The limit. {_COUNTED}", **_TEXT},
}


def resource(
    rule: str, shape: type[Schema], *, about: str, parameters: tuple[str, ...] = (), codes: tuple[int, ...] = ()
) -> Callable[[View], View]:
    """Plug a view in and describe it: its shape, its parameters by name, the codes it may answer besides 200.

    The first line of the view's docstring is the summary, the rest the description.
    """

    def plug_in(view: View) -> View:
        described: Any = view
        for code in (304, 400, *codes, 429, 500, 503):
            described = bp.alt_response(code, response=HTTPStatus(code).name)(described)
        described = bp.response(200, shape, headers=_HEADERS)(described)
        described = bp.doc(operationId=view.__name__, parameters=list(parameters))(described)
        routed: View = bp.route(rule, tags=[about])(described)
        return routed

    return plug_in


@bp.before_request
def refuse_impossible_address() -> None:
    """Nothing is named with NUL, and PostgreSQL cannot even look for it."""
    if "\0" in request.path:
        raise NotFound


def init_app(app: Flask) -> None:
    app.after_request(open_to_everybody)


def open_to_everybody(response: Response) -> Response:
    """Any page's script may read these answers, errors included (Fetch, CORS); nobody sends a cookie with them."""
    if not request.path.startswith(PREFIX):
        return response
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
        headers["Access-Control-Max-Age"] = "86400"
    left = limiter.current_limit
    if left is not None:
        headers["RateLimit-Policy"] = f'"address";q={LIMIT};w={WINDOW}'
        headers["RateLimit"] = f'"address";r={max(0, left.remaining)};t={security.seconds_of_limit()}'
    return response
