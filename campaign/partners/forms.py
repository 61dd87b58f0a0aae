"""The form of a webhook."""

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField

from campaign.campaigns import queries as campaigns
from campaign.core.forms import Form, at_most, options, required
from campaign.core.outbound import LONGEST_URL


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
