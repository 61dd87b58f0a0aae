"""The three formats as texts. XML goes through templates that escape; JSON through the standard library."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from flask import render_template

from campaign.calendar.feeds.entries import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What stands at the head of a feed. `url` is the feed's own address, `home` the page it belongs to."""

    title: str
    description: str
    language: str
    url: str
    home: str
    changed: datetime
    entries: Sequence[Entry]


def rss(feed: Feed) -> str:
    """RSS 2.0, with the Atom link to itself."""
    return render_template("feeds/rss.xml", feed=feed, stamp=format_datetime)


def atom(feed: Feed) -> str:
    """Atom 1.0 (RFC 4287)."""
    return render_template("feeds/atom.xml", feed=feed)


def json_feed(feed: Feed) -> str:
    """JSON Feed 1.1; the wall time, zone and status of an event stand under `_event`."""
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "language": feed.language,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(value, ensure_ascii=False)


def _item(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "language": entry.language,
        "summary": f"{entry.when} · {entry.place}",
        "content_text": entry.text,
        "tags": [entry.kind],
        "date_published": entry.published.isoformat(),
        "date_modified": entry.changed.isoformat(),
        "_event": {"starts": entry.starts, "time_zone": entry.time_zone, "status": entry.status},
    }


FORMATS: dict[str, tuple[str, Callable[[Feed], str]]] = {
    "rss": ("application/rss+xml", rss),
    "atom": ("application/atom+xml", atom),
    "json": ("application/feed+json", json_feed),
}
