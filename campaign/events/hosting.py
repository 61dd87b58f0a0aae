"""Finds the organisations that hold an event together with the first: by name, as an organiser would write it."""

from flask_babel import gettext as _

from campaign.events.details import EventDetails, Host
from campaign.events.rules import Problems
from campaign.organizations import queries as organizations


def hosted(said: EventDetails, before: EventDetails, organization_id: int | None) -> tuple[EventDetails, Problems]:
    """With every host found, and a sentence for each name that nobody here bears.

    One that stood there before stays, whatever it is called by now; the first organisation is no second one.
    """
    known = {host.name: host for host in before.hosts}
    problems: Problems = {}
    found: list[Host] = []
    for typed in said.hosts:
        host = known.get(typed.name) or _find(typed.name)
        if host is None:
            problems[typed.name] = _unknown(typed.name)
        elif host.id != organization_id and host not in found:
            found.append(host)
    return said.with_changes(hosts=tuple(found)), problems


def _find(name: str) -> Host | None:
    organization = organizations.find_by_name(name)
    return Host(id=organization.id, name=organization.name) if organization else None


def _unknown(name: str) -> str:
    close = organizations.names_like(name, limit=3)
    if close:
        return _("We do not know “%(name)s”. Did you mean: %(names)s?", name=name[:80], names="; ".join(close))
    return _("We do not know “%(name)s”. Ask it to register here, or name it in the description.", name=name[:80])
