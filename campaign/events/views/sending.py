"""Check and send: everything that was said, what is still missing, and the button."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import gates
from campaign.core.db import transaction
from campaign.core.faults import Conflict, Invalid
from campaign.events import labels, rules, service
from campaign.events import own as mine
from campaign.events.forms import FIELD_OF, SendForm
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.events.views.blueprint import answers, bp
from campaign.journal import queries as journal
from campaign.media import queries as pictures


@bp.get("/events/<ref>/check")
@gates.confirmed
def check(ref: str) -> ResponseReturnValue:
    return _page(mine.writable(ref), SendForm(formdata=None))


def _page(event: Event, form: SendForm, *, notice: str = "") -> ResponseReturnValue:
    problems = mine.problems(event, event.details)
    page = render_template(
        "events/check.html",
        event=event,
        form=form,
        notice=notice,
        rows=answers(event),
        problems=[(FIELD_OF.get(name, name), sentence) for name, sentence in problems.items()],
        remarks=rules.remarks(event.details),
        picture=pictures.find(event.details.picture_id),
        question=mine.question(event, journal.history("event", event.id)),
        is_sent=event.status is Status.SUBMITTED,
        version=mine.version_of(event),
        labels=labels,
    )
    is_refused = form.is_submitted() and bool(problems or form.problems())
    return page, 409 if notice else 422 if is_refused else 200


@bp.post("/events/<ref>/submit")
@gates.confirmed
def submit(ref: str) -> ResponseReturnValue:
    form = SendForm()
    if not form.validate_on_submit():
        return _page(mine.writable(ref), form)
    try:
        with transaction():
            event = mine.writable(ref)
            if event.status is not Status.SUBMITTED:  # A second press of the button is harmless.
                if form.version.data != mine.version_of(event):
                    raise Conflict
                service.submit(event, by=gates.actor(), answer=form.answer.data or "")
                mine.promise_receipt(event, gates.actor())
    except Invalid:
        return _page(mine.writable(ref), form)
    except Conflict:
        return _page(mine.writable(ref), form, notice=_("This event changed meanwhile. Please read it once more."))
    flash(
        _("Your event is with the desk. We have written you a letter; the desk usually answers within a working day.")
    )
    return redirect(url_for("events.show", ref=ref))
