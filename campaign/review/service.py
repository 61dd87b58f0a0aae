"""Decisions of the desk. The caller owns the transaction; rights and versions are checked again here.

`seen_version` is `queries.Item.seen_version` as the coordinator read it; `public_url` is the address of the
installation without a slash at its end, for the links in letters.
"""

from flask_babel import lazy_gettext as _

from campaign.accounts.models import Person
from campaign.campaigns.queries import scopes_of
from campaign.core.faults import Conflict, Invalid, NotAllowed
from campaign.events import service as events
from campaign.events.lifecycle import Refusal, Status
from campaign.events.models import Event, Revision, RevisionStatus
from campaign.journal.queries import history
from campaign.review import letters, policy
from campaign.review.queries import Item
from campaign.review.wording import who_was_first


def approve(event: Event, *, by: Person, seen_version: str, public_url: str) -> None:
    """Publish a new event."""
    _check(event, None, by, seen_version)
    _check_submitted(event)
    events.publish(event, by=by)
    letters.tell("event_published", str(event.sequence), event, public_url=public_url)


def approve_revision(event: Event, revision: Revision, *, by: Person, seen_version: str, public_url: str) -> None:
    """Let a proposed change become public."""
    _check(event, revision, by, seen_version)
    events.apply_revision(event, revision, by=by)
    letters.tell("change_published", str(event.sequence), event, public_url=public_url)


def ask(event: Event, *, by: Person, question: str, marks: dict[str, str], seen_version: str, public_url: str) -> None:
    """Send the event back with a question; `marks` maps field names to notes, which may be empty."""
    _check(event, None, by, seen_version)
    _check_submitted(event)
    if not question and not marks:
        raise Invalid({"question": _("Write what the organiser should look at, or mark a field.")})
    events.ask_for_change(event, by=by, question=question, marks=marks)
    letters.tell(
        "event_question",
        str(event.version),
        event,
        public_url=public_url,
        question=question,
        marks=letters.marks_for(event, marks),
    )


def refuse(event: Event, *, by: Person, reason: Refusal, note: str, seen_version: str, public_url: str) -> None:
    """Refuse a new event with a reason of the policy."""
    _check(event, None, by, seen_version)
    _check_submitted(event)
    events.refuse(event, by=by, reason=reason.value, note=note)
    said = letters.reason_for(event, reason)
    letters.tell(
        "event_refused",
        str(event.version),
        event,
        public_url=public_url,
        refusal=said,
        note=note,
    )


def decline(event: Event, revision: Revision, *, by: Person, note: str, seen_version: str, public_url: str) -> None:
    """Keep the published version and say why."""
    _check(event, revision, by, seen_version)
    if not note:
        raise Invalid({"note": _("Say why the change is not taken over.")})
    events.decline_revision(event, revision, by=by, note=note)
    letters.tell("change_declined", str(revision.id), event, public_url=public_url, note=note)


def conflict(event: Event) -> Conflict:
    """The answer to the second of two: who was first and what they did."""
    return Conflict(who_was_first(history("event", event.id)))


def _check(event: Event, revision: Revision | None, by: Person, seen_version: str) -> None:
    """Rights as they are now, not as they were when the page was opened; then the version."""
    if not policy.is_in_scope(scopes_of(by.id), event):
        raise NotAllowed
    if policy.is_own(event, revision, by.id):
        raise NotAllowed(_("You cannot decide about your own event. A colleague will look at it."))
    is_gone = revision is not None and (revision.event_id != event.id or revision.status is not RevisionStatus.WAITING)
    if is_gone or Item(event, revision).seen_version != seen_version:
        raise conflict(event)


def _check_submitted(event: Event) -> None:
    """A postponed event could be moved to published too, but not from here."""
    if event.status is not Status.SUBMITTED:
        raise conflict(event)
