"""Who may write about which event; pure."""

from campaign.events.lifecycle import Status
from campaign.events.models import Event
from campaign.organizations.models import Role

WRITERS = frozenset({Role.OWNER, Role.EDITOR})


def may_edit(event: Event, person_id: int, role: Role | None) -> bool:
    """The creator, or an owner or editor of the organisation that holds it."""
    if role is not None:
        return role in WRITERS
    return event.organization_id is None and event.created_by == person_id


def may_see(event: Event, person_id: int, role: Role | None) -> bool:
    """Members of the organisation, viewers included, and the creator."""
    return role is not None or event.created_by == person_id


def may_withdraw(event: Event, person_id: int, role: Role | None) -> bool:
    return may_edit(event, person_id, role) and event.status is not Status.WITHDRAWN
