"""Answers made once per version of the calendar and kept: bytes, their ETag, and 304 for who has them."""

import gzip
import hashlib
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from cachetools import LRUCache
from flask import Response, g, request

from campaign.campaigns.models import Campaign
from campaign.core import clock, languages

_kept: LRUCache[str, tuple[bytes, bytes]] = LRUCache(maxsize=400)
_lock = Lock()
FRESH = "public, max-age=0, s-maxage=30, stale-while-revalidate=600, stale-if-error=86400"


def answer(
    campaign: Campaign,
    make: Callable[[], str],
    *,
    mimetype: str = "text/html",
    vary: str = "",
    modified: datetime | None = None,
) -> Response:
    """The answer to this request, from the store if it is there.

    Feeds say when the calendar last changed (`modified`), for programs that ask by date and not by ETag.
    """
    key = _key(campaign, vary)
    g.is_cacheable = True
    if _is_known(key, modified):
        return _finish(Response(status=304), key, modified)
    with _lock:
        kept = _kept.get(key)
    if kept is None:
        plain = make().encode()
        kept = plain, gzip.compress(plain, 6)
        with _lock:
            _kept[key] = kept
    plain, packed = kept
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = Response(packed, mimetype=mimetype)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(plain, mimetype=mimetype)
    return _finish(response, key, modified)


def _key(campaign: Campaign, vary: str) -> str:
    """Everything an answer depends on: address, language, theme, the visitor's zone, the hour, and the version of the
    calendar, which counts up with every public change."""
    cookies = (request.cookies.get("theme", ""), request.cookies.get("tz", ""))
    parts = (
        campaign.slug,
        str(campaign.calendar_version),
        request.full_path[:2000],
        languages.chosen(),
        *cookies,
        f"{clock.now():%Y%m%d%H}",
        vary,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _is_known(key: str, modified: datetime | None) -> bool:
    """Whether the asker has this answer. An ETag decides alone where there is one (RFC 9110, 13.2.2)."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(key)
    since = request.if_modified_since
    return modified is not None and since is not None and modified.replace(microsecond=0) <= since


def _finish(response: Response, key: str, modified: datetime | None) -> Response:
    response.set_etag(key, weak=True)
    if modified is not None:
        response.last_modified = modified
    response.headers["Cache-Control"] = FRESH
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def forget() -> None:
    """Empty the store; for tests."""
    with _lock:
        _kept.clear()
