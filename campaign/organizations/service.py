"""Found an organisation, change it, and say who belongs to it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError

from campaign.accounts import queries as accounts
from campaign.accounts.models import Person
from campaign.accounts.service import normal_email
from campaign.accounts.tokens import Links
from campaign.core.clock import now
from campaign.core.db import db
from campaign.core.faults import Conflict, Invalid, NotAllowed, NotFound
from campaign.core.folding import fold
from campaign.journal.service import record
from campaign.mail.service import promise
from campaign.organizations import policy, queries
from campaign.organizations.models import Kind, Membership, Organization, Role
from campaign.places.countries import is_country

INVITED_FOR = timedelta(days=14)


def free_slug(name: str) -> str:
    """An address part nobody uses yet; names in other scripts get a plain one with a number."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60].strip("-") or "organisation"
    taken = queries.slugs_like(base)
    if base not in taken:
        return base
    return next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)


def normal_website(typed: str) -> str:
    """A full http(s) address; a bare host gets https. Raises Invalid."""
    if not typed:
        return ""
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not re.search(r"\s", address)
    except ValueError:
        is_good = False
    if not is_good or len(address) > 300:
        raise Invalid({"website": _("Enter an address like https://www.example.org.")})
    return address


def _checked_country(country: str) -> str:
    if country and not is_country(country):
        raise Invalid({"country": _("Choose a country from the list.")})
    return country


def found(
    *, name: str, kind: Kind, country: str = "", city: str = "", website: str = "", by: Person | None = None
) -> Organization:
    """Make an organisation; its founder owns it. Unverified until a desk has looked. Raises Invalid."""
    organization = Organization(
        slug=free_slug(name),
        name=name,
        search_name=fold(name),
        kind=kind,
        country=_checked_country(country),
        city=city,
        website=normal_website(website),
    )
    try:
        with db.session.begin_nested():
            db.session.add(organization)
    except IntegrityError:
        raise Conflict from None  # The same address part was taken at the same moment.
    if by is not None:
        db.session.add(Membership(person_id=by.id, organization_id=organization.id, role=Role.OWNER))
        db.session.flush()
    _record(organization, "founded", by, name=name, kind=kind.value)
    return organization


def change(
    organization: Organization, *, name: str, kind: Kind, country: str, city: str, website: str, by: Person
) -> None:
    """Edit the data. Another name or kind ends a verification: the desk verified the old one. Raises Invalid."""
    _manage(organization, by)
    before = {"name": organization.name, "kind": organization.kind.value, "country": organization.country}
    after = {"name": name, "kind": kind.value, "country": _checked_country(country)}
    organization.website = normal_website(website)
    organization.city = city
    organization.name, organization.search_name = name, fold(name)
    organization.kind, organization.country = kind, country
    if before != after and organization.verified_at is not None:
        organization.verified_at = None
    _record(organization, "changed", by, before=before, after=after)


def add_member(
    organization: Organization, *, email: str, role: Role, by: Person, links: Links
) -> Literal["added", "invited"]:
    """Add a person with a confirmed address at once; invite any other address by letter. Raises Invalid."""
    _manage(organization, by)
    address = normal_email(email)
    person = accounts.find_by_email(address)
    if person is None or not person.is_confirmed:
        _invite(organization, address, role, by, links, language=person.language if person else by.language)
        return "invited"
    if queries.role_of(person.id, organization.id) is not None:
        raise Invalid({"email": _("This person is a member already. You can change the role in the list.")})
    join(organization, person, role, by=by)
    context = {
        "name": person.name,
        "by": by.name,
        "organization": organization.name,
        "link": links.url(f"/my/organisation/{organization.slug}/"),
    }
    key = f"member_added:{organization.id}:{person.id}:{now():%Y%m%d%H%M}"
    promise(
        key, "member_added", to=person.email, language=person.language, context=context,
        subject="organizations", subject_id=organization.id, recipient_id=person.id,
    )  # fmt: skip
    return "added"


