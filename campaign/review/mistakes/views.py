"""The visitor's form of an event, and the list of reports of a desk."""

from datetime import timedelta
from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import gates
from campaign.accounts.tokens import Links
from campaign.campaigns.queries import scopes_of
from campaign.core import clock, languages
from campaign.core.db import transaction
from campaign.core.faults import Conflict, Invalid
from campaign.core.security import limiter
from campaign.events import queries as events
from campaign.review.mistakes import queries, service
from campaign.review.mistakes.forms import ReportForm, ResolveForm
from campaign.review.mistakes.models import REASON, Concern, Mistake, State
from campaign.review.mistakes.wording import CONCERN
from campaign.review.views import coordinator
from campaign.review.wording import age

bp = Blueprint("mistakes", __name__)
# Nobody reads the answers and writes a sentence in less.
FASTEST = timedelta(seconds=3)
_VALID = timedelta(hours=12)


def _links() -> Links:
    return Links.of(current_app.extensions["settings"])


def _new_token() -> str:
    return _links().token("mistake", [uuid4().hex, clock.now().timestamp()])


@bp.get("/e/<ref>/report")
@gates.public
def ask(ref: str) -> ResponseReturnValue:
    """What is wrong? An address of its own, so that the page of the event stays the same for everybody."""
    event = events.get_public(ref)
    form = ReportForm(formdata=None)
    form.token.data = _new_token()
    is_sent = "sent" in request.args
    return render_template("review/report.html", event=event, form=form, is_sent=is_sent)


@bp.post("/e/<ref>/report")
@gates.public
@limiter.limit("6 per hour")
def report(ref: str) -> ResponseReturnValue:
    event = events.get_public(ref)
    form = ReportForm()
    opened = _links().read("mistake", form.token.data or "", _VALID)
    is_valid = form.validate_on_submit()
    if opened is None or form.website.data or clock.now().timestamp() - opened[1] < FASTEST.total_seconds():
        form.form_errors.append(
            _("We could not tell whether a person wrote this. Please read it once more and send it.")
        )
        form.website.data = ""  # What a browser filled in by itself does not stop the second sending.
        is_valid = False
    if not is_valid or opened is None:
        form.token.data = form.token.data if opened else _new_token()
        return render_template("review/report.html", event=event, form=form, is_sent=False), 422
    with transaction():
        service.report(
            events.get_public(ref),
            token=str(opened[0]),
            concern=Concern(form.concern.data),
            text=form.text.data or "",
            email=form.email.data or "",
            language=languages.chosen(),
            public_url=_links().public_url,
        )
    return redirect(url_for(".ask", ref=event.ref, lang=languages.chosen(), sent=1), 303)


@bp.get("/desk/reports/")
@coordinator
def reports() -> ResponseReturnValue:
    """What visitors reported about events of the coordinator's desks."""
    state = State.RESOLVED if request.args.get("state") == State.RESOLVED else State.OPEN
    scopes, after = scopes_of(gates.actor().id), request.args.get("after")
    return render_template(
        "review/reports.html",
        page=queries.reported(scopes, state, after=after),
        state=state,
        count=queries.open_count(scopes),
        is_first_page=not after,
        concerns=CONCERN,
        since=age,
    )


@bp.get("/desk/reports/<int:number>")
@coordinator
def show(number: int) -> ResponseReturnValue:
    return _page(queries.get(number, scopes_of(gates.actor().id)), ResolveForm(formdata=None))


def _page(mistake: Mistake, form: ResolveForm, *, first: str = "", code: int = 200) -> ResponseReturnValue:
    version = form.version.data if form.version.data and not first else str(mistake.version)
    page = render_template(
        "review/reported.html",
        mistake=mistake,
        event=mistake.event,
        concerns=CONCERN,
        reason=REASON[mistake.concern].value,
        form=form,
        version=version,
        first=first,
        since=age,
    )
    return page, code


@bp.post("/desk/reports/<int:number>/resolve")
@coordinator
def resolve(number: int) -> ResponseReturnValue:
    form, by = ResolveForm(), gates.actor()
    if not form.validate_on_submit():
        return _page(queries.get(number, scopes_of(by.id)), form, code=422)
    try:
        with transaction():
            service.resolve(
                queries.get(number, scopes_of(by.id)),
                by=by,
                note=form.note.data or "",
                seen_version=form.version.data or "",
                public_url=_links().public_url,
            )
    except Invalid as invalid:
        form.take(invalid)
        return _page(queries.get(number, scopes_of(by.id)), form, code=422)
    except Conflict as conflict:
        return _page(queries.get(number, scopes_of(by.id)), form, first=str(conflict.message), code=409)
    flash(_("The report is resolved."))
    return redirect(url_for(".reports"))
