"""Asking for letters, confirming, stopping. Opening a page changes nothing; a button does.

The signed address is the proof, so none of these buttons needs a cookie or a CSRF token: mail programs open links in
windows of their own that keep neither.
"""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.accounts.gates import public
from campaign.accounts.looks import viewer_zone
from campaign.accounts.tokens import Links
from campaign.campaigns import queries as campaigns
from campaign.core import languages
from campaign.core.db import transaction
from campaign.core.faults import Invalid, NotFound
from campaign.core.security import csrf, limiter
from campaign.events import queries as events
from campaign.reminders import service, tokens, wording
from campaign.reminders.models import Kind
from campaign.reminders.ports import calendar

bp = Blueprint("reminders", __name__)


def links() -> Links:
    return Links.of(current_app.extensions["settings"])


@bp.post("/e/<ref>/remind")
@public
@csrf.exempt
@limiter.limit("20 per hour")
def ask(ref: str) -> ResponseReturnValue:
    """The one-field form of an event's page. That page is kept for everybody and carries no session, hence no token;
    all that a forged request could do is ask an address for its consent, once a day."""
    event = events.get(ref)
    language = languages.chosen()
    campaign, asked = event.campaign.slug, "sent"
    with transaction():
        try:
            wish = service.event_wish(events.get(ref))
            service.ask(wish, email=_typed(), language=language, zone=viewer_zone())
        except Invalid:
            asked = "check"
    page = url_for("calendar.event", language=language, campaign=campaign, name=event.ref, reminder=asked)
    return redirect(f"{page}#remind", 303)


@bp.post("/<language>/<campaign>/follow/")
@public
@csrf.exempt
@limiter.limit("20 per hour")
def follow(language: str, campaign: str) -> ResponseReturnValue:
    """The form of the page of the same address, which is kept for everybody like an event's."""
    found = campaigns.get_by_slug(campaign)
    if language not in languages.NAMES:
        raise NotFound
    rhythm, query, asked = request.form.get("rhythm", ""), request.form.get("filter", ""), "sent"
    kind = Kind(rhythm) if rhythm in (Kind.COMING, Kind.WEEKLY, Kind.DAY) else Kind.COMING
    with transaction():
        try:
            wish = service.filter_wish(kind, found.id, query)
            service.ask(wish, email=_typed(), language=language, zone=viewer_zone())
        except Invalid as invalid:
            asked = "long" if "filter" in invalid.problems else "check"
    page = url_for("follow.page", language=language, campaign=campaign)
    kept = calendar().canonical(query) if asked != "long" else ""
    return redirect(f"{page}?{kept}{'&' if kept else ''}asked={asked}&rhythm={kind}", 303)


def _typed() -> str:
    return request.form.get("email", "")


@bp.get("/v/r/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    """What waits for consent; the link of an older letter shows what was asked since, too."""
    reader = tokens.read_manage(token, links())
    waiting = wording.followed(service.pending(reader), languages.chosen())
    return render_template("reminders/confirm.html", reader=reader, waiting=waiting, token=token)


@bp.post("/v/r/<token>")
@public
@csrf.exempt
def confirmed(token: str) -> ResponseReturnValue:
    with transaction():
        reader = tokens.read_manage(token, links())
        waiting = service.pending(reader)
        if "listed" in request.form:
            chosen = request.form.getlist("subscription")
            waiting = [s for s in waiting if str(s.id) in chosen]
        service.confirm(reader, waiting)
        told = wording.followed(waiting, languages.chosen())
    return render_template("reminders/confirmed.html", reader=reader, told=told, token=token)


@bp.get("/u/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """A mail scanner opens every link: only the button, or the mail program's POST, ends anything."""
    reader, subscriptions = tokens.read_stop(token, links())
    told = wording.followed(subscriptions, languages.chosen())
    return render_template("reminders/unsubscribe.html", reader=reader, told=told, token=token)


@bp.post("/u/<token>")
@public
@csrf.exempt
def unsubscribed(token: str) -> ResponseReturnValue:
    """One click (RFC 8058): no cookie, no CSRF token, no redirect."""
    with transaction():
        reader, subscriptions = tokens.read_stop(token, links())
        service.stop(reader, subscriptions)
    if request.form.get("List-Unsubscribe") == "One-Click":
        return "", 200
    told = wording.followed(subscriptions, languages.chosen())
    manage = tokens.manage(reader, links())
    return render_template("reminders/unsubscribed.html", reader=reader, told=told, manage=manage)
