"""Pages of the links in letters: confirm, manage, stop. Opening a page changes nothing; a button does.

The signed address is the proof, so none of these buttons needs a cookie or a CSRF token: mail programs open links in
windows of their own that keep neither.
"""

from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.accounts.gates import public
from campaign.accounts.tokens import Links, fingerprint
from campaign.core import languages
from campaign.core.db import transaction
from campaign.core.faults import Invalid, NotFound
from campaign.core.security import csrf, limiter
from campaign.events import queries as events
from campaign.events.models import Event
from campaign.places import zones
from campaign.reminders import queries, service
from campaign.reminders.models import Subscription

bp = Blueprint("reminders", __name__)
VALID = timedelta(days=400)


def _links() -> Links:
    return Links.of(current_app.extensions["settings"])


def _of(token: str) -> tuple[Subscription, Event]:
    payload = _links().read("reminder", token, VALID)
    if not payload or len(payload) != 2 or not isinstance(payload[0], int):
        raise NotFound
    subscription = queries.find(payload[0])
    if subscription is None or fingerprint(subscription.email) != payload[1]:
        raise NotFound
    event = events.find(subscription.event_id)
    if event is None:
        raise NotFound
    return subscription, event


def _page(name: str, token: str, **more: object) -> str:
    subscription, event = _of(token)
    title = event.details.wording(languages.chosen()).title
    return render_template(
        f"reminders/{name}.html", subscription=subscription, event=event, title=title, token=token, **more
    )


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
            service.ask(
                events.get(ref),
                email=request.form.get("email", ""),
                language=language,
                zone=request.cookies.get("tz", ""),
                links=_links(),
            )
        except Invalid:
            asked = "check"
    page = url_for("calendar.event", language=language, campaign=campaign, name=event.ref, reminder=asked)
    return redirect(f"{page}#remind", 303)


@bp.get("/v/r/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    return _page("confirm", token)


@bp.post("/v/r/<token>")
@public
@csrf.exempt
def confirmed(token: str) -> ResponseReturnValue:
    with transaction():
        service.confirm(*_of(token), _links())
    return _page("confirmed", token)


@bp.get("/m/<token>")
@public
def manage(token: str) -> ResponseReturnValue:
    return _page("manage", token, is_saved=False, zones=zones.options(languages.chosen()), offered=languages.NAMES)


@bp.post("/m/<token>")
@public
@csrf.exempt
def preferred(token: str) -> ResponseReturnValue:
    """The language of the letters, and the zone in which they say the time besides the event's own."""
    asked = request.form.get("letter_language", "")
    with transaction():
        subscription, _event = _of(token)
        language = asked if asked in languages.NAMES else subscription.language
        service.prefer(subscription, language=language, zone=request.form.get("zone", ""))
    return _page("manage", token, is_saved=True, zones=zones.options(languages.chosen()), offered=languages.NAMES)


@bp.post("/m/<token>/erase")
@public
@csrf.exempt
def erased(token: str) -> ResponseReturnValue:
    with transaction():
        subscription, event = _of(token)
        service.forget(subscription)
        ref, title = event.ref, event.details.wording(languages.chosen()).title
    return render_template("reminders/erased.html", ref=ref, title=title)


@bp.get("/u/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """A mail scanner opens every link: only the button, or the mail program's POST, ends anything."""
    return _page("unsubscribe", token)


@bp.post("/u/<token>")
@public
@csrf.exempt
def unsubscribed(token: str) -> ResponseReturnValue:
    """One click (RFC 8058): no cookie, no CSRF token, no redirect."""
    with transaction():
        service.stop(_of(token)[0])
    if request.form.get("List-Unsubscribe") == "One-Click":
        return "", 200
    return _page("unsubscribed", token)
