"""What the kinds of report are called, in plain words."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaign.review.mistakes.models import Concern, State

CONCERN: dict[Concern, LazyString] = {
    Concern.DANGER: _("It could put people in danger"),
    Concern.NOT_HAPPENING: _("It does not take place"),
    Concern.INCORRECT: _("Date, time, place or organiser is wrong"),
    Concern.DUPLICATE: _("It is listed twice"),
    Concern.IMPERSONATION: _("The organiser is not who it says"),
    Concern.PERSONAL_DATA: _("It shows somebody's personal data"),
    Concern.HOSTILE: _("It is hostile towards a people, a religion or another group"),
    Concern.DENIAL: _("It denies or mocks what victims suffered"),
    Concern.UNSOURCED: _("It states facts without a source"),
    Concern.GRAPHIC: _("It shows distressing pictures without a notice"),
    Concern.OFF_TOPIC: _("It has nothing to do with this remembrance"),
    Concern.COMMERCIAL: _("It is advertising, or asks for money without saying for what"),
}
STATE: dict[State, LazyString] = {State.OPEN: _("Open"), State.RESOLVED: _("Resolved")}
