"""My events, and the page of one of them: where it stands, what happened, and the ways it may end."""

from datetime import datetime
from typing import NamedTuple

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import gates
from campaign.core.db import transaction
from campaign.events import labels, policy, queries, service
from campaign.events import own as mine
from campaign.events.forms import FIELD_OF, StepForm
from campaign.events.lifecycle import EDITABLE, MOVES, PUBLIC, Status
from campaign.events.models import Event
from campaign.events.views.blueprint import PROPOSABLE, answers, bp
from campaign.journal import queries as journal
from campaign.media import queries as pictures
from campaign.places import zones


class Ending(NamedTuple):
    """One way an event may end: its form, what its button says, and what pressing it means."""

    endpoint: str
    words: str
    meaning: str
    form: StepForm


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


@bp.get("/events/<ref>")
@gates.signed_in
def show(ref: str) -> ResponseReturnValue:
    return _page(ref), 200


def _page(ref: str, refused: StepForm | None = None) -> str:
    """`refused` is the form that could not be taken; it is shown with what was typed."""
    event, role = mine.own(ref)
    may_edit = policy.may_edit(event, gates.actor().id, role)
    history = journal.history("event", event.id)
    zone = gates.actor().time_zone or event.time_zone
    zone = zone if zones.is_zone(zone) else "UTC"
    question = mine.question(event, history)
    marks = question.details.get("marks", {}) if question else {}
    return render_template(
        "events/event.html",
        event=event,
        refused=refused,
        rows=answers(event),
        history=[(_at(entry.at, zone), entry) for entry in reversed(history)],
        zone_city=zones.city_of(zone),
        question=question,
        marks=[(FIELD_OF.get(name, name), labels.FIELD.get(name, name), note) for name, note in marks.items()],
        revision=queries.waiting_revision(event.id),
        picture=pictures.find(mine.current_details(event).picture_id),
        is_public=event.status in PUBLIC,
        may_change=may_edit and (event.status in EDITABLE or event.status in PROPOSABLE),
        may_tell=may_edit and event.is_over,
        may_send=may_edit and Status.SUBMITTED in MOVES[event.status],
        endings=_endings(event, refused) if may_edit else (),
        labels=labels,
    )


def _at(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(zones.zone(zone))


def _endings(event: Event, refused: StepForm | None) -> list[Ending]:
    public = event.status in PUBLIC
    ways = (
        (
            Status.POSTPONED,
            _("Postpone the event"),
            _("The listing stays and says that a new date will follow. Everybody with a reminder is told."),
        ),
        (
            Status.CANCELLED,
            _("Cancel the event"),
            _("The listing stays and says that the event will not take place. Everybody with a reminder is told."),
        ),
        (
            Status.WITHDRAWN,
            _("Withdraw the listing"),
            _("The listing disappears from the calendar. This cannot be undone.")
            if public
            else _("The event is taken back and nobody will review it. This cannot be undone."),
        ),
    )
    return [
        Ending(f"events.{_WAYS[target]}", words, meaning, _step(_WAYS[target], refused))
        for target, words, meaning in ways
        if target in MOVES[event.status]
    ]


_WAYS = {Status.POSTPONED: "postpone", Status.CANCELLED: "cancel", Status.WITHDRAWN: "withdraw"}


def _step(way: str, refused: StepForm | None) -> StepForm:
    form = StepForm(formdata=None).named(way)
    return refused if refused is not None and refused.reason.id == form.reason.id else form


def _ended(ref: str, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("events.show", ref=ref))


@bp.post("/events/<ref>/withdraw")
@gates.confirmed
def withdraw(ref: str) -> ResponseReturnValue:
    mine.writable(ref)
    form = StepForm().named("withdraw")
    if not form.validate_on_submit():
        return _page(ref, form), 422
    with transaction():
        service.withdraw(mine.writable(ref), by=gates.actor(), reason=form.reason.data or "")
    return _ended(ref, _("The listing is withdrawn."))


@bp.post("/events/<ref>/cancel")
@gates.confirmed
def cancel(ref: str) -> ResponseReturnValue:
    mine.writable(ref)
    form = StepForm().named("cancel")
    if not form.is_reasoned():
        return _page(ref, form), 422
    with transaction():
        service.cancel(mine.writable(ref), by=gates.actor(), reason=form.reason.data or "")
    return _ended(ref, _("The event is cancelled. Everybody who asked for a reminder will be told."))


@bp.post("/events/<ref>/postpone")
@gates.confirmed
def postpone(ref: str) -> ResponseReturnValue:
    mine.writable(ref)
    form = StepForm().named("postpone")
    if not form.is_reasoned():
        return _page(ref, form), 422
    with transaction():
        service.postpone(mine.writable(ref), by=gates.actor(), reason=form.reason.data or "")
    return _ended(ref, _("The event is postponed. Propose the new date as soon as it is known."))
