"""What webhooks are told, in words."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

TYPES: dict[str, LazyString] = {
    "event.published": _("An event is published"),
    "event.changed": _("A public event changed"),
    "event.postponed": _("An event is postponed"),
    "event.cancelled": _("An event is cancelled"),
    "event.withdrawn": _("An event was withdrawn; please remove it"),
    "test": _("Something to try it"),
}
