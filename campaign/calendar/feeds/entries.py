"""Events as news: one entry each, with its when and where in the title, for every format of feed alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from babel import Locale
from flask_babel import gettext as _

from campaign.calendar import presenting
from campaign.calendar.feeds.queries import Told
from campaign.calendar.listed import Listed
from campaign.calendar.presenting import Row
from campaign.core import languages
from campaign.core.languages import format_date
from campaign.events.details import EventDetails


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """One event. `id` is a URI that never changes; `starts` is the wall time with its offset (RFC 3339).

    The same object again while it says the same, so that what is written of it can be kept.
    """

    id: str
    url: str
    title: str
    language: str
    kind: str
    when: str
    place: str
    text: str
    starts: str
    time_zone: str
    status: str
    published: datetime
    changed: datetime


def entries(rows: Iterable[tuple[Listed, Told]], language: str, campaign: str, site: str) -> list[Entry]:
    """Entries in the given order; `site` is the canonical address without a closing slash."""
    spoken = languages.spoken()
    return [_entry(listing, told, language, campaign, site, spoken) for listing, told in rows]


@lru_cache(maxsize=1000)
def _entry(listing: Listed, told: Told, language: str, campaign: str, site: str, _spoken: Locale | None) -> Entry:
    row = presenting.row(listing, language, campaign)
    return Entry(
        id=f"urn:uuid:{told.uid}",
        url=site + row.url,
        title=_title(listing, row),
        language=row.language,
        kind=row.type_label,
        when=_when(listing, row),
        place=row.place,
        text="\n\n".join(filter(None, (told.public_note, _description(told, language)))),
        starts=row.starts_iso,
        time_zone=row.time_zone,
        status=listing.status.value,
        published=told.published_at or listing.changed_at,
        changed=listing.changed_at,
    )


def _description(told: Told, language: str) -> str:
    return EventDetails.from_json(told.stored_details).wording(language).description


def _title(listing: Listed, row: Row) -> str:
    """Programs of readers show titles alone, so they say first that something does not take place."""
    title = _when_and_what(listing, row)
    return _("%(status)s: %(title)s", status=row.status, title=title) if row.status else title


def _when_and_what(listing: Listed, row: Row) -> str:
    day = format_date(listing.starts_on, "long")
    if row.time:
        return _(
            "%(date)s, %(time)s %(city)s time: %(title)s", date=day, time=row.time, city=row.zone_city, title=row.title
        )
    return _("%(date)s in %(city)s: %(title)s", date=day, city=row.zone_city, title=row.title)


def _when(listing: Listed, row: Row) -> str:
    if listing.is_run:
        return _(
            "%(first)s to %(last)s",
            first=format_date(listing.starts_on, "long"),
            last=format_date(listing.ends_on, "long"),
        )
    day = format_date(listing.starts_on, "full")
    if not row.time:
        return day
    return _("%(date)s, %(time)s, %(zone)s", date=day, time=row.time, zone=row.zone_label)
