"""Sentences of the desk: who was first, and how long ago."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import LazyString, format_timedelta
from flask_babel import lazy_gettext as _

from campaign.core import clock
from campaign.journal.models import Entry

_FIRST: dict[str, LazyString] = {
    "published": _("%(name)s approved this %(ago)s. Nothing of yours was saved."),
    "change_approved": _("%(name)s approved this change %(ago)s. Nothing of yours was saved."),
    "change_declined": _("%(name)s declined this change %(ago)s. Nothing of yours was saved."),
    "change_asked": _("%(name)s asked the organiser a question %(ago)s. Nothing of yours was saved."),
    "refused": _("%(name)s refused this %(ago)s. Nothing of yours was saved."),
    "edited": _("%(name)s changed this event %(ago)s. Nothing of yours was saved."),
    "submitted": _("%(name)s sent this event again %(ago)s. Nothing of yours was saved."),
    "change_proposed": _("%(name)s changed the proposal %(ago)s. Nothing of yours was saved."),
    "cancelled": _("%(name)s cancelled this event %(ago)s. Nothing of yours was saved."),
    "postponed": _("%(name)s postponed this event %(ago)s. Nothing of yours was saved."),
    "withdrawn": _("%(name)s withdrew this event %(ago)s. Nothing of yours was saved."),
}


def who_was_first(history: Sequence[Entry]) -> str | None:
    """Who acted last, what they did, and when; None when the journal does not say."""
    entry = next((e for e in reversed(history) if e.act in _FIRST), None)
    if entry is None:
        return None
    name = entry.actor_name or str(_("The platform"))
    return str(_FIRST[entry.act]) % {"name": name, "ago": ago(entry.at)}


def ago(moment: datetime) -> str:
    """`2 minutes ago`, as the language says it (the word for the time may change its ending there)."""
    return str(format_timedelta(-_since(moment), granularity="minute", add_direction=True))


def age(moment: datetime) -> str:
    """`27 hours`; how long ago a moment is, coarsely."""
    return str(format_timedelta(_since(moment), granularity="minute"))


def _since(moment: datetime) -> timedelta:
    """Never less than a minute."""
    return max(clock.now() - moment, timedelta(minutes=1))