def _invite(organization: Organization, address: str, role: Role, by: Person, links: Links, *, language: str) -> None:
    token = links.token("invitation", [organization.id, address, role.value, int(now().timestamp())])
    context = {
        "by": by.name,
        "organization": organization.name,
        "link": links.url(f"/my/organisation/join/{token}"),
    }
    promise(
        f"member_invited:{organization.id}:{address}:{role.value}:{now():%Y%m%d%H%M}",
        "member_invited",
        to=address,
        language=language,
        context=context,
        expires_at=now() + INVITED_FOR,
        subject="organizations",
        subject_id=organization.id,
    )
    _record(organization, "invited_member", by, role=role.value)


def join(organization: Organization, person: Person, role: Role, *, by: Person | None = None) -> Membership:
    """Make a person a member; no letter, no question. For invitations, the demonstration and upper rooms."""
    membership = Membership(person_id=person.id, organization_id=organization.id, role=role)
    try:
        with db.session.begin_nested():
            db.session.add(membership)
    except IntegrityError:
        raise Conflict from None
    _record(organization, "added_member", by or person, person_id=person.id, name=person.name, role=role.value)
    return membership


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation's link says, checked against the person who opened it."""

    organization: Organization
    role: Role
    is_member: bool


def invitation(token: str, person: Person, links: Links) -> Invitation:
    """Raises Invalid for a link that is old, was sent to somebody else, or was overtaken by a removal."""
    stale = Invalid(message=_("This invitation is too old or was sent to another address. Ask for a new one."))
    payload = links.read("invitation", token, INVITED_FOR)
    if payload is None or len(payload) != 4 or payload[1] != person.email:
        raise stale
    organization = queries.find(payload[0])
    if organization is None:
        raise stale
    if queries.was_removed_since(organization.id, person.id, datetime.fromtimestamp(payload[3], UTC)):
        raise stale
    is_member = queries.role_of(person.id, organization.id) is not None
    return Invitation(organization, Role(payload[2]), is_member)


def accept(token: str, person: Person, links: Links) -> Organization:
    """Join the organisation of an invitation; accepting twice is accepting once. Raises Invalid."""
    found_invitation = invitation(token, person, links)
    if not found_invitation.is_member:
        join(found_invitation.organization, person, found_invitation.role)
    return found_invitation.organization


def change_role(organization: Organization, person_id: int, role: Role, *, by: Person) -> None:
    """Raises Invalid when nobody would own the organisation any more."""
    _manage(organization, by)
    membership, others = _membership(organization, person_id)
    _keep_an_owner([*(m.role for m in others), role])
    before, membership.role = membership.role, role
    details = {"person_id": person_id, "before": before.value, "after": role.value}
    _record(organization, "changed_role", by, **details)


def remove_member(organization: Organization, person_id: int, *, by: Person) -> None:
    """Remove a member, or leave. Raises Invalid when nobody would own the organisation any more."""
    role = queries.role_of(by.id, organization.id)
    if not policy.may_remove(role, is_self=person_id == by.id):
        raise NotAllowed
    membership, others = _membership(organization, person_id)
    _keep_an_owner([m.role for m in others])
    db.session.delete(membership)
    _record(organization, "removed_member", by, person_id=person_id, role=membership.role.value)


def set_verified(organization: Organization, *, by: Person, is_verified: bool, note: str = "") -> None:
    """A desk says that the organisation is who it says it is, or takes that back; the upper room checks the right."""
    organization.verified_at = now() if is_verified else None
    _record(organization, "verified" if is_verified else "unverified", by, note=note)


def _manage(organization: Organization, by: Person) -> None:
    if not policy.may_manage(queries.role_of(by.id, organization.id)):
        raise NotAllowed


def _membership(organization: Organization, person_id: int) -> tuple[Membership, list[Membership]]:
    """The person's membership and all others; locked, so that two owners cannot both leave at once."""
    queries.lock(organization.id)
    members = queries.members_of(organization.id)
    mine = next((m for m in members if m.person_id == person_id), None)
    if mine is None:
        raise NotFound
    return mine, [m for m in members if m is not mine]


def _keep_an_owner(remaining: list[Role]) -> None:
    if not policy.keeps_an_owner(remaining):
        raise Invalid(message=_("An organisation needs an owner. Make somebody else an owner first."))


def _record(organization: Organization, act: str, by: Person | None, **details: object) -> None:
    note = str(details.pop("note", ""))
    record(
        "organizations",
        organization.id,
        act,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
        note=note,
        details=details,
    )
