"""What the organiser's pages share: whose event it is, which version, what the form says about it."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from campaign.accounts import gates
from campaign.accounts.models import Person
from campaign.campaigns import queries as campaigns
from campaign.core import clock
from campaign.core.db import transaction
from campaign.core.faults import Invalid, NotAllowed, NotFound
from campaign.events import fields, policy, queries, rules
from campaign.events.details import EventDetails
from campaign.events.forms import EventForm
from campaign.events.hosting import hosted
from campaign.events.lifecycle import PUBLIC, Status
from campaign.events.models import Event
from campaign.events.placing import placed
from campaign.journal.models import Entry
from campaign.mail import service as mail
from campaign.media import queries as pictures
from campaign.media import service as media
from campaign.media.models import Picture
from campaign.media.pictures import remake
from campaign.media.views import store
from campaign.organizations import queries as organizations_queries
from campaign.organizations.models import Role
from config import UPLOAD_LIMIT


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


def question(event: Event, history: Sequence[Entry]) -> Entry | None:
    """What the desk asked or why it refused, as long as that is still to be answered."""
    if event.status not in (Status.CHANGE_ASKED, Status.REFUSED):
        return None
    asked = [entry for entry in history if entry.act in ("change_asked", "refused")]
    return asked[-1] if asked else None


def organizations(person_id: int, event: Event | None = None) -> list[tuple[int, Any]]:
    """(id, name) of what the actor may write for; 0 stands for the person alone, who has no organisation here."""
    if event is not None and event.status in PUBLIC:  # A change that waits cannot move an event to somebody else.
        name = event.organization.name if event.organization else _("No organisation: in my own name")
        return [(event.organization_id or 0, name)]
    memberships = organizations_queries.memberships_of(person_id)
    found: list[tuple[int, Any]] = [
        (m.organization_id, m.organization.name) for m in memberships if m.role in policy.WRITERS
    ]
    if not found or (event is not None and event.organization_id is None):
        found.append((0, _("No organisation: in my own name")))
    return found


def keep_picture(form: EventForm, person_id: int) -> bool:
    """Store an uploaded picture at once, so that a form with other mistakes need not ask for it again.

    False, with the reason at its box, where it was refused.
    """
    if not form.picture.data:
        return True
    try:
        remade = remake(form.picture.data.read(UPLOAD_LIMIT + 1))
    except Invalid as invalid:
        form.take(invalid)
        return False
    with transaction():
        form.picture_kept.data = str(media.keep(remade, store(), uploaded_by=person_id).id)
    return True


def kept_picture(form: EventForm, person_id: int) -> Picture | None:
    """The picture that came with an earlier sending of this form, if it is the person's own."""
    picture = pictures.find(fields.number(form.picture_kept.data))
    return picture if picture is not None and picture.uploaded_by == person_id else None


def shown_picture(form: EventForm, event: Event | None, person_id: int) -> Picture | None:
    """What the form would keep: a new picture, or else the one that is there."""
    return kept_picture(form, person_id) or pictures.find(current_details(event).picture_id if event else None)


def details(form: EventForm, existing: EventDetails | None, person_id: int) -> EventDetails:
    """What the form says, with its city and its hosts found. Raises Invalid for a host nobody knows."""
    before = existing or EventDetails()
    said, strangers = hosted(placed(form.details(before)), before, form.organization.data or None)
    if strangers:
        raise Invalid({box: strangers[form[box].data] for box in form.host_fields if form[box].data in strangers})
    picture = kept_picture(form, person_id)
    return said if picture is None or form.has_no_picture.data else said.with_changes(picture_id=picture.id)


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
        context=receipt(event, person),
        subject="event",
        subject_id=event.id,
        recipient_id=person.id,
    )


def receipt(event: Event, person: Person) -> dict[str, str]:
    """What the letter about an event that arrived says."""
    return {
        "name": person.name,
        "event_title": event.details.wording(person.language).title,
        "city": event.details.city,
        "ref": event.ref,
        "desk": campaigns.desk_name(event.campaign_id, event.country, person.language),
        "link": f"{current_app.extensions['settings'].public_url}/my/events/{event.ref}",
    }
