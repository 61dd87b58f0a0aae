"""Who may decide about which event; pure."""

from collections.abc import Iterable

from campaign.campaigns.policy import may_review
from campaign.campaigns.queries import Scope
from campaign.events.models import Event, Revision


def country_of(event: Event) -> str:
    """The country whose desk decides: where it takes place, or where the organisation of an online event is."""
    return event.country or (event.organization.country if event.organization else "")


def is_in_scope(scopes: Iterable[Scope], event: Event) -> bool:
    """True where the event belongs to one of the desks; needs its organisation loaded."""
    return may_review(scopes, event.campaign_id, country_of(event))


def is_own(event: Event, revision: Revision | None, person_id: int) -> bool:
    """Nobody decides about an event or a change that is their own."""
    return person_id in (event.created_by, revision.author_id if revision else None)
