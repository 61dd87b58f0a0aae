"""The page on which a visitor asks for letters about what a filter finds: one field, the same bytes for everybody."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from campaign.accounts.gates import cached_public
from campaign.calendar import context, following, pages, queries
from campaign.calendar.filters import Filter
from campaign.campaigns.models import Campaign

bp = Blueprint("follow", __name__)


@bp.get("/<language>/<campaign>/follow/")
@cached_public
def page(language: str, campaign: str) -> Response:
    found = context.enter(language, campaign)
    asked = request.args.get("asked", "")
    return pages.answer(found, lambda: _page(found, Filter.read(request.args), language, asked), vary=asked)


def _page(campaign: Campaign, typed: Filter, language: str, asked: str) -> str:
    """Dates are no part of what is followed: letters tell of what comes."""
    wanted = queries.resolved(replace(typed, first=None, last=None, page=""))
    query = wanted.query_string()
    home: dict[str, Any] = {"language": language, "campaign": campaign.slug}
    events_url = url_for("calendar.events", **home)
    return render_template(
        "calendar/follow.html",
        what=following.words(query, language),
        query=query,
        unknown=wanted.unknown,
        count=queries.count(campaign.id, replace(wanted, first=context.today_anywhere())),
        list_url=f"{events_url}?{query}" if query else events_url,
        day=context.next_day(campaign),
        asked=asked,
        chosen=request.args.get("rhythm", "coming"),
    )
