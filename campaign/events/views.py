"""The organiser's own pages: write an event, check it, send it, change it, call it off."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from campaign.accounts import gates
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import languages
from campaign.core.db import transaction
from campaign.core.faults import Conflict, Invalid, NotFound
from campaign.events import labels, policy, queries, service
from campaign.events import own as mine
from campaign.events.forms import FIELD_OF, EventForm, StepForm
from campaign.events.lifecycle import EDITABLE, MOVES, Status
from campaign.events.models import Event
from campaign.events.placing import zone_of_city
from campaign.events.typed import boxes_of
from campaign.journal import queries as journal

bp = Blueprint("events", __name__, url_prefix="/my")
_PROPOSABLE = (Status.PUBLISHED, Status.POSTPONED)


@bp.get("/")
@gates.signed_in
def my() -> ResponseReturnValue:
    person = gates.actor()
    return render_template(
        "events/mine.html",
        events=queries.mine(person.id),
        waiting=queries.with_waiting_revision(person.id),
        labels=labels,
    )


def _campaign() -> Campaign:
    """The campaign of the address; the first open one where none is named."""
    slug = request.values.get("campaign", "")
    if slug:
        return campaigns.get_by_slug(slug)
    found = campaigns.open_campaigns()
    if not found:
        raise NotFound(_("No campaign takes events at the moment."))
    return found[0]


@bp.route("/events/new", methods=["GET", "POST"])
@gates.confirmed
def new() -> ResponseReturnValue:
    campaign, form = _campaign(), EventForm()
    slug = campaign.slug
    form.offer(mine.organizations(gates.actor().id))
    token = f"form:{gates.actor().id}:{form.token_value}"
    if not form.validate_on_submit():
        return _form_page(form, campaign=campaign), 422 if form.is_submitted() else 200
    try:
        ref, is_new = _create(form, slug, token)
    except Invalid as invalid:
        form.take(invalid)
        return _form_page(form, campaign=_campaign()), 422
    return _saved(form, ref) if is_new else redirect(url_for("events.show", ref=ref))


def _create(form: EventForm, slug: str, token: str) -> tuple[str, bool]:
    """The new event's reference; the old one and False where the same form was sent before."""
    try:
        with transaction():
            known = queries.find_sent(token)
            if known is not None:
                return known.ref, False
            person = gates.actor()
            event = service.draft(
                mine.details(form, None, person.id),
                campaign=campaigns.get_by_slug(slug),
                by=person,
                organization_id=form.organization.data or None,
            )
            event.external_id = token
            return event.ref, True
    except IntegrityError:
        known = queries.find_sent(token)  # The same form came twice at the same moment; the other one won.
        if known is None:
            raise
        return known.ref, False


def _saved(form: EventForm, ref: str) -> ResponseReturnValue:
    """After a draft was saved: on to the check, or back to the form with what is still missing."""
    event = queries.get(ref)
    if request.form.get("action") == "draft":
        flash(_("Your draft is saved. You find it under “My events”."))
        return redirect(url_for("events.show", ref=ref))
    problems = mine.problems(event, event.details)
    if not problems:
        return redirect(url_for("events.check", ref=ref))
    form.take(Invalid(problems))
    return _form_page(form, event=event), 422


def _form_page(
    form: EventForm, *, campaign: Campaign | None = None, event: Event | None = None, notice: str = ""
) -> str:
    if event is not None:
        form.version.data = mine.version_of(event)
    return render_template(
        "events/form.html",
        form=form,
        event=event,
        for_campaign=event.campaign if event else campaign,
        notice=notice,
        zone=event.time_zone if event else "",
        is_proposal=event is not None and event.status in _PROPOSABLE,
        action_url=url_for("events.edit", ref=event.ref)
        if event
        else url_for("events.new", campaign=campaign.slug if campaign else None),
    )


@bp.route("/events/<ref>/edit", methods=["GET", "POST"])
@gates.confirmed
def edit(ref: str) -> ResponseReturnValue:
    event = mine.writable(ref)
    if event.status not in EDITABLE and event.status not in _PROPOSABLE:
        raise Conflict(_("This event was cancelled or withdrawn and cannot be changed any more."))
    known = mine.current_details(event)
    boxes = boxes_of(known, city_zone=zone_of_city(known)) | {"organization": event.organization_id or 0}
    form = EventForm(data=boxes)
    form.offer(mine.organizations(gates.actor().id, event))
    if not form.validate_on_submit():
        return _form_page(form, event=event), 422 if form.is_submitted() else 200
    try:
        is_proposal = _change(ref, form)
    except Invalid as invalid:
        form.take(invalid)
        return _form_page(form, event=queries.get(ref)), 422
    except Conflict:
        event = queries.get(ref)
        return _form_page(form, event=event, notice=_changed_by(event)), 409
    if is_proposal:
        flash(_("The desk will look at your change. Until then the calendar shows what was there before."))
        return redirect(url_for("events.show", ref=ref))
    return _saved(form, ref)


