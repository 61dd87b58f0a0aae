"""What the organiser's pages share: whose event it is, which version, what the form says about it."""

from pathlib import Path
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from campaign.accounts import gates
from campaign.accounts.models import Person
from campaign.core import clock
from campaign.core.faults import NotAllowed, NotFound
from campaign.events import policy, queries, rules
from campaign.events.details import EventDetails
from campaign.events.forms import EventForm
from campaign.events.models import Event
from campaign.events.placing import placed
from campaign.mail import service as mail
from campaign.media.service import store_picture
from campaign.media.storage import Store
from campaign.organizations import queries as organizations_queries
from campaign.organizations.models import Role


def own(ref: str) -> tuple[Event, Role | None]:
    """An event the actor may see, with the role in its organisation; for others it does not exist."""
    event, person = queries.get(ref), gates.actor()
    role = organizations_queries.role_of(person.id, event.organization_id) if event.organization_id else None
    if not policy.may_see(event, person.id, role):
        raise NotFound
    return event, role


def writable(ref: str) -> Event:
    """An event the actor may change. Raises NotAllowed for those who may only read it."""
    event, role = own(ref)
    if not policy.may_edit(event, gates.actor().id, role):
        raise NotAllowed
    return event


def version_of(event: Event) -> str:
    """Names the state a page was made from: the event's version and that of a change that waits."""
    revision = queries.waiting_revision(event.id)
    return f"{event.version}.{revision.version if revision else 0}"


def current_details(event: Event) -> EventDetails:
    """What the organiser last said: a change that waits, or else the event itself."""
    revision = queries.waiting_revision(event.id)
    return revision.details if revision else event.details


def organizations(person_id: int, event: Event | None = None) -> list[tuple[int, Any]]:
    """(id, name) of what the actor may write for; 0 stands for the person alone, who has no organisation here."""
    memberships = organizations_queries.memberships_of(person_id)
    found: list[tuple[int, Any]] = [
        (m.organization_id, m.organization.name) for m in memberships if m.role in policy.WRITERS
    ]
    if not found or (event is not None and event.organization_id is None):
        found.append((0, _("No organisation: in my own name")))
    return found


def details(form: EventForm, existing: EventDetails | None, person_id: int) -> EventDetails:
    """What the form says, with its city found and its picture stored. Raises Invalid for a picture we cannot take."""
    said = placed(form.details(existing))
    upload = form.picture.data
    content = upload.read() if upload else b""
    if not content:
        return said
    store = Store(Path(current_app.extensions["settings"].uploads))
    return said.with_changes(picture_id=store_picture(content, store, uploaded_by=person_id).id)


def problems(event: Event, said: EventDetails) -> rules.Problems:
    """What stands in the way of sending."""
    types = event.campaign.settings.get("event_types", ())
    return rules.problems(said, types=types, today=clock.now().date())


def promise_receipt(event: Event, person: Person) -> None:
    """Tell the sender that the event arrived; one letter for each time it is sent."""
    sent = event.submitted_at or clock.now()
    mail.promise(
        f"event_received:{event.id}:{sent.isoformat()}",
        "event_received",
        to=person.email,
        language=person.language,
        context={
            "name": person.name,
            "title": event.title,
            "link": current_app.extensions["settings"].public_url + url_for("events.show", ref=event.ref),
        },
        subject="event",
        subject_id=event.id,
        recipient_id=person.id,
    )
