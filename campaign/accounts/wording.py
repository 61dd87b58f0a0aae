"""Letters that people can do without, in words."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaign.accounts.models import OptionalLetter

# What each is, and when it comes.
LETTERS: dict[OptionalLetter, tuple[LazyString, LazyString]] = {
    OptionalLetter.CHECK: (_("Please check"), _("A week and a day before your events, to look once more")),
    OptionalLetter.REPORT: (_("How it went"), _("The day after your events, and a week later if nobody has told")),
    OptionalLetter.DRAFT: (_("Draft saved"), _("A day after the last edit, once for each draft")),
    OptionalLetter.SEASON: (
        _("Coming years"),
        _("A few times a year: keep the date, registration, the deadline, how the day was kept"),
    ),
    OptionalLetter.DESK: (_("What waits for a desk"), _("On the mornings of working days, when something waits")),
}
