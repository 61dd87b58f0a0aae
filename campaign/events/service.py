"""Writes. Functions here change events; the caller owns the transaction and has asked the policy."""

import secrets
from typing import Any

from sqlalchemy import delete

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.db import db
from campaign.core.faults import Conflict, Invalid
from campaign.events import consequences, queries, rules
from campaign.events.consequences import Change, Happening
from campaign.events.details import EventDetails
from campaign.events.lifecycle import EDITABLE, PUBLIC, Status
from campaign.events.models import Event, EventOrganization, Revision, RevisionStatus, instants
from campaign.journal import service as journal
from campaign.organizations import queries as organizations

# Letters and digits that cannot be taken for one another when read aloud (Crockford base 32).
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def draft(
    details: EventDetails,
    *,
    campaign: Campaign,
    by: Person | None,
    organization_id: int | None,
) -> Event:
    """Keep a new event as a draft; nothing needs to be complete."""
    event = Event(
        ref=_free_ref(),
        campaign_id=campaign.id,
        organization_id=organization_id,
        created_by=by.id if by else None,
    )
    event.details = details
    if organization_id is not None:
        event.organization = organizations.get(organization_id)
    db.session.add(event)
    db.session.flush()
    _set_hosts(event)
    journal.record("event", event.id, "drafted", **_actor(by))
    return event


def _free_ref() -> str:
    """Six letters and digits that no event bears yet."""
    while True:
        ref = "".join(secrets.choice(_ALPHABET) for _ in range(6))
        if not queries.is_ref_taken(ref):
            return ref


def _set_hosts(event: Event) -> None:
    """Keep the further organisations of the details where queries find them, in their order."""
    db.session.execute(delete(EventOrganization).where(EventOrganization.event_id == event.id))
    others = dict.fromkeys(host.id for host in event.details.hosts if host.id != event.organization_id)
    for position, organization_id in enumerate(others):
        db.session.add(EventOrganization(event_id=event.id, organization_id=organization_id, position=position))


def edit(event: Event, details: EventDetails, *, by: Person) -> None:
    """Change what is not public yet. Raises Conflict once it is."""
    if event.status not in EDITABLE:
        raise Conflict
    event.details = details
    _set_hosts(event)
    journal.record("event", event.id, "edited", **_actor(by))


def submit(event: Event, *, by: Person | None, answer: str = "") -> None:
    """Send to the desk. Raises Invalid with a sentence per field when something is missing or wrong."""
    check(event)
    event.move_to(Status.SUBMITTED)
    event.submitted_at = clock.now()
    journal.record("event", event.id, "submitted", note=answer, **_actor(by))


def check(event: Event, *, is_archive: bool = False) -> None:
    """Raise Invalid when the event cannot be listed as it is."""
    types = event.campaign.settings.get("event_types", ())
    found = rules.problems(event.details, types=types, today=clock.now().date(), is_archive=is_archive)
    if found:
        raise Invalid(found)


def propose(event: Event, details: EventDetails, *, by: Person) -> Revision:
    """Propose a change of a public event; the published version stays until the desk decides."""
    if event.status not in (Status.PUBLISHED, Status.POSTPONED):
        raise Conflict
    types = event.campaign.settings.get("event_types", ())
    found = rules.problems(details, types=types, today=clock.now().date())
    if found:
        raise Invalid(found)
    revision = queries.waiting_revision(event.id)
    if revision is None:
        revision = Revision(
            event_id=event.id, author_id=by.id, base_sequence=event.sequence, stored_details=details.to_json()
        )
        db.session.add(revision)
    else:
        revision.stored_details = details.to_json()
        revision.base_sequence = event.sequence
        revision.author_id = by.id
    journal.record("event", event.id, "change_proposed", **_actor(by))
    db.session.flush()
    return revision


