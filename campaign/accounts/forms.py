"""Forms of the account pages: the shape of what is typed."""

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import AnyOf

from campaign.core.forms import Form, at_most, options, required
from campaign.core.languages import NAMES
from campaign.places import zones

_EMAIL = _("Enter your e-mail address.")
_NEW = {"autocomplete": "new-password"}


class SignInForm(Form):
    email = EmailField(
        _("E-mail address"), validators=[required(_EMAIL), at_most(320)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        _("Password"), validators=[required(_("Enter your password."))], render_kw={"autocomplete": "current-password"}
    )


class RegisterForm(Form):
    name = StringField(
        _("Your name"), validators=[required(_("Enter your name.")), at_most(120)], render_kw={"autocomplete": "name"}
    )
    email = EmailField(
        _("E-mail address"), validators=[required(_EMAIL), at_most(254)], render_kw={"autocomplete": "email"}
    )
    password = PasswordField(_("Password"), validators=[required(_("Choose a password."))], render_kw=_NEW)


class AddressForm(Form):
    email = EmailField(
        _("E-mail address"), validators=[required(_EMAIL), at_most(254)], render_kw={"autocomplete": "email"}
    )


class NewPasswordForm(Form):
    password = PasswordField(_("New password"), validators=[required(_("Choose a password."))], render_kw=_NEW)


class PasswordForm(Form):
    current = PasswordField(
        _("Present password"),
        validators=[required(_("Enter your present password."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(_("New password"), validators=[required(_("Choose a password."))], render_kw=_NEW)


class ButtonForm(Form):
    """A page with one button and nothing to fill in."""


def _zones() -> list[Any]:
    return options([("", _("Not chosen")), *zones.options(get_locale().language)])


class ProfileForm(Form):
    name = StringField(
        _("Your name"), validators=[required(_("Enter your name.")), at_most(120)], render_kw={"autocomplete": "name"}
    )
    language = SelectField(
        _("Language"),
        choices=options(NAMES.items()),
        validators=[AnyOf(list(NAMES), message=_("Choose one of the languages."))],
    )
    time_zone = SelectField(_("Time zone"), choices=_zones)
