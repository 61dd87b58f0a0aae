"""The public page of one event, its short link and its ICS."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _

from campaign.accounts.gates import cached_public
from campaign.calendar import contents, context, event_page, listings, neighbours, pages, timing, vevent
from campaign.calendar.contents import Contents, Stored
from campaign.calendar.filters import Filter
from campaign.calendar.views import bp
from campaign.campaigns.models import Campaign
from campaign.core import clock, languages
from campaign.core.faults import NotFound
from campaign.events import queries as events
from campaign.events.lifecycle import PUBLIC
from campaign.events.models import Event

# The language and the colours of the page that says that a listing is gone.
_SHORTLY = {"Cache-Control": "public, max-age=60", "Vary": "Accept-Language, Cookie"}


@bp.get("/e/<ref>")
@cached_public
def short_link(ref: str) -> ResponseReturnValue:
    """The link on posters: leads to the page in the visitor's language."""
    event, language = events.get(ref), languages.chosen()
    if events.is_withdrawn(event):
        return _withdrawn(context.enter(language, event.campaign.slug), event, language)
    return redirect(event_page.url(events.get_public(ref), language))


@bp.get("/<language>/<campaign>/e/<name>")
@cached_public
def event(language: str, campaign: str, name: str) -> ResponseReturnValue:
    """The page, at its canonical address only: others lead there, so that a changed title breaks no link."""
    found = context.enter(language, campaign)
    shown = events.get(name.partition("-")[0])
    if shown.campaign_id != found.id:
        raise NotFound
    if events.is_withdrawn(shown):
        return _withdrawn(found, shown, language)
    if shown.status not in PUBLIC:
        raise NotFound
    address = event_page.url(shown, language)
    if request.path != address:
        query = request.query_string.decode("ascii", "ignore")
        return redirect(f"{address}?{query}" if query else address, 301)
    return pages.answer(
        found,
        lambda: render_template(
            "calendar/event.html", asked=request.args.get("reminder", ""), **event_page.content(found, shown, language)
        ),
        turns=timing.turns(shown.details, clock.now()),
    )


def _withdrawn(campaign: Campaign, event: Event, language: str) -> ResponseReturnValue:
    """Nothing of the event any more, but what else there is near."""
    today = timing.today(event.details.time_zone, clock.now())
    near = event_page.rows(neighbours.near(event, listings.city_key(event.details), today), campaign, language)
    return render_template("calendar/withdrawn.html", near=near), 410, _SHORTLY


@bp.get("/e/<ref>.ics")
@cached_public
def event_ics(ref: str) -> Response:
    """One event as a calendar file, with its zone."""
    event = events.get_public(ref)
    return pages.answer(
        event.campaign, lambda: ics(event.campaign, contents.of_events([event.id])), mimetype="text/calendar"
    )


@bp.get("/feeds/<campaign>.ics")
@cached_public
def feed(campaign: str) -> Response:
    """Everything a filter finds, for calendar programs: the coming year and the last thirty days."""
    found = context.enter(languages.chosen(), campaign)
    wanted = Filter.read(request.args)
    return pages.answer(
        found,
        lambda: _feed(contents_of(found, wanted)),
        mimetype="text/calendar",
        modified=found.calendar_changed_at,
    )


def contents_of(campaign: Campaign, wanted: Filter) -> Contents:
    """What the file of a filter holds."""
    return Contents(campaign, wanted, context.today_anywhere() - timedelta(days=30))


def left_out(found: Contents) -> str:
    """What a person should know of a file that cannot hold all that its filter finds; empty where it does."""
    if not found.is_cut:
        return ""
    return _(
        "This filter finds more than a calendar file holds: up to %(runs)s exhibitions, and of other events the "
        "%(most)s nearest to %(date)s. "
        "Choose a country, a city, a kind of event or some days, and nothing is left out.",
        runs=format_decimal(contents.MOST_RUNS),
        most=format_decimal(contents.MOST),
        date=languages.format_date(found.day, "long"),
    )


def about(found: Contents) -> str:
    """The same with the page on which one chooses, for whoever has nothing but the file."""
    if not (sentence := left_out(found)):
        return ""
    page = url_for("feeds.builder", language=languages.chosen(), campaign=found.campaign.slug, **found.wanted.query())
    return f"{sentence} {current_app.extensions['settings'].public_url}{page}"


def _feed(found: Contents) -> Iterator[bytes]:
    """A VCALENDAR in pieces, so that never the whole of it is in memory."""
    zones, years = found.zones()
    name = _name(found.campaign)
    return vevent.calendar(found.vevents(), zones, years=years, name=name, about=about(found), site=_site())


def _site() -> str:
    return f"{current_app.extensions['settings'].public_url}/e/"


def _name(campaign: Campaign) -> str:
    return context.in_language(campaign.names, languages.chosen())


def ics(campaign: Campaign, rows: Sequence[Stored]) -> str:
    """A VCALENDAR of stored VEVENTs under the campaign's name."""
    return joined(rows, name=_name(campaign))


def joined(rows: Sequence[Stored], *, name: str, about: str = "") -> str:
    """A VCALENDAR of stored VEVENTs: joined, never rendered."""
    zones, years = contents.zones((row.time_zone, row.starts_on, row.ends_on) for row in rows)
    vevents = [b"".join([row.vevent for row in rows])]
    return b"".join(vevent.calendar(vevents, zones, years=years, name=name, about=about, site=_site())).decode()
