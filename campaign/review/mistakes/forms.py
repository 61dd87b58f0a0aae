"""The visitor's form and the desk's. A person needs some seconds and leaves the trap empty; a program rarely does."""

import re

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import AnyOf

from campaign.core.forms import Form, at_most, options, required
from campaign.review.mistakes.models import Concern
from campaign.review.mistakes.wording import CONCERN


class ReportForm(Form):
    """`token` is signed and says when the page was opened; `website` is the trap."""

    token = HiddenField()
    concern = RadioField(
        _("What is wrong?"),
        choices=options((concern.value, words) for concern, words in CONCERN.items()),
        validators=[
            required(_("Choose what is wrong.")),
            AnyOf([c.value for c in Concern], message=_("Choose what is wrong.")),
        ],
        validate_choice=False,
    )
    text = TextAreaField(
        _("Please describe it"),
        validators=[required(_("Describe in a sentence what is wrong.")), at_most(2000)],
        render_kw={"rows": 5},
    )
    email = EmailField(_("Your e-mail"), validators=[at_most(254)])
    website = StringField(_("Leave this field empty"), render_kw={"autocomplete": "off", "tabindex": "-1"})

    def validate_email(self, field: EmailField) -> None:
        if field.data and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", field.data):
            raise ValidationError(str(_("Enter an e-mail address like name@example.org, or leave it empty.")))


class ResolveForm(Form):
    version = HiddenField()
    note = TextAreaField(_("What was done"), validators=[at_most(2000)], render_kw={"rows": 3})
