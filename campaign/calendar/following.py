"""The calendar as subscriptions see it: filters in words and in one form, what they find, and their files.

Fills the port of the reminders room (see `campaign/rooms.py`); a query is what `canonical` writes.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import parse_qsl

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from werkzeug.datastructures import MultiDict

from campaign.calendar import conditions, contents, event_views, finder, names, queries
from campaign.calendar.filters import Filter
from campaign.calendar.map import queries as places
from campaign.calendar.models import Listing
from campaign.campaigns.models import Campaign
from campaign.core import languages
from campaign.core.db import db
from campaign.events.lifecycle import Status
from campaign.events.models import Event

# Parameters whose value is whatever somebody typed.
_TYPED = ("city", "q", "org")


def canonical(query: str) -> str:
    """The one form of a public query string; days and page are no part of what is followed."""
    return replace(_filter(query), first=None, last=None, page="").query_string()


def words(query: str, language: str, *, is_proven: bool = True) -> str:
    """A filter in words, such as `Germany, Ceremony`; empty for everything.

    Free text of a stranger is left out until the address is proven: nobody shall send words of their own through our
    letters. A city or an organiser that we know is named in any case.
    """
    wanted = _filter(query)
    with languages.speaking(language):
        said = [
            known or label
            for label, name, _value in finder.terms(wanted, language)
            for known in [names.known(wanted, name)]
            if is_proven or known or name not in _TYPED
        ]
        return str(_(", ").join(dict.fromkeys(said)))


def coming(
    campaign_id: int, query: str, first: date, last: date | None, *, since: datetime | None = None, limit: int
) -> tuple[int, Sequence[tuple[int, int]]]:
    """How much takes place between two days, by the events' own dates, and the first of it.

    With `since`, only what was published since then. What was called off is not among it.
    """
    where = [*conditions.matching(campaign_id, _filter(query)), Listing.status == Status.PUBLISHED]
    where.append(Listing.ends_on >= first if since else Listing.starts_on >= first)
    if last:
        where.append(Listing.starts_on <= last)
    if since:
        where.append(Listing.event_id.in_(select(Event.id).where(Event.published_at > since)))
    total = db.session.scalar(select(func.count(Listing.id)).where(*where)) or 0
    return total, _first(where, limit)


def tells(event: Event, query: str, first: date, last: date, *, limit: int) -> bool:
    """Whether the first of what `coming` finds between two days is about this event, as the calendar shows it.

    The event alone is asked first: most filters do not find it, and then nothing needs to be put in order.
    """
    where = [*conditions.matching(event.campaign_id, _filter(query)), Listing.status == Status.PUBLISHED]
    where.append(Listing.starts_on.between(first, last))
    if db.session.scalar(select(Listing.id).where(Listing.event_id == event.id, *where).limit(1)) is None:
        return False
    return event.id in {event_id for event_id, _position in _first(where, limit)}


def _first(where: Sequence[ColumnElement[bool]], limit: int) -> list[tuple[int, int]]:
    order = (Listing.starts_on, Listing.starts_local, Listing.id)
    rows = db.session.execute(select(Listing.event_id, Listing.position).where(*where).order_by(*order).limit(limit))
    return [(event_id, position) for event_id, position in rows]


def totals(campaign_id: int, first: date, last: date) -> tuple[int, int, int, int]:
    """Published events between two days, their cities, their countries, and how many can be joined online."""
    found = queries.edition(campaign_id, first, last, places.spots(campaign_id, Filter(first=first, last=last)))
    return found.events, found.cities, found.countries, found.online


def file(event: Event) -> str:
    """An event as a calendar file; empty once it was taken back."""
    rows = contents.of_events([event.id])
    return event_views.ics(event.campaign, rows) if rows else ""


def feed(event_ids: Collection[int], filters: Collection[tuple[int, str]], *, name: str) -> str:
    """A calendar file with these events and what these filters (campaign, query) find from now on."""
    rows = {*contents.of_events(event_ids)}
    about = []
    for campaign_id, query in filters:
        found = event_views.contents_of(db.session.get_one(Campaign, campaign_id), _filter(query))
        rows.update(found.stored())
        about.append(event_views.about(found))
    return event_views.joined(sorted(rows), name=name, about="\n".join(filter(None, about)))


def _filter(query: str) -> Filter:
    return queries.resolved(Filter.read(MultiDict(parse_qsl(query))))
