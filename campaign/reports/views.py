"""`/my/report/…`: where the letter of the day after leads."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import gates
from campaign.core.db import transaction
from campaign.events import own as mine
from campaign.events.models import Event
from campaign.reports import queries, service
from campaign.reports.forms import ReportForm

bp = Blueprint("reports", __name__)


@bp.get("/my/report/<ref>")
@gates.confirmed
def form(ref: str) -> ResponseReturnValue:
    event = mine.writable(ref)
    return _page(event, ReportForm.showing(queries.find(event.id))), 200


@bp.post("/my/report/<ref>")
@gates.confirmed
def tell(ref: str) -> ResponseReturnValue:
    typed = ReportForm()
    if not typed.validate_on_submit():
        return _page(mine.writable(ref), typed), 422
    with transaction():
        service.tell(mine.writable(ref), typed.told(), by=gates.actor())
    flash(_("Thank you. What you told is kept; you can change it here."))
    return redirect(url_for(".form", ref=ref), 303)


def _page(event: Event, typed: ReportForm) -> str:
    return render_template("reports/form.html", event=event, form=typed)
