"""What feeds read: listings, and of their events what only these know."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from campaign.calendar.filters import Filter
from campaign.calendar.listed import COLUMNS, Listed, known
from campaign.calendar.models import Listing
from campaign.calendar.searching import Search
from campaign.core.db import db
from campaign.core.statements import Known
from campaign.events.models import Event


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a feed tells of an `Event` beside its listing; the same object again as long as that is the same."""

    uid: str
    public_note: str
    stored_details: dict[str, Any]
    published_at: datetime | None


# Six feeds of fifty: a row may hold long texts in several languages.
_TOLD = Known([Event.__table__.c[field.name] for field in fields(Told)], Told, 300)
_NEWEST = (
    select(*_TOLD.columns, *COLUMNS)
    .select_from(Listing)
    .join(Event, Event.id == Listing.event_id)
    .where(Listing.id.in_(bindparam("ids", expanding=True)))
    .order_by(Listing.changed_at.desc(), Listing.id.desc())
)


def newest(campaign_id: int, wanted: Filter, since: date, *, limit: int = 50) -> list[tuple[Listed, Told]]:
    """What was published or changed last among events that are not over by `since`, each event once."""
    search = Search(campaign_id, replace(wanted, first=wanted.first or since))
    ids = db.session.scalars(search.changed().limit(limit)).all()
    rows = db.session.execute(_NEWEST, {"ids": ids}).all() if ids else []
    width = len(_TOLD.columns)
    return list(zip(known(row[width:] for row in rows), _TOLD.read(row[:width] for row in rows), strict=True))
