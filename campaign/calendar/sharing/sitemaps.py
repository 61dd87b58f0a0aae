"""Sitemaps (sitemaps.org 0.9): an index, the fixed pages of a campaign, its events in blocks; written piece by piece.

Every page stands there once in each language, with its translations beside it (hreflang). A block holds the events
with neighbouring ids, so that it is one range of the primary key and stays the same block when others change.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from sqlalchemy import extract, select

from campaign.calendar.models import Listing
from campaign.core import languages
from campaign.core.db import db
from campaign.core.folding import slug
from campaign.events.lifecycle import PUBLIC
from campaign.events.models import Event

# A sitemap may hold 50,000 addresses and 50 MB: this many events stay far below in ten languages.
BLOCK = 5000
_BATCH = 1000
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# (language) → address of one page.
Addresses = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in all languages."""

    addresses: Addresses
    changed_at: datetime | None = None


def index(addresses: Iterable[str]) -> str:
    """The sitemap of sitemaps."""
    rows = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    return f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{rows}</sitemapindex>\n'


def urls(entries: Iterable[Entry]) -> Iterator[str]:
    """A urlset, one piece for each page."""
    yield f'{_HEAD}<urlset xmlns="{_NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    for entry in entries:
        yield _written(entry)
    yield "</urlset>\n"


def _written(entry: Entry) -> str:
    known = {code: entry.addresses(code) for code in languages.NAMES}
    links = {**known, "x-default": known[languages.DEFAULT]}
    beside = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(address)}/>' for code, address in links.items()
    )
    changed = f"<lastmod>{entry.changed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if entry.changed_at else ""
    return "".join(f"<url><loc>{escape(address)}</loc>{changed}{beside}</url>\n" for address in known.values())


def blocks(campaign_id: int) -> Sequence[int]:
    """Numbers of the blocks that hold public events; read from an index alone."""
    number = (Event.id // BLOCK).label("number")
    where = (Event.campaign_id == campaign_id, Event.status.in_(PUBLIC))
    return db.session.scalars(select(number).where(*where).distinct().order_by(number)).all()


def has_block(campaign_id: int, number: int) -> bool:
    """Whether a block holds any public event; one look at a range of the primary key."""
    if number * BLOCK >= 2**62:
        return False
    span = (Event.id >= number * BLOCK, Event.id < (number + 1) * BLOCK)
    found = select(Event.id).where(Event.campaign_id == campaign_id, Event.status.in_(PUBLIC), *span).limit(1)
    return db.session.scalar(found) is not None


def events(campaign_id: int, number: int) -> Iterator[tuple[str, str, datetime]]:
    """(reference, readable part of the address, last change) of the public events of a block."""
    after, last = number * BLOCK - 1, (number + 1) * BLOCK
    while True:
        rows = db.session.execute(
            select(Event.id, Event.ref, Event.title, Event.changed_at)
            .where(Event.campaign_id == campaign_id, Event.status.in_(PUBLIC), Event.id > after, Event.id < last)
            .order_by(Event.id)
            .limit(_BATCH)
        ).all()
        yield from ((ref, slug(title), changed_at) for _id, ref, title, changed_at in rows)
        if len(rows) < _BATCH:
            return
        after = rows[-1].id


def months(campaign_id: int) -> Sequence[tuple[int, int]]:
    """(year, month) of every month in which something begins."""
    year, month = extract("year", Listing.starts_on), extract("month", Listing.starts_on)
    statement = select(year, month).where(Listing.campaign_id == campaign_id).distinct().order_by(year, month)
    return [(int(y), int(m)) for y, m in db.session.execute(statement)]
