"""The public page of one event, its short link and its ICS."""

import json
from datetime import timedelta
from typing import Any

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from campaign.accounts.gates import cached_public
from campaign.calendar import context, pages, presenting, queries, structured, vevent
from campaign.calendar.filters import Filter
from campaign.calendar.models import Listing
from campaign.calendar.views import bp
from campaign.campaigns.models import Campaign
from campaign.core import languages
from campaign.core.faults import Gone, NotFound
from campaign.events import labels
from campaign.events import queries as events
from campaign.events.lifecycle import ACCESS, PUBLIC, Answer, Status
from campaign.events.models import Event
from campaign.media import queries as media
from campaign.places import countries, zones


def _public(ref: str) -> Event:
    event = events.get(ref)
    if event.status is Status.WITHDRAWN and event.published_at:
        raise Gone
    if event.status not in PUBLIC:
        raise NotFound
    return event


@bp.get("/e/<ref>")
@cached_public
def short_link(ref: str) -> ResponseReturnValue:
    """The link on posters: leads to the page in the visitor's language."""
    event = _public(ref)
    return redirect(url_for(".event", language=languages.chosen(), campaign=event.campaign.slug, name=event.ref))


@bp.get("/<language>/<campaign>/e/<name>")
@cached_public
def event(language: str, campaign: str, name: str) -> ResponseReturnValue:
    found = context.enter(language, campaign)
    shown = _public(name.partition("-")[0])
    if shown.campaign_id != found.id:
        raise NotFound
    asked = request.args.get("reminder", "")
    return pages.answer(found, lambda: _page(found, shown, language, asked), vary=asked)


def _page(campaign: Campaign, event: Event, language: str, asked: str) -> str:
    listings = queries.of_event(event.id)
    hosts = [*([event.organization] if event.organization else []), *events.hosts(event.id)]
    details = event.details
    picture = media.find(details.picture_id)
    wording = details.wording(language)
    settings = current_app.extensions["settings"]
    return render_template(
        "calendar/event.html",
        event=event,
        details=details,
        wording=wording,
        wording_language=language if wording.title != details.title else details.language,
        hosts=hosts,
        dates=[presenting.row(x, language, campaign.slug, context.viewer_zone()) for x in listings],
        picture=picture,
        country=countries.name(details.country, language),
        zone_city=zones.city_of(details.time_zone, language),
        type_label=labels.TYPE[details.type] if details.type else "",
        type_icon=labels.TYPE_ICON[details.type] if details.type else "calendar",
        spoken=_(", ").join(labels.language_name(code, language) for code in details.spoken),
        entry_label=labels.ENTRY[details.entry] if details.entry else "",
        access=[_access(name, details.access.get(name, Answer.UNKNOWN)) for name in ACCESS],
        other_languages=[(c, languages.NAMES.get(c, c)) for c in (details.language, *details.translations)],
        structured=_inline(structured.event(event, listings, hosts, picture, settings.public_url, language)),
        asked=asked,
        is_over=all(x.ends_on < context.today_anywhere() for x in listings),
    )


def _access(name: str, answer: str) -> tuple[Any, Any, str]:
    """What is asked, the answer in words, and the answer."""
    return labels.ACCESS[name], labels.ANSWER[Answer(answer)], str(answer)


def _inline(value: dict[str, Any]) -> Markup:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


@bp.get("/e/<ref>.ics")
@cached_public
def event_ics(ref: str) -> Response:
    """One event as a calendar file, with its zone."""
    event = _public(ref)
    listings = queries.of_event(event.id)
    return pages.answer(
        event.campaign, lambda: ics(event.campaign, [_line(x) for x in listings]), mimetype="text/calendar"
    )


def _line(listing: Listing) -> tuple[str, str, str, Any, Any]:
    return listing.vevent, listing.ref, listing.time_zone, listing.starts_on, listing.ends_on


@bp.get("/feeds/<campaign>.ics")
@cached_public
def feed(campaign: str) -> Response:
    """Everything a filter finds, for calendar programs: the coming year and the last thirty days."""
    found = context.enter(languages.chosen(), campaign)
    wanted = Filter.read(request.args)
    since = context.today_anywhere() - timedelta(days=30)
    return pages.answer(found, lambda: ics(found, queries.for_feed(found.id, wanted, since)), mimetype="text/calendar")


def ics(campaign: Campaign, rows: Any) -> str:
    """A VCALENDAR of stored VEVENTs: joined, never rendered."""
    site = current_app.extensions["settings"].public_url
    years = (min((r[3].year for r in rows), default=2000), max((r[4].year for r in rows), default=2000))
    name = context.in_language(campaign.names, languages.chosen())
    vevents = (vevent.with_site(text, f"{site}/e/{ref}") for text, ref, _zone, _first, _last in rows)
    return "".join(vevent.calendar(vevents, {r[2] for r in rows}, years=years, name=name))
