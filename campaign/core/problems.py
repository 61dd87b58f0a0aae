"""Errors at the addresses that programs read, as problem+json (RFC 9457): what went wrong, and what to do about it."""

import json
from collections.abc import Mapping

from flask import Response, current_app, has_request_context, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

PREFIX = "/api/"
MIMETYPE = "application/problem+json"
# Titles and advice where an error has none of its own. Page addresses say the same in the words of pages.
_GENERAL: dict[int, tuple[LazyString, LazyString]] = {
    400: (
        _("The request could not be understood"),
        _("Check the host and the address; texts in it must be UTF-8, percent-encoded."),
    ),
    404: (
        _("There is nothing at this address"),
        _("Check the address. Everything that is offered is described at /api/v1/openapi.json and on /developers/."),
    ),
    405: (_("This method is not offered"), _("Everything here is read-only. Use GET, HEAD or OPTIONS.")),
    410: (_("This was withdrawn"), _("It was public once and is not any more. Remove it from what you keep.")),
    413: (_("The request is too large"), _("Ask without a body; everything here is read-only.")),
    422: (_("A parameter has a value that cannot be used"), _("Correct the parameters that are named in “errors”.")),
    429: (
        _("Too many requests"),
        _(
            "Wait as many seconds as Retry-After says. Keep answers and ask again with their ETag in If-None-Match: "
            "what has not changed costs little."
        ),
    ),
    500: (_("Something went wrong on our side"), _("We were told about it. Try again in a minute.")),
    503: (_("The calendar is briefly unavailable"), _("Try again after as many seconds as Retry-After says.")),
}


def are_asked_for() -> bool:
    """Whether this request comes from a program that reads problems and not pages."""
    return has_request_context() and request.path.startswith(PREFIX)


def answer(
    code: int,
    title: LazyString | str = "",
    advice: LazyString | str = "",
    *,
    errors: Mapping[str, LazyString | str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The problem as an answer; general words where none are given. `errors` maps parameters to sentences."""
    general = _GENERAL.get(code, _GENERAL[400])
    site = current_app.extensions["settings"].public_url
    said = {
        "type": f"{site}/developers/#problem-{code}",
        "title": str(title or general[0]),
        "status": code,
        "detail": str(advice or general[1]),
        "instance": request.path,
    }
    if errors:
        said["errors"] = {name: str(sentence) for name, sentence in errors.items()}
    body = json.dumps(said, ensure_ascii=False)
    return Response(body, code, {"Cache-Control": "no-store", **(headers or {})}, mimetype=MIMETYPE)


def explained() -> Mapping[int, tuple[LazyString, LazyString]]:
    """Every code with its title and advice, for those who read before they ask."""
    return _GENERAL
