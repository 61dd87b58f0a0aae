"""An event as its desk reads it: every field in words, its pictures, and what was looked up about it."""

from collections.abc import Sequence

from flask_babel import gettext as _

from campaign.campaigns import days
from campaign.core import clock
from campaign.events import labels
from campaign.events.details import EventDetails
from campaign.mail import service as mail
from campaign.media import queries as media
from campaign.places.queries import find_city_by_id
from campaign.review import checks as looking
from campaign.review import queries
from campaign.review.queries import Item


def checks(item: Item, language: str) -> list[looking.Check]:
    """What was looked up about the event as it would be public."""
    event, organization = item.event, item.event.organization
    details = item.revision.details if item.revision else event.details
    city = find_city_by_id(details.city_id) if details.city_id else None
    author = queries.author(event)
    today = clock.now().date()
    first = details.starts.date() if details.starts else today
    around = looking.Surroundings(
        window=days.window(event.campaign, first.year),
        is_within_window=days.is_within_window(
            event.campaign, first, looking.last_day(details) if details.starts else first
        ),
        today=today,
        language=language,
        city=city,
        city_name=details.city or (city.name if city else ""),
        organizer=organization.name if organization else "",
        is_verified=organization is not None and organization.verified_at is not None,
        published=queries.count_published(organization.id, besides=event.id) if organization else 0,
        is_reachable=author is None or not mail.is_suppressed(author.email),
        alike=[(other.ref, other.title) for other in queries.alike(event)],
    )
    return looking.run(details, around)


def shown(details: EventDetails, language: str) -> list[tuple[str, str, str]]:
    """Every field as the public would read it, with the pin on the map, which is not typed."""
    fields = [(field, str(label), text) for field, label, text in labels.shown(details, language)]
    has_pin = details.latitude is not None and details.longitude is not None
    pin = f"{details.latitude:.5f}, {details.longitude:.5f}" if has_pin else ""
    return [*fields, ("position", _("Position on the map"), pin)]


def pictures(item: Item) -> list[tuple[str, str]]:
    """(name of the file, what it shows) of the picture, and of the one proposed instead."""
    sides = [item.event.details] + ([item.revision.details] if item.revision else [])
    wanted = {details.picture_id: details.picture_alt for details in sides if details.picture_id}
    found = [(media.find(picture_id), alt) for picture_id, alt in wanted.items()]
    return [(picture.name, alt) for picture, alt in found if picture is not None]


def markable(fields: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """What a question can be about: first the fields that are there, then those left empty."""
    there = [(field, label) for field, label, text in fields if text]
    return [*there, *((field, label) for field, label, text in fields if not text)]
