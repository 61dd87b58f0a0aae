"""The page behind the one click in letters about coming editions. Opening it changes nothing; a button does."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from campaign.accounts import queries, service
from campaign.accounts.gates import public
from campaign.accounts.models import OptionalLetter
from campaign.core.db import transaction
from campaign.core.security import csrf
from campaign.reminders.organisers import seasons
from campaign.reminders.views import links

bp = Blueprint("season", __name__)


@bp.get("/u/s/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    return _page(token)


def _page(token: str) -> str:
    person = seasons.read_stop_token(token, links())
    has_stopped = not queries.wants(person.id, OptionalLetter.SEASON)
    return render_template("reminders/season.html", email=person.email, token=token, has_stopped=has_stopped)


@bp.post("/u/s/<token>")
@public
@csrf.exempt
def stop(token: str) -> ResponseReturnValue:
    """One click (RFC 8058), or the button of the page, which also takes it back."""
    with transaction():
        person = seasons.read_stop_token(token, links())
        service.choose_letters(person, {OptionalLetter.SEASON: request.form.get("resume") == "1"})
    if request.form.get("List-Unsubscribe") == "One-Click":
        return "", 200
    return _page(token)
