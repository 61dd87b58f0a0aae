"""Forms of organisations and members."""

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import AnyOf

from campaign.core.forms import Form, at_most, options, required
from campaign.organizations.models import Kind, Role
from campaign.places import countries

KINDS = {
    Kind.EMBASSY: _("Embassy"),
    Kind.CONSULATE: _("Consulate"),
    Kind.PERMANENT_MISSION: _("Permanent mission"),
    Kind.DIASPORA: _("Diaspora association"),
    Kind.YOUTH: _("Youth organisation"),
    Kind.UNIVERSITY: _("University or school"),
    Kind.MUSEUM: _("Museum or memorial"),
    Kind.MUNICIPALITY: _("Municipality"),
    Kind.PARLIAMENT: _("Parliament"),
    Kind.OTHER: _("Other"),
}
ROLES = {
    Role.VIEWER: _("Viewer: reads"),
    Role.EDITOR: _("Editor: writes events"),
    Role.OWNER: _("Owner: also manages members"),
}


def _countries() -> list[Any]:
    return options([("", _("Not in one country")), *countries.options(get_locale().language)])


def _role_field() -> SelectField:
    return SelectField(
        _("Role"),
        choices=options((role.value, label) for role, label in ROLES.items()),
        default=Role.EDITOR.value,
        validators=[AnyOf([role.value for role in Role], message=_("Choose a role."))],
    )


class OrganizationForm(Form):
    name = StringField(_("Name"), validators=[required(_("Enter the name of the organisation.")), at_most(200)])
    kind = SelectField(
        _("Kind"),
        choices=options((kind.value, label) for kind, label in KINDS.items()),
        validators=[AnyOf([kind.value for kind in Kind], message=_("Choose a kind."))],
    )
    country = SelectField(_("Country"), choices=_countries)
    city = StringField(_("City"), validators=[at_most(120)])
    website = StringField(_("Website"), validators=[at_most(300)], render_kw={"inputmode": "url"})


class MemberForm(Form):
    email = EmailField(_("E-mail address"), validators=[required(_("Enter an e-mail address.")), at_most(254)])
    role = _role_field()


class RoleForm(Form):
    role = _role_field()


class ButtonForm(Form):
    """A page with one button and nothing to fill in."""
