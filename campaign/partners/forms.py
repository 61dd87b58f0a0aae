"""The forms of a webhook."""

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.campaigns import queries as campaigns
from campaign.core.forms import Form, at_most, options, required
from campaign.core.outbound import LONGEST_URL
from campaign.partners.service import CHOOSABLE
from campaign.partners.wording import TYPES
from campaign.places import countries


class WebhookForm(Form):
    campaign = SelectField(_("Campaign"), validate_choice=False)
    url = StringField(
        _("Address of your program"),
        validators=[required(_("Enter the address of your program.")), at_most(LONGEST_URL)],
        render_kw={"inputmode": "url", "dir": "ltr", "spellcheck": "false", "autocapitalize": "none"},
    )

    def offer(self) -> "WebhookForm":
        """Let it offer the campaigns."""
        language = get_locale().language
        found = campaigns.all_campaigns()
        self.campaign.choices = options((one.slug, campaigns.name_in(one.names, language)) for one in found)
        return self


def _countries() -> list[Any]:
    return options([("", _("Every country")), *countries.options(get_locale().language)])


class NewsForm(Form):
    """What it is told of."""

    changes = SelectMultipleField(
        _("Changes"),
        choices=options((change.value, TYPES[f"event.{change}"]) for change in CHOOSABLE),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    country = SelectField(_("Country"), choices=_countries, validate_choice=False)

    def validate_country(self, field: SelectField) -> None:
        if field.data and not countries.is_country(field.data):
            raise ValidationError(str(_("Choose a country from the list.")))
