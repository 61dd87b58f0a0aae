"""One event as the API tells it in full, read from the database: for its resource, and for programs that are told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from campaign.calendar import queries as calendar
from campaign.calendar import timing
from campaign.calendar.api import rows
from campaign.calendar.api.rows import Site
from campaign.events import queries as published
from campaign.events.models import Event
from campaign.media import queries as media


def event(found: Event, *, now: datetime, language: str) -> Mapping[str, Any]:
    """What `EventInFullSchema` writes of a public event; `language` is that of page addresses and names."""
    details = found.details
    return rows.event_in_full(
        found,
        calendar.of_event(found.id),
        [*([found.organization] if found.organization else []), *published.hosts(found.id)],
        picture=media.find(details.picture_id),
        stream=timing.stream(details, found.status, now),
        site=Site(language=language),
    )
