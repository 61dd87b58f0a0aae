"""Forms of the log of letters."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired

from campaign.core.forms import Form, at_most, required


class ReasonForm(Form):
    """Whatever is done with a letter or an address, somebody will ask why."""

    reason = StringField(
        _("Reason"), validators=[DataRequired(_("Write a few words: others will ask why.")), at_most(300)]
    )


class AddressForm(ReasonForm):
    email = StringField(
        _("Address"),
        validators=[required(_("Type an address like name@example.org.")), at_most(254)],
        render_kw={"type": "email", "inputmode": "email", "dir": "ltr", "autocomplete": "off"},
    )