def publish(event: Event, *, by: Person | None, is_archive: bool = False) -> None:
    """Make a listing public."""
    event.move_to(Status.PUBLISHED)
    event.published_at = event.published_at or clock.now()
    event.public_note = ""
    if not is_archive:
        event.sequence += 1
        event.schedule_version += 1
    _change(event, Change.PUBLISHED, "published", by)


def apply_revision(event: Event, revision: Revision, *, by: Person) -> EventDetails:
    """Let a proposed change become what the public sees; a postponed event with a new date is on again."""
    before = event.details
    revision.status = RevisionStatus.APPLIED
    event.details = revision.details
    _set_hosts(event)
    event.sequence += 1
    event.schedule_version += 1
    if event.status is Status.POSTPONED:
        event.move_to(Status.PUBLISHED)
        event.public_note = ""
    _change(event, Change.CHANGED, "change_approved", by, before=before)
    return before


def ask_for_change(event: Event, *, by: Person, question: str, marks: dict[str, str]) -> None:
    """The normal negative answer: a question, with the fields it is about."""
    event.move_to(Status.CHANGE_ASKED)
    journal.record("event", event.id, "change_asked", note=question, details={"marks": marks}, **_actor(by))


def refuse(event: Event, *, by: Person, reason: str, note: str) -> None:
    """Refuse with a reason code of the policy and a text."""
    event.move_to(Status.REFUSED)
    journal.record("event", event.id, "refused", note=note, details={"reason": reason}, **_actor(by))


def decline_revision(event: Event, revision: Revision, *, by: Person, note: str) -> None:
    """Keep the published version; the proposal ends."""
    revision.status = RevisionStatus.DECLINED
    journal.record("event", event.id, "change_declined", note=note, **_actor(by))


def cancel(event: Event, *, by: Person | None, reason: str) -> None:
    """Call the event off; the listing stays, with the reason."""
    _end(event, Status.CANCELLED, Change.CANCELLED, by, reason)


def postpone(event: Event, *, by: Person | None, reason: str) -> None:
    """Put the event off until a new date is proposed and approved."""
    _end(event, Status.POSTPONED, Change.POSTPONED, by, reason)


def withdraw(event: Event, *, by: Person | None, reason: str = "") -> None:
    """Take the listing back; its address answers 410 if it was public."""
    if event.status in PUBLIC:
        _end(event, Status.WITHDRAWN, Change.WITHDRAWN, by, reason)
    else:
        event.move_to(Status.WITHDRAWN)
        journal.record("event", event.id, "withdrawn", note=reason, **_actor(by))


def retime(event: Event) -> bool:
    """Derive the instants again from wall time and zone, after the rules of a zone changed; whether they moved."""
    starts_at, ends_at = instants(event.details)
    if (starts_at, ends_at) == (event.starts_at, event.ends_at):
        return False
    event.starts_at, event.ends_at = starts_at, ends_at
    event.sequence += 1
    event.schedule_version += 1
    if event.status in PUBLIC:
        _change(event, Change.CHANGED, "retimed", None, before=event.details, is_retimed=True)
    return True


def _end(event: Event, target: Status, change: Change, by: Person | None, reason: str) -> None:
    event.move_to(target)
    event.public_note = reason
    event.sequence += 1
    event.schedule_version += 1
    waiting = queries.waiting_revision(event.id)
    if waiting is not None and target is not Status.POSTPONED:
        waiting.status = RevisionStatus.WITHDRAWN
    _change(event, change, target.value, by, note=reason)


def _change(
    event: Event,
    change: Change,
    act: str,
    by: Person | None,
    *,
    before: EventDetails | None = None,
    note: str = "",
    is_retimed: bool = False,
) -> None:
    event.changed_at = clock.now()
    details = {"before": before.to_json()} if before else {}
    journal.record("event", event.id, act, note=note, details=details, **_actor(by))
    db.session.flush()
    consequences.happened(Happening(event=event, change=change, before=before, is_retimed=is_retimed))


def _actor(by: Person | None) -> dict[str, Any]:
    return {"actor_id": by.id, "actor_name": by.name} if by else {}