def _change(ref: str, form: EventForm) -> bool:
    """Save what is not public yet, or propose the change of what is; whether it was a proposal."""
    with transaction():
        event, person = mine.writable(ref), gates.actor()
        if form.version.data != mine.version_of(event):
            raise Conflict
        details = mine.details(form, mine.current_details(event), person.id)
        if event.status in _PROPOSABLE:
            service.propose(event, details, by=person)
            return True
        if event.status is Status.SUBMITTED and (problems := mine.problems(event, details)):
            raise Invalid(problems)  # What the desk reads stays complete.
        event.organization_id = form.organization.data or None
        service.edit(event, details, by=person)
        return False


def _changed_by(event: Event) -> str:
    history = journal.history("event", event.id)
    who = history[-1].actor_name if history else ""
    if who:
        return _(
            "%(name)s changed this event while you were writing. What you typed is still here; press the button "
            "again to save it over the other version.",
            name=who,
        )
    return _("This event changed while you were writing. What you typed is still here; press the button again.")


@bp.get("/events/<ref>")
@gates.signed_in
def show(ref: str) -> ResponseReturnValue:
    return _event_page(ref, StepForm(formdata=None)), 200


def _event_page(ref: str, form: StepForm) -> str:
    event, role = mine.own(ref)
    may_edit = policy.may_edit(event, gates.actor().id, role)
    history = journal.history("event", event.id)
    asked = [entry for entry in history if entry.act in ("change_asked", "refused")]
    has_question = event.status in (Status.CHANGE_ASKED, Status.REFUSED) and asked
    return render_template(
        "events/event.html",
        event=event,
        form=form,
        rows=_rows(event),
        history=history,
        question=asked[-1] if has_question else None,
        revision=queries.waiting_revision(event.id),
        may_change=may_edit and (event.status in EDITABLE or event.status in _PROPOSABLE),
        may_send=may_edit and Status.SUBMITTED in MOVES[event.status],
        endings=_endings(event) if may_edit else (),
        version=mine.version_of(event),
        labels=labels,
    )


def _rows(event: Event) -> list[tuple[str, Any, str]]:
    """(id of the box in the form, label, text)."""
    shown = labels.shown(event.details, languages.chosen())
    return [(FIELD_OF.get(name, name), label, text) for name, label, text in shown]


def _endings(event: Event) -> tuple[tuple[str, str], ...]:
    """(endpoint, words) of the ways this event may end."""
    ways = (
        (Status.POSTPONED, "events.postpone", _("Postpone the event")),
        (Status.CANCELLED, "events.cancel", _("Cancel the event")),
        (Status.WITHDRAWN, "events.withdraw", _("Withdraw the listing")),
    )
    return tuple((endpoint, words) for target, endpoint, words in ways if target in MOVES[event.status])


@bp.get("/events/<ref>/check")
@gates.confirmed
def check(ref: str) -> ResponseReturnValue:
    return _check_page(mine.writable(ref))


def _check_page(event: Event) -> str:
    problems = mine.problems(event, event.details)
    return render_template(
        "events/check.html",
        event=event,
        rows=_rows(event),
        problems=[(FIELD_OF.get(name, name), sentence) for name, sentence in problems.items()],
        version=mine.version_of(event),
        labels=labels,
    )


@bp.post("/events/<ref>/submit")
@gates.confirmed
def submit(ref: str) -> ResponseReturnValue:
    form = StepForm()
    if not form.validate_on_submit():
        raise Invalid
    try:
        with transaction():
            event = mine.writable(ref)
            if event.status is not Status.SUBMITTED:  # A second press of the button is harmless.
                if form.version.data and form.version.data != mine.version_of(event):
                    raise Conflict(_changed_by(event))
                service.submit(event, by=gates.actor())
                mine.promise_receipt(event, gates.actor())
    except Invalid:
        return _check_page(mine.writable(ref)), 422
    flash(
        _("Your event is with the desk. We have written you a letter; the desk usually answers within a working day.")
    )
    return redirect(url_for("events.show", ref=ref))


def _ended(ref: str, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("events.show", ref=ref))


@bp.post("/events/<ref>/withdraw")
@gates.confirmed
def withdraw(ref: str) -> ResponseReturnValue:
    form = StepForm()
    if not form.validate_on_submit():
        return _event_page(ref, form), 422
    with transaction():
        service.withdraw(mine.writable(ref), by=gates.actor())
    return _ended(ref, _("The listing is withdrawn."))


@bp.post("/events/<ref>/cancel")
@gates.confirmed
def cancel(ref: str) -> ResponseReturnValue:
    form = StepForm()
    if not form.is_reasoned():
        return _event_page(ref, form), 422
    with transaction():
        service.cancel(mine.writable(ref), by=gates.actor(), reason=form.reason.data or "")
    return _ended(ref, _("The event is cancelled. Everybody who asked for a reminder will be told."))


@bp.post("/events/<ref>/postpone")
@gates.confirmed
def postpone(ref: str) -> ResponseReturnValue:
    form = StepForm()
    if not form.is_reasoned():
        return _event_page(ref, form), 422
    with transaction():
        service.postpone(mine.writable(ref), by=gates.actor(), reason=form.reason.data or "")
    return _ended(ref, _("The event is postponed. Propose the new date as soon as it is known."))
