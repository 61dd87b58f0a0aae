"""The form: a new event, a change of one that waits, a proposal for one that is public."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from campaign.accounts import gates
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core.db import transaction
from campaign.core.faults import Conflict, Invalid, NotFound
from campaign.core.security import takes_files
from campaign.events import own as mine
from campaign.events import queries, service
from campaign.events.forms import EventForm
from campaign.events.lifecycle import EDITABLE, Status
from campaign.events.models import Event
from campaign.events.placing import zone_of_place
from campaign.events.typed import boxes_of
from campaign.events.views.blueprint import PROPOSABLE, bp
from campaign.journal import queries as journal
from campaign.organizations import queries as organizations


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
@takes_files
def new() -> ResponseReturnValue:
    campaign, form = _campaign(), EventForm()
    slug = campaign.slug
    form.offer(mine.organizations(gates.actor().id))
    token = f"form:{gates.actor().id}:{form.token_value}"
    if not _is_taken(form):
        return _form_page(form, campaign=_campaign())
    try:
        ref, is_new = _create(form, slug, token)
    except Invalid as invalid:
        form.take(invalid)
        return _form_page(form, campaign=_campaign())
    return _saved(form, ref) if is_new else redirect(url_for("events.show", ref=ref))


def _is_taken(form: EventForm) -> bool:
    """Whether the form was sent and its shape is right. Its picture is kept whatever else is wrong."""
    is_valid = form.validate_on_submit()
    return form.is_submitted() and mine.keep_picture(form, gates.actor().id) and is_valid


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
    form.version.data = mine.version_of(event)
    return _form_page(form, event=event)


def _form_page(
    form: EventForm, *, campaign: Campaign | None = None, event: Event | None = None, notice: str = ""
) -> ResponseReturnValue:
    """The form with what was typed; 422 where something was refused, 409 with a notice of what happened meanwhile."""
    question = mine.question(event, journal.history("event", event.id)) if event else None
    for name, note in (question.details.get("marks", {}) if question else {}).items():
        form.ask(name, note or _("The desk asks you to look at this."))
    address = (
        url_for("events.edit", ref=event.ref)
        if event
        else url_for("events.new", campaign=campaign.slug if campaign else None)
    )
    page = render_template(
        "events/form.html",
        form=form,
        event=event,
        for_campaign=event.campaign if event else campaign,
        notice=notice,
        zone=event.time_zone if event else "",
        picture=mine.shown_picture(form, event, gates.actor().id),
        organization_names=organizations.names(),
        is_proposal=event is not None and event.status in PROPOSABLE,
        question=question,
        sections=_sections(form),
        action_url=address,
    )
    return page, 409 if notice else 422 if form.problems() else 200


def _sections(form: EventForm) -> list[tuple[str, str, int]]:
    """(id, title, how many answers were refused) of each section of the page."""
    titles = {
        "organiser": _("Your organisation"),
        "what": _("What and when"),
        "where": _("Where, or online"),
        "text": _("Description and languages"),
        "entry": _("Access and entry"),
    }
    return [(name, title, form.refused_in(name)) for name, title in titles.items()]


@bp.route("/events/<ref>/edit", methods=["GET", "POST"])
@gates.confirmed
@takes_files
def edit(ref: str) -> ResponseReturnValue:
    event = mine.writable(ref)
    if event.status not in EDITABLE and event.status not in PROPOSABLE:
        raise Conflict(_("This event was cancelled or withdrawn and cannot be changed any more."))
    form = _form_of(event)
    if not _is_taken(form):
        return _form_page(form, event=queries.get(ref))
    try:
        is_proposal = _change(ref, form)
    except Invalid as invalid:
        form.take(invalid)
        return _form_page(form, event=queries.get(ref))
    except Conflict:
        event = queries.get(ref)
        # The person reads what happened; the same button then saves over it.
        form.version.data = mine.version_of(event)
        return _form_page(form, event=event, notice=changed_by(event))
    if is_proposal:
        flash(_("The desk will look at your change. Until then the calendar shows what was there before."))
        return redirect(url_for("events.show", ref=ref))
    return _saved(form, ref)


def _form_of(event: Event) -> EventForm:
    """The form with what is known, or with what was typed. After a mistake it still names the version it was made from,
    so that a change made meanwhile is noticed."""
    known = mine.current_details(event)
    boxes = boxes_of(known, place_zone=zone_of_place(known))
    form = EventForm(data=boxes | {"organization": event.organization_id or 0, "version": mine.version_of(event)})
    form.offer(mine.organizations(gates.actor().id, event))
    return form


def _change(ref: str, form: EventForm) -> bool:
    """Save what is not public yet, or propose the change of what is; whether it was a proposal."""
    with transaction():
        event, person = mine.writable(ref), gates.actor()
        if form.version.data != mine.version_of(event):
            raise Conflict
        details = mine.details(form, mine.current_details(event), person.id)
        if event.status in PROPOSABLE:
            service.propose(event, details, by=person)
            return True
        if event.status is Status.SUBMITTED and (problems := mine.problems(event, details)):
            raise Invalid(problems)  # What the desk reads stays complete.
        event.organization_id = form.organization.data or None
        service.edit(event, details, by=person)
        return False


def changed_by(event: Event) -> str:
    """Who was faster, for somebody whose form is out of date."""
    history = journal.history("event", event.id)
    who = history[-1].actor_name if history else ""
    if who:
        return _(
            "%(name)s changed this event while you were writing. What you typed is still here; press the button "
            "again to save it over the other version.",
            name=who,
        )
    return _("This event changed while you were writing. What you typed is still here; press the button again.")
