"""Taking reports, and resolving them. The caller owns the transaction."""

from flask_babel import lazy_gettext as _

from campaign.accounts.models import Person
from campaign.campaigns.queries import coordinators_for, scopes_of
from campaign.core import clock
from campaign.core.db import db, insert_or
from campaign.core.faults import Conflict, Invalid, NotAllowed
from campaign.events.models import Event
from campaign.journal import service as journal
from campaign.mail.service import promise
from campaign.review import policy
from campaign.review.mistakes.models import Concern, Mistake, State


def report(
    event: Event, *, token: str, concern: Concern, text: str, email: str, language: str, public_url: str
) -> bool:
    """Keep what a visitor says of a public event; the same form sent twice reports once. Whether it is new."""
    values = {
        "event_id": event.id,
        "token": token,
        "concern": concern,
        "text": text,
        "email": email,
        "language": language,
        "state": State.OPEN,
        "note": "",
        "created_at": clock.now(),
        "version": 1,
    }
    kept = insert_or(Mistake).values(values).on_conflict_do_nothing(index_elements=["token"]).returning(Mistake.id)
    number = db.session.scalar(kept)
    if number is None:
        return False
    journal.record("mistake", number, "reported", details={"event": event.ref, "concern": concern.value})
    if concern is Concern.DANGER:
        _alarm(event, number, public_url)
    return True


def _alarm(event: Event, number: int, public_url: str) -> None:
    """Tell the desk at once; one letter a day for each event, so that nobody can flood the desk through this form."""
    day = clock.now().date().isoformat()
    country = policy.country_of(event)
    for person_id in coordinators_for(event.campaign_id, country):
        person = db.session.get(Person, person_id)
        if person is not None:
            promise(
                f"danger_reported:{event.id}:{day}:{person.id}",
                "danger_reported",
                to=person.email,
                language=person.language,
                context={
                    "name": person.name,
                    "event_title": event.title,
                    "city": event.details.city,
                    "desk_url": f"{public_url}/desk/reports/{number}",
                },
                subject="mistake",
                subject_id=number,
                recipient_id=person.id,
            )


def resolve(mistake: Mistake, *, by: Person, note: str, seen_version: str, public_url: str) -> None:
    """Close a report and say what was done; whoever left an address reads it."""
    if not policy.is_in_scope(scopes_of(by.id), mistake.event):
        raise NotAllowed
    if policy.is_own(mistake.event, None, by.id):
        raise NotAllowed(_("You cannot decide about your own event. A colleague will look at it."))
    if mistake.state is not State.OPEN or str(mistake.version) != seen_version:
        raise Conflict(_("A colleague resolved this report before you."))
    if not note:
        raise Invalid({"note": _("Say in a sentence what was done, or why nothing needs to be done.")})
    mistake.state, mistake.note = State.RESOLVED, note
    mistake.resolved_by, mistake.resolved_at = by.id, clock.now()
    journal.record("mistake", mistake.id, "resolved", note=note, actor_id=by.id, actor_name=by.name)
    if mistake.email:
        promise(
            f"mistake_resolved:{mistake.id}",
            "mistake_resolved",
            to=mistake.email,
            language=mistake.language,
            context={
                "event_title": mistake.event.details.wording(mistake.language).title,
                "event_url": f"{public_url}/e/{mistake.event.ref}",
                "note": note,
            },
            subject="mistake",
            subject_id=mistake.id,
        )
