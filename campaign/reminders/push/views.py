"""A browser asks to be reminded; and the worker that shows what comes, served from the root so that it may."""

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.gates import cached_public, public
from campaign.accounts.looks import viewer_zone
from campaign.core import languages
from campaign.core.db import transaction
from campaign.core.faults import Invalid, NotFound
from campaign.core.security import csrf, limiter
from campaign.events import queries as events
from campaign.mail.office import Office
from campaign.mail.posting import outside
from campaign.reminders import tokens
from campaign.reminders.push import service
from campaign.reminders.push.endpoints import Endpoint
from campaign.reminders.views import links
from config import ROOT

bp = Blueprint("push", __name__)
WORKER = ROOT / "campaign" / "static" / "js" / "push-worker.js"


@bp.post("/e/<ref>/push")
@public
@csrf.exempt
@limiter.limit("20 per hour")
def subscribe(ref: str) -> ResponseReturnValue:
    """`endpoint`, `p256dh` and `auth` of a PushSubscription. Like the form for letters beside it, it stands on a page
    that is kept for everybody and has no token; a forged request could only remind whoever forged it."""
    if not current_app.extensions["settings"].push_key:
        raise NotFound
    rules, typed = outside(Office.current()), [request.form.get(name, "") for name in ("endpoint", "p256dh", "auth")]
    try:
        endpoint = Endpoint.read(typed[0], typed[1], typed[2], rules)
    except ValueError:
        raise Invalid({}, _("This browser did not say where notifications can be sent.")) from None
    with transaction():
        zone, language = viewer_zone(), languages.chosen()
        reader = service.subscribe(events.get(ref), endpoint, language=language, zone=zone, outside=rules)
    return {"manage": url_for("wishes.manage", token=tokens.manage(reader, links()))}, 201


@bp.get("/push-worker.js")
@cached_public
def worker() -> ResponseReturnValue:
    """The same for everybody; browsers ask for it anew by themselves once a day."""
    response = Response(WORKER.read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)
