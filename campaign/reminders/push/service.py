"""A browser asks to be reminded, or is gone. Never commits."""

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from campaign.core import clock
from campaign.core.db import db
from campaign.core.faults import Invalid
from campaign.core.outbound import Outside
from campaign.events.models import Event
from campaign.places import zones
from campaign.reminders import planning, queries
from campaign.reminders import service as wishes
from campaign.reminders.models import PushEndpoint, Reader
from campaign.reminders.push.endpoints import Endpoint

CHANNEL = "push"
AT_MOST = 50


def subscribe(event: Event, endpoint: Endpoint, *, language: str, zone: str, outside: Outside) -> Reader:
    """Remind this browser of an event from now on.

    The browser has asked its owner, so nothing has to be confirmed by letter; who asks again gets the same reader.
    Raises Conflict for an event nobody can be reminded of, Invalid for one wish too many.
    """
    wish = wishes.event_wish(event)
    reader = queries.reader_of(endpoint.address) or _reader(endpoint, language, zone, outside)
    queries.hold(reader.id)
    subscription = queries.of_topic(reader.id, wish.topic)
    if subscription is None:
        if len(queries.of_reader(reader.id)) >= AT_MOST:
            raise Invalid({}, _("This browser follows very many events already. Please stop some of them first."))
        subscription = wishes.begun(wish, reader)
    if not subscription.is_active:
        reader.confirmed_at = subscription.confirmed_at = subscription.asked_at = clock.now()
        subscription.ended_at = None
        db.session.flush()
        planning.replan([reader])
    return reader


def _reader(endpoint: Endpoint, language: str, zone: str, outside: Outside) -> Reader:
    fresh = Reader(
        email=endpoint.address,
        language=language,
        zone=zone if zones.is_zone(zone) else "",
        channel=CHANNEL,
        host=endpoint.target(outside).site,
    )
    reader = wishes.added(fresh)
    if reader is fresh:
        db.session.add(PushEndpoint(reader_id=reader.id, url=endpoint.url, p256dh=endpoint.p256dh, auth=endpoint.auth))
        db.session.flush()
    return reader


def find(address: str) -> Endpoint | None:
    """The browser behind an address of the outbox."""
    found = db.session.scalar(select(PushEndpoint).join(Reader).where(Reader.email == address))
    return Endpoint(found.url, found.p256dh, found.auth) if found else None


def gone(address: str) -> None:
    """The push service knows it no more: forget the reader and all that was planned."""
    reader = queries.reader_of(address)
    if reader is not None:
        wishes.forget(reader)
