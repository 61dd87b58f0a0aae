"""Who may see which letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from campaign.accounts.models import Person
from campaign.campaigns.queries import Scope, scopes_of
from campaign.events import queries as events
from campaign.events.models import Event
from campaign.mail.models import Letter
from campaign.organizations.models import Organization
from campaign.review.queries import within


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a person sees: all letters, or those about the events of their desks, whose readers stay unnamed."""

    sees_all: bool
    scopes: Sequence[Scope] = ()

    @property
    def is_open(self) -> bool:
        return self.sees_all or bool(self.scopes)

    @property
    def event_ids(self) -> Select[Any] | None:
        """A query for the events in scope; None where everything is."""
        if self.sees_all:
            return None
        ids = select(Event.id).outerjoin(Organization, Organization.id == Event.organization_id)
        return ids.where(within(self.scopes))


def desk_of(person: Person) -> Desk:
    """Operators see everything, coordinators what is about their events."""
    if person.is_admin:
        return Desk(sees_all=True)
    return Desk(sees_all=False, scopes=scopes_of(person.id))


def events_of(letters: Sequence[Letter]) -> dict[int, Event]:
    """The events that these letters are about."""
    ids = {letter.subject_id for letter in letters if letter.subject == "event"}
    return {event.id: event for event in events.among(ids)} if ids else {}
