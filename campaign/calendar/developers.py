"""The page for developers: how to read the calendar by program, with examples that run as they stand."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _

from campaign.accounts.gates import cached_public
from campaign.calendar import context
from campaign.calendar.api import parameters
from campaign.calendar.api.blueprint import LIMIT
from campaign.calendar.embeds import oembed
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import languages, problems

bp = Blueprint("developers", __name__)

# Each is a file beside the template; its ending says what runs it.
EXAMPLES = ("first.sh", "again.sh", "all.py", "page.js", "calendar.sh", "fragment.sh", "webhook.py")
_RESOURCES = (
    ("/campaigns", _("All calendars")),
    ("/campaigns/{campaign}", _("One calendar, with its day of remembrance")),
    ("/campaigns/{campaign}/events", _("Events, each once")),
    ("/campaigns/{campaign}/occurrences", _("Dates: an event with several stands there for each")),
    ("/campaigns/{campaign}/places", _("Countries and cities with the number of events")),
    ("/campaigns/{campaign}/organisations", _("Organisations that hold events")),
    ("/campaigns/{campaign}/statistics", _("The counts of one year's edition")),
    ("/events/{id}", _("One event with everything that is public of it")),
    ("/organisations/{id}", _("One organisation")),
)


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of code that readers copy; `name` is its file."""

    name: str
    text: str

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2]


@bp.get("/developers/")
@cached_public
def page() -> Response:
    """The page, in the visitor's language; its examples ask the calendar that changed most often."""
    found = max(campaigns.open_campaigns(), key=lambda campaign: campaign.calendar_version, default=None)
    values = _values(found)
    examples = {name: Example(name, render_template(f"developers/examples/{name}", **values)) for name in EXAMPLES}
    response = make_response(
        render_template(
            "developers/page.html",
            **values,
            examples=examples,
            resources=_RESOURCES,
            filters=[parameters.ALL[name] for name in (*parameters.FILTERS, "limit", "lang")],
            codes=problems.explained(),
            limit=LIMIT,
            frame=oembed.iframe(f"{values['site']}/embed/{values['slug']}/list?lang=en", "", width=640, height=640),
        )
    )
    response.headers["Cache-Control"] = "public, max-age=0, stale-if-error=86400"
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _values(campaign: Campaign | None) -> dict[str, Any]:
    """What the examples name: where they ask, which calendar, and its coming day."""
    language = languages.chosen()
    slug = campaign.slug if campaign else "campaign"
    day = context.next_day(campaign) if campaign else None
    home: dict[str, Any] = {"language": language, "campaign": slug}
    return {
        "site": str(current_app.extensions["settings"].public_url),
        "slug": slug,
        "day": day.isoformat() if day else "2027-02-26",
        "feeds_url": url_for("feeds.builder", **home) if campaign else "",
        "embeds_url": url_for("embeds.builder", **home) if campaign else "",
    }
