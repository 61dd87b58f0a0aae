"""How a resource answers: JSON through its shape, kept and conditional, with links to where it goes on."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import Response, current_app, request
from marshmallow import Schema

from campaign.calendar import pages
from campaign.calendar.api import parameters
from campaign.calendar.store import Made
from campaign.campaigns.models import Campaign

MIMETYPE = "application/json"
# What no calendar version covers may be held for this long by whoever asks.
_SHORT = "public, max-age=60, stale-if-error=86400"


def kept(
    campaign: Campaign, shape: Schema, make: Callable[[], Mapping[str, Any]], *, turns: Iterable[datetime] = ()
) -> Response:
    """The answer of a campaign's calendar: made once per version of it, 304 for who has it.

    It costs something only once, so it is counted only then: the front door gives it again before anybody is counted.
    """
    return _kept(campaign, lambda: _made(shape, make()), turns)


def kept_list(
    campaign: Campaign, head: Schema, make: Callable[[], tuple[Mapping[str, Any], Iterable[str]]]
) -> Response:
    """The same for a list whose items were `written` before; `make` gives what stands before them, and the items."""

    def made() -> Made:
        value, items = make()
        return Made(f'{written(head, value)[:-1]}, "items": [{", ".join(items)}]}}', _links(value))

    return _kept(campaign, made)


def written(shape: Schema, value: Mapping[str, Any]) -> str:
    """What a shape makes of a value, as JSON."""
    return json.dumps(shape.dump(value), ensure_ascii=False)


def _kept(campaign: Campaign, make: Callable[[], Made], turns: Iterable[datetime] = ()) -> Response:
    vary = " ".join(["json", parameters.language(), *parameters.remember_names()])
    response = pages.answer(campaign, make, mimetype=MIMETYPE, vary=vary, turns=turns)
    response.headers["Vary"] = "Accept-Encoding"
    return response


def fresh(shape: Schema, value: Mapping[str, Any]) -> Response:
    """An answer that is small and made anew each time; 304 for who has the same."""
    return conditional(_made(shape, value))


def conditional(made: Made) -> Response:
    """A finished text with an ETag made from it."""
    response = Response(made.text, mimetype=MIMETYPE, headers=dict(made.headers))
    response.headers["Cache-Control"] = _SHORT
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _made(shape: Schema, value: Mapping[str, Any]) -> Made:
    return Made(written(shape, value), _links(value))


def _links(value: Mapping[str, Any]) -> Mapping[str, str]:
    """The links that a list goes on with (RFC 8288, RFC 8631)."""
    site = current_app.extensions["settings"].public_url
    links = [f'<{value["next"]}>; rel="next"'] if value.get("next") else []
    links.append(f'<{site}/api/v1/openapi.json>; rel="service-desc"')
    return {"Link": ", ".join(links)}
