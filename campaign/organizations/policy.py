"""Who may do what in an organisation; pure functions of the role, None for somebody who is no member."""

from collections.abc import Iterable

from campaign.organizations.models import Role

WRITERS = frozenset({Role.OWNER, Role.EDITOR})


def may_see(role: Role | None) -> bool:
    """The organisation's own pages, drafts included."""
    return role is not None


def may_edit_events(role: Role | None) -> bool:
    return role in WRITERS


def may_manage(role: Role | None) -> bool:
    """Change the organisation's data, its members and their roles."""
    return role is Role.OWNER


def may_remove(role: Role | None, *, is_self: bool) -> bool:
    """Owners remove anybody; everybody may leave."""
    return may_manage(role) or (role is not None and is_self)


def keeps_an_owner(others: Iterable[Role]) -> bool:
    """Whether an organisation still has an owner if only these memberships remain."""
    return any(role is Role.OWNER for role in others)
