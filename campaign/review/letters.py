"""What the organiser reads about a decision.

The frame of letters uses the names `title` and `reason` itself; ours are `event_title` and `refusal`.
"""

from typing import Any

from campaign.accounts.models import Person
from campaign.campaigns import queries as campaigns
from campaign.core import languages
from campaign.events import labels
from campaign.events.lifecycle import Refusal
from campaign.events.models import Event
from campaign.mail.service import promise
from campaign.review import policy, queries


def tell(kind: str, occasion: str, event: Event, *, public_url: str, **said: Any) -> None:
    """Promise the organiser one letter; an event nobody here wrote gets none. `occasion` makes the key unique."""
    person = queries.author(event)
    if person is None:
        return
    promise(
        f"{kind}:{event.id}:{occasion}",
        kind,
        to=person.email,
        language=person.language,
        context={**about(event, person, public_url=public_url), **said},
        subject="event",
        subject_id=event.id,
        recipient_id=person.id,
    )


def about(event: Event, person: Person, *, public_url: str) -> dict[str, str]:
    """What every letter about a decision says of the event."""
    return {
        "name": person.name,
        "event_title": event.details.wording(person.language).title,
        "city": event.details.city,
        "ref": event.ref,
        "desk": campaigns.desk_name(event.campaign_id, policy.country_of(event), person.language),
        "event_url": f"{public_url}/e/{event.ref}",
        "my_url": f"{public_url}/my/events/{event.ref}",
    }


def marks_for(event: Event, marks: dict[str, str]) -> list[list[str]]:
    """[label, note] of every marked field, in the organiser's language."""
    with languages.speaking(_language(event)):
        return [[str(labels.FIELD.get(field, field)), note] for field, note in marks.items()]


def reason_for(event: Event, reason: Refusal) -> str:
    """The sentence of the policy, in the organiser's language."""
    with languages.speaking(_language(event)):
        return str(labels.REFUSAL[reason])


def _language(event: Event) -> str:
    person = queries.author(event)
    return person.language if person else languages.DEFAULT
