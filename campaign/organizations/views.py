"""An organiser's own organisations: found one, change it, manage its members."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import gates
from campaign.accounts.tokens import Links
from campaign.core.db import transaction
from campaign.core.faults import Invalid, NotFound
from campaign.organizations import policy, queries, service
from campaign.organizations.forms import KINDS, ROLES, ButtonForm, MemberForm, OrganizationForm, RoleForm
from campaign.organizations.models import Kind, Organization, Role

bp = Blueprint("organizations", __name__, url_prefix="/my/organisation")


def _links() -> Links:
    return Links.of(current_app.extensions["settings"])


def _own(slug: str) -> tuple[Organization, Role]:
    """The organisation and the actor's role; for outsiders it does not exist."""
    organization = queries.find_by_slug(slug)
    role = queries.role_of(gates.actor().id, organization.id) if organization else None
    if organization is None or role is None:
        raise NotFound
    return organization, role


def _page(
    slug: str, *, form: OrganizationForm | None = None, member_form: MemberForm | None = None
) -> ResponseReturnValue:
    organization, role = _own(slug)
    is_refused = form is not None or member_form is not None
    form = form or OrganizationForm(formdata=None, obj=organization)
    member_form = member_form or MemberForm(formdata=None)
    page = render_template(
        "organizations/organization.html",
        organization=organization,
        form=form,
        member_form=member_form,
        members=queries.members_of(organization.id),
        may_manage=policy.may_manage(role),
        kinds=KINDS,
        roles=ROLES,
        person=gates.actor(),
    )
    return page, 422 if is_refused else 200


@bp.route("/", methods=["GET", "POST"])
@gates.confirmed
def mine() -> ResponseReturnValue:
    form, person = OrganizationForm(), gates.actor()
    if form.validate_on_submit():
        try:
            with transaction():
                organization = service.found(
                    name=form.name.data or "",
                    kind=Kind(form.kind.data),
                    country=form.country.data or "",
                    city=form.city.data or "",
                    website=form.website.data or "",
                    by=person,
                )
            flash(_("The organisation is on the list. A coordinator will verify it."))
            return redirect(url_for("organizations.show", slug=organization.slug))
        except Invalid as invalid:
            form.take(invalid)
    page = render_template(
        "organizations/mine.html", form=form, memberships=queries.memberships_of(person.id), kinds=KINDS, roles=ROLES
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/<slug>/")
@gates.confirmed
def show(slug: str) -> ResponseReturnValue:
    return _page(slug)


@bp.post("/<slug>/")
@gates.confirmed
def edit(slug: str) -> ResponseReturnValue:
    form, organization = OrganizationForm(), _own(slug)[0]
    if form.validate_on_submit():
        try:
            with transaction():
                service.change(
                    organization,
                    name=form.name.data or "",
                    kind=Kind(form.kind.data),
                    country=form.country.data or "",
                    city=form.city.data or "",
                    website=form.website.data or "",
                    by=gates.actor(),
                )
            flash(_("The organisation is saved."))
            return redirect(url_for("organizations.show", slug=slug))
        except Invalid as invalid:
            form.take(invalid)
    return _page(slug, form=form)


@bp.post("/<slug>/members")
@gates.confirmed
def add_member(slug: str) -> ResponseReturnValue:
    form, organization = MemberForm(), _own(slug)[0]
    if form.validate_on_submit():
        try:
            with transaction():
                outcome = service.add_member(
                    organization,
                    email=form.email.data or "",
                    role=Role(form.role.data),
                    by=gates.actor(),
                    links=_links(),
                )
            flash(_("The member was added.") if outcome == "added" else _("We are sending an invitation by e-mail."))
            return redirect(url_for("organizations.show", slug=slug))
        except Invalid as invalid:
            form.take(invalid)
    return _page(slug, member_form=form)


@bp.post("/<slug>/members/<int:person_id>/role")
@gates.confirmed
def change_role(slug: str, person_id: int) -> ResponseReturnValue:
    form, organization = RoleForm(), _own(slug)[0]
    if not form.validate_on_submit():
        raise Invalid
    with transaction():
        service.change_role(organization, person_id, Role(form.role.data), by=gates.actor())
    flash(_("The role was changed."))
    return redirect(url_for("organizations.show", slug=slug))


@bp.post("/<slug>/members/<int:person_id>/remove")
@gates.confirmed
def remove_member(slug: str, person_id: int) -> ResponseReturnValue:
    organization, me = _own(slug)[0], gates.actor().id
    with transaction():
        service.remove_member(organization, person_id, by=gates.actor())
    flash(_("The member was removed."))
    return redirect(url_for("organizations.mine") if person_id == me else url_for("organizations.show", slug=slug))


@bp.route("/join/<token>", methods=["GET", "POST"])
@gates.confirmed
def join(token: str) -> ResponseReturnValue:
    """Open an invitation; only the button accepts it."""
    form, person = ButtonForm(), gates.actor()
    if form.validate_on_submit():
        with transaction():
            organization = service.accept(token, person, _links())
        flash(_("You are a member now."))
        return redirect(url_for("organizations.show", slug=organization.slug))
    invitation = service.invitation(token, person, _links())
    return render_template("organizations/join.html", invitation=invitation, roles=ROLES)
