"""The desk: the queue, one event, and the decisions."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import gates
from campaign.accounts.models import Person
from campaign.campaigns.queries import Scope, scopes_of
from campaign.core import languages
from campaign.core.db import transaction
from campaign.core.faults import Conflict, Invalid, NotFound
from campaign.events import labels
from campaign.events.lifecycle import Refusal
from campaign.journal.queries import history
from campaign.review import diffing, policy, ports, presenting, queries, service, wording
from campaign.review.forms import ApproveForm, AskForm, DecisionForm, DeclineForm, RefuseForm
from campaign.review.queries import Item

bp = Blueprint("review", __name__, url_prefix="/desk")


def _scopes_of(person: Person) -> Sequence[Scope]:
    """Read once for gate, header and page of a request; a decision reads them again (`service`)."""
    if "scopes" not in g:
        g.scopes = scopes_of(person.id)
    found: Sequence[Scope] = g.scopes
    return found


coordinator = gates.require("coordinator", lambda person: bool(_scopes_of(person)))


@bp.app_context_processor
def header_link() -> dict[str, bool]:
    """Whoever has a desk finds it in the header of every page that knows who they are."""
    if getattr(g, "is_cacheable", False) or getattr(g, "is_failing", False):
        return {"current_person_reviews": False}
    person = gates.visitor()
    return {"current_person_reviews": person is not None and bool(_scopes_of(person))}


def _scopes() -> Sequence[Scope]:
    return _scopes_of(gates.actor())


def _item(ref: str) -> Item:
    """Outside the coordinator's scopes there is no such event."""
    item = queries.get(ref)
    if not policy.is_in_scope(_scopes(), item.event):
        raise NotFound
    return item


def _public_url() -> str:
    return str(current_app.extensions["settings"].public_url)


@bp.get("/")
@coordinator
def home() -> ResponseReturnValue:
    return redirect(url_for("review.queue"))


@bp.get("/queue/")
@coordinator
def queue() -> ResponseReturnValue:
    scopes, after = _scopes(), request.args.get("after")
    return render_template(
        "review/queue.html",
        page=queries.awaiting(scopes, after=after),
        counts=queries.counts(scopes),
        is_first_page=not after,
        **_ages(),
    )


@bp.get("/queue/<ref>")
@coordinator
def show(ref: str) -> ResponseReturnValue:
    return _page(_item(ref))


def _ages() -> dict[str, Any]:
    return {"overdue": queries.OVERDUE, "since": wording.age}


def _page(item: Item, form: DecisionForm | None = None, *, first: str = "", code: int = 200) -> ResponseReturnValue:
    """The event for review; `form` is what could not be taken, `first` says who was first."""
    language = languages.chosen()
    shown = presenting.shown(item.event.details, language)
    after = presenting.shown(item.revision.details, language) if item.revision else None
    ask = form if isinstance(form, AskForm) else AskForm(formdata=None)
    ask.offer(presenting.markable(shown))
    page = render_template(
        "review/event.html",
        item=item,
        event=item.event,
        shown=shown,
        pictures=presenting.pictures(item),
        field_names={field: label for field, label, _text in shown},
        changes=diffing.changes(shown, after) if after is not None else None,
        checks=presenting.checks(item, language),
        followers=ports.count_followers(item.event.id) if item.revision else 0,
        queue=queries.awaiting(_scopes()),
        history=history("event", item.event.id),
        acts=labels.ACT,
        reasons=labels.REFUSAL,
        ago=wording.ago,
        **_ages(),
        is_own=policy.is_own(item.event, item.revision, gates.actor().id),
        # After a mistake the version stays the one that was read, so that a decision made meanwhile is noticed.
        version=form.version.data if form is not None and not first else item.seen_version,
        form=form,
        first=first,
        ask=ask,
        refuse=form if isinstance(form, RefuseForm) else RefuseForm(formdata=None),
        decline=form if isinstance(form, DeclineForm) else DeclineForm(formdata=None),
    )
    return page, code


def _decide(ref: str, form: DecisionForm, decision: Callable[[Item], None], done: str) -> ResponseReturnValue:
    """One decision, one transaction; what was typed is kept whatever the answer is."""
    item = _item(ref)
    if isinstance(form, AskForm):
        form.offer(presenting.markable(presenting.shown(item.event.details, languages.chosen())))
    if not form.validate_on_submit():
        return _page(item, form, code=422)
    try:
        with transaction():
            decision(_item(ref))
    except Invalid as invalid:
        form.take(invalid)
        return _page(_item(ref), form, code=422)
    except Conflict:
        item = _item(ref)
        return _page(item, form, first=str(service.conflict(item.event).message), code=409)
    flash(done)
    return redirect(url_for("review.queue"))


@bp.post("/queue/<ref>/approve")
@coordinator
def approve(ref: str) -> ResponseReturnValue:
    form = ApproveForm()

    def decision(item: Item) -> None:
        seen, by, url = form.version.data or "", gates.actor(), _public_url()
        if item.revision is not None:
            service.approve_revision(item.event, item.revision, by=by, seen_version=seen, public_url=url)
        else:
            service.approve(item.event, by=by, seen_version=seen, public_url=url)

    return _decide(ref, form, decision, _("Approved. The public sees it now, and the organiser gets a letter."))


@bp.post("/queue/<ref>/ask")
@coordinator
def ask(ref: str) -> ResponseReturnValue:
    form = AskForm()

    def decision(item: Item) -> None:
        service.ask(
            item.event,
            by=gates.actor(),
            question=form.question.data or "",
            marks=form.chosen(),
            seen_version=form.version.data or "",
            public_url=_public_url(),
        )

    return _decide(ref, form, decision, _("The organiser gets your question."))


@bp.post("/queue/<ref>/refuse")
@coordinator
def refuse(ref: str) -> ResponseReturnValue:
    form = RefuseForm()

    def decision(item: Item) -> None:
        service.refuse(
            item.event,
            by=gates.actor(),
            reason=Refusal(form.reason.data or ""),
            note=form.explanation.data or "",
            seen_version=form.version.data or "",
            public_url=_public_url(),
        )

    return _decide(ref, form, decision, _("Refused. The organiser is told why."))


@bp.post("/queue/<ref>/decline")
@coordinator
def decline(ref: str) -> ResponseReturnValue:
    form = DeclineForm()

    def decision(item: Item) -> None:
        if item.revision is None:
            raise service.conflict(item.event)
        service.decline(
            item.event,
            item.revision,
            by=gates.actor(),
            note=form.note.data or "",
            seen_version=form.version.data or "",
            public_url=_public_url(),
        )

    return _decide(ref, form, decision, _("Declined. The published version stays, and the organiser is told why."))
