"""Who may manage webhooks: the owners of a verified organisation, and whoever runs the installation."""

from campaign.organizations.models import Organization, Role


def may_manage(role: Role | None, *, is_admin: bool) -> bool:
    return is_admin or role is Role.OWNER


def may_add(organization: Organization) -> bool:
    """A desk has to know who stands behind the address to which requests go."""
    return organization.verified_at is not None
