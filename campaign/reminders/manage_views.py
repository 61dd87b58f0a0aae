"""The page of one reader: what is followed, how letters are wished for, the personal calendar, erasing the address."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.gates import public
from campaign.core import languages
from campaign.core.db import transaction
from campaign.core.faults import NotFound
from campaign.core.security import csrf
from campaign.places import zones
from campaign.reminders import queries, service, tokens, wording
from campaign.reminders.models import DAYS, Reader, Subscription
from campaign.reminders.ports import calendar
from campaign.reminders.views import links

bp = Blueprint("wishes", __name__)


def _own(reader: Reader, subscription_id: int) -> Subscription:
    for subscription in queries.of_reader(reader.id):
        if subscription.id == subscription_id:
            return subscription
    raise NotFound


def _saved(token: str, what: str) -> ResponseReturnValue:
    return redirect(url_for("wishes.manage", token=token, saved=what), 303)


@bp.get("/m/<token>")
@public
def manage(token: str) -> ResponseReturnValue:
    reader, language = tokens.read_manage(token, links()), languages.chosen()
    rows = wording.followed(queries.of_reader(reader.id), language)
    return render_template(
        "reminders/manage.html",
        reader=reader,
        token=token,
        active=[row for row in rows if row.is_active],
        waiting=[row for row in rows if not row.is_active and not row.is_stopped],
        stopped=[row for row in rows if row.is_stopped],
        saved=request.args.get("saved", ""),
        zones=zones.options(language),
        offered=languages.NAMES,
        days=DAYS,
        feed_url=links().url(url_for("wishes.personal_feed", token=tokens.feed(reader, links()))),
    )


@bp.post("/m/<token>")
@public
@csrf.exempt
def preferred(token: str) -> ResponseReturnValue:
    """The language of the letters, the zone in which they say the time besides the event's own, and the days."""
    asked = request.form.get("letter_language", "")
    with transaction():
        reader = tokens.read_manage(token, links())
        service.prefer(
            reader,
            language=asked if asked in languages.NAMES else reader.language,
            zone=request.form.get("zone", ""),
            days=[day for day in DAYS if str(day) in request.form.getlist("days")],
            is_changes_only=request.form.get("changes_only") == "1",
        )
    return _saved(token, "wishes")


@bp.post("/m/<token>/stop")
@public
@csrf.exempt
def stopped(token: str) -> ResponseReturnValue:
    """One thing, or all where none is named."""
    with transaction():
        reader = tokens.read_manage(token, links())
        one = request.form.get("subscription", type=int)
        service.stop(reader, [_own(reader, one)] if one else list(queries.of_reader(reader.id)))
    return _saved(token, "stopped")


@bp.post("/m/<token>/again")
@public
@csrf.exempt
def again(token: str) -> ResponseReturnValue:
    """Follow something once more; whoever holds the link has answered our letter."""
    with transaction():
        reader = tokens.read_manage(token, links())
        service.confirm(reader, [_own(reader, request.form.get("subscription", 0, type=int))])
    return _saved(token, "again")


@bp.post("/m/<token>/erase")
@public
@csrf.exempt
def erased(token: str) -> ResponseReturnValue:
    with transaction():
        service.forget(tokens.read_manage(token, links()))
    return render_template("reminders/erased.html")


@bp.post("/m/<token>/feed")
@public
@csrf.exempt
def renewed(token: str) -> ResponseReturnValue:
    """A new personal calendar address; who knew the old one sees nothing any more."""
    with transaction():
        service.renew_feed(tokens.read_manage(token, links()))
    return _saved(token, "feed")


@bp.get("/feeds/p/<token>.ics")
@public
def personal_feed(token: str) -> ResponseReturnValue:
    """The events that a reader follows, for calendar programs. The address is the key; it is made anew in a click."""
    reader = tokens.read_feed(token, links())
    rows = [s for s in queries.of_reader(reader.id) if s.is_active]
    with languages.speaking(reader.language):
        name = _("Events that I follow")
    event_ids = [s.event_id for s in rows if s.event_id is not None]
    text = calendar().feed(event_ids, [(s.campaign_id, s.query) for s in rows if s.event_id is None], name=name)
    response = Response(text, mimetype="text/calendar")
    response.add_etag(weak=True)
    response.headers["Cache-Control"] = "private, max-age=900"
    return response.make_conditional(request)
