"""How a visitor wants to see every page, kept in a cookie of their own choice: colours and time zone."""

from flask import Blueprint, Response, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from campaign.accounts import gates
from campaign.accounts.looks import viewer_zone
from campaign.accounts.redirects import local_path, path_of
from campaign.core import languages
from campaign.core.jinja import THEMES
from campaign.core.security import csrf
from campaign.places import zones

bp = Blueprint("looks", __name__)
A_YEAR = 365 * 24 * 3600


@bp.app_context_processor
def own_zone() -> dict[str, str]:
    """The city whose clock the visitor's second times follow; empty where none is known."""
    chosen = "" if getattr(g, "is_failing", False) else viewer_zone()
    return {"own_zone": zones.city_of(chosen, languages.chosen()) if chosen else ""}


# Pages that are cached for everybody carry no token, and a forged change of colours harms nobody.
@bp.post("/account/theme")
@csrf.exempt
@gates.public
def theme() -> ResponseReturnValue:
    asked = request.form.get("theme", "")
    return _kept("theme", asked if asked in THEMES else "", is_read_by_scripts=False)


@bp.get("/account/time-zone")
@gates.public
def time_zone() -> ResponseReturnValue:
    """A page with one choice, for whoever has no script and for whoever is not where the browser says."""
    return render_template(
        "accounts/time_zone.html",
        options=zones.options(languages.chosen()),
        chosen=viewer_zone(),
        back=local_path(request.args.get("next"), path_of(request.referrer, request.host, "/")),
    )


@bp.post("/account/time-zone")
@gates.public
def choose_time_zone() -> ResponseReturnValue:
    asked = request.form.get("time_zone", "")
    return _kept("tz", asked if zones.is_zone(asked) else "", is_read_by_scripts=True)


def _kept(name: str, value: str, *, is_read_by_scripts: bool) -> Response:
    """Back to where the visitor was; an empty value forgets the choice."""
    back = local_path(request.form.get("next"), path_of(request.referrer, request.host, "/"))
    answer = current_app.make_response(redirect(back, 303))
    if not value:
        answer.delete_cookie(name)
        return answer
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(name, value, max_age=A_YEAR, secure=secure, httponly=not is_read_by_scripts, samesite="Lax")
    return answer
