"""`/desk/letters/`: the log, one letter, and the addresses that get none."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import gates
from campaign.core.db import transaction
from campaign.core.faults import Invalid, NotFound
from campaign.core.folding import clean
from campaign.events import queries as events
from campaign.events.models import Event
from campaign.journal.queries import history
from campaign.mail import log_queries
from campaign.mail.composers import Drop, Message
from campaign.mail.log_queries import Sought
from campaign.mail.models import Letter, Status
from campaign.mail.showing import written
from campaign.operations.letters import queries, service, wording
from campaign.operations.letters.forms import AddressForm, ReasonForm
from campaign.operations.letters.queries import Desk
from campaign.review.wording import ago

bp = Blueprint("letters", __name__, url_prefix="/desk/letters")
reader_of_letters = gates.require("reader_of_letters", lambda person: queries.desk_of(person).is_open)


def _desk() -> Desk:
    return queries.desk_of(gates.actor())


def _typed(name: str) -> str:
    return str(clean(request.args.get(name, "")[:254]))


def _event(ref: str) -> Event | None:
    try:
        return events.get(ref) if ref else None
    except NotFound:
        return None


@bp.get("/")
@reader_of_letters
def log() -> ResponseReturnValue:
    """Filters: `status`, `kind`, `to` (an address or its beginning), `event` (its reference)."""
    desk, after = _desk(), request.args.get("after")
    to, ref = _typed("to").casefold(), _typed("event").upper()
    event = _event(ref)
    sought = Sought(
        status=next((s for s in Status if s.value == request.args.get("status")), None),
        kind=_typed("kind"),
        recipient=to,
        # Whoever may not see addresses must not find them letter by letter either.
        is_whole_address=not desk.sees_all,
        event_id=event.id if event else None,
    )
    page = log_queries.logged(sought, within=desk.event_ids, after=after)
    page = replace(page, rows=[], next_key=None) if ref and event is None else page
    asked = {"status": sought.status, "kind": sought.kind, "to": to, "event": ref}
    return render_template(
        "letters/log.html",
        page=page,
        asked=asked,
        link={name: value for name, value in asked.items() if value},
        is_first_page=not after,
        events=queries.events_of(page.rows),
        **_words(desk),
    )


def _words(desk: Desk) -> dict[str, object]:
    return {
        "sees_all": desk.sees_all,
        "kinds": wording.KIND,
        "kind_of": wording.kind_of,
        "statuses": wording.STATUS,
        "tones": wording.TONE,
        "name_of": (lambda email: email) if desk.sees_all else wording.masked_address,
        "ago": ago,
    }


@bp.get("/<int:letter_id>")
@reader_of_letters
def show(letter_id: int) -> ResponseReturnValue:
    return _page(log_queries.get(letter_id, within=_desk().event_ids), ReasonForm(formdata=None))


def _page(letter: Letter, form: ReasonForm, code: int = 200) -> ResponseReturnValue:
    desk, composed = _desk(), written(letter)
    message = composed if isinstance(composed, Message) else None
    page = render_template(
        "letters/letter.html",
        letter=letter,
        form=form,
        is_over=log_queries.is_over(letter),
        title=wording.masked(message.subject) if message else "",
        text=wording.masked(message.text) if message else "",
        why_not=composed.reason if isinstance(composed, Drop) else "",
        attachments=[name for name, _kind, _content in message.attachments] if message else [],
        event=queries.events_of([letter]).get(letter.subject_id),
        history=history("letter", letter.id),
        acts=wording.ACT,
        **_words(desk),
    )
    return page, code


@bp.post("/<int:letter_id>/again")
@reader_of_letters
def send_again(letter_id: int) -> ResponseReturnValue:
    form, desk = ReasonForm(), _desk()
    if not form.validate_on_submit():
        return _page(log_queries.get(letter_id, within=desk.event_ids), form, 422)
    try:
        with transaction():
            letter = log_queries.get(letter_id, within=desk.event_ids)
            service.send_again(letter, by=gates.actor(), reason=form.reason.data or "")
    except Invalid as invalid:
        form.form_errors.append(str(invalid.message))
        return _page(log_queries.get(letter_id, within=desk.event_ids), form, 422)
    flash(_("The letter waits again and leaves within a minute."))
    return redirect(url_for(".show", letter_id=letter_id), 303)


@bp.get("/addresses/")
@gates.administrator
def addresses() -> ResponseReturnValue:
    return _addresses(AddressForm(formdata=None))


def _addresses(form: AddressForm, code: int = 200) -> ResponseReturnValue:
    to, after = _typed("to").casefold(), request.args.get("after")
    page = render_template(
        "letters/addresses.html",
        page=log_queries.suppressed(email=to, after=after),
        to=to,
        is_first_page=not after,
        form=form,
        ago=ago,
    )
    return page, code


@bp.post("/addresses/stop")
@gates.administrator
def stop() -> ResponseReturnValue:
    return _change(_("No letter goes to this address from now on."), is_stop=True)


@bp.post("/addresses/allow")
@gates.administrator
def allow() -> ResponseReturnValue:
    return _change(_("Letters may go to this address again."), is_stop=False)


def _change(done: str, *, is_stop: bool) -> ResponseReturnValue:
    form, change = AddressForm(), service.stop if is_stop else service.allow
    if not form.validate_on_submit():
        return _addresses(form, 422)
    try:
        with transaction():
            change(form.email.data or "", by=gates.actor(), reason=form.reason.data or "")
    except Invalid as invalid:
        form.take(invalid)
        return _addresses(form, 422)
    flash(done)
    return redirect(url_for(".addresses"), 303)
