"""The document that describes the API (OpenAPI 3.1), and the plug that connects both to the application."""

import json
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint as PlainBlueprint
from flask import Flask, Response, current_app
from flask_smorest import Api

from campaign.accounts.gates import cached_public
from campaign.calendar.api import answers, blueprint, parameters
from campaign.calendar.api.blueprint import bp
from campaign.calendar.api.resources import campaigns, events, index, organisations, places
from campaign.calendar.api.schemas.problems import ProblemSchema
from campaign.calendar.store import Made
from campaign.core import languages, problems

RESOURCES = (index, campaigns, events, places, organisations)
VERSION = "1.0.0"
_ABOUT = """\
Events held around the world on and near days of remembrance, as their organisers announce them and coordinators review
them. Read-only, without a key, for any origin.

- **Filters** are those of the calendar's pages: the query string of a page works here. A filter whose value means
  nothing is left out and named in `ignored_filters`; a number outside its bounds is refused (422).
- **Times**: `starts_local` is what a clock on the wall of the place shows, `zone` its IANA zone, `starts_utc` the
  instant. Show people the local time with its city first.
- **Texts** are the organisers', in the language they were written in. Name the organiser (`organizer`, `creditText`)
  and lead to `url`. The calendar itself takes no position and no figure as its own.
- **Pages**: follow `next`, or the `Link` header (RFC 8288), until it is null. Keys hold no count: nothing is lost or
  repeated while events are added.
- **Caching**: every answer has an ETag; send it back as `If-None-Match` and get 304 without a body.
- **Limit**: 60 requests a minute and address. `RateLimit` says what is left, `Retry-After` when to come again. What
  anybody asked for before, and has not changed since, is given again without being counted, and without `RateLimit`.
- **Errors** are problem+json (RFC 9457) with a sentence that says what to do.
- **Stability**: fields and values may be added within version 1; none changes its meaning and none goes away.
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """The document as it is served."""

    version: str
    text: str


class Document(Api):
    """The description alone: errors are answered where all errors are, and no page comes from elsewhere."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """The handlers of `core.errors` stay in charge."""

    def _register_responses(self) -> None:
        """A problem for every code that says that something is wrong."""
        for status in HTTPStatus:
            content = {problems.MIMETYPE: {"schema": ProblemSchema}} if status >= 400 else {}
            described = {"description": status.phrase, **({"content": content} if content else {})}
            self.spec.components.response(status.name, described, lazy=True)


def init_app(app: Flask) -> None:
    """Plug the resources in and describe them; what is described is in English, whoever starts the process."""
    site = app.extensions["settings"].public_url
    with app.app_context(), languages.speaking("en"):
        document = Document(
            app,
            spec_kwargs={
                "title": "Remembrance Calendar",
                "version": VERSION,
                "openapi_version": "3.1.0",
                "info": {"description": _ABOUT, "x-documentation": f"{site}/developers/"},
                "servers": [{"url": site}],
                "externalDocs": {"url": f"{site}/developers/", "description": "Examples that run"},
            },
        )
        for parameter in parameters.ALL.values():
            document.spec.components.parameter(parameter.name, "query", parameter.openapi, lazy=True)
        document.register_blueprint(bp)
        text = json.dumps(document.spec.to_dict(), ensure_ascii=False)
    app.extensions["api_document"] = Finished(VERSION, text)
    blueprint.init_app(app)


@cached_public
def openapi() -> Response:
    """The description of all resources (OpenAPI 3.1)."""
    return answers.conditional(Made(current_app.extensions["api_document"].text))


# The document does not describe itself: this is a plain rule of Flask's.
PlainBlueprint.add_url_rule(bp, "/openapi.json", "openapi", openapi)
