"""Answers made once per version of the calendar and kept: bytes, their ETag, and 304 for who has them."""

import gzip
import hashlib
from collections.abc import Callable
from threading import Lock

from cachetools import LRUCache
from flask import Response, g, request

from campaign.campaigns.models import Campaign
from campaign.core import clock, languages

_kept: LRUCache[str, tuple[bytes, bytes]] = LRUCache(maxsize=400)
_lock = Lock()
FRESH = "public, max-age=0, s-maxage=30, stale-while-revalidate=600, stale-if-error=86400"


def answer(campaign: Campaign, make: Callable[[], str], *, mimetype: str = "text/html", vary: str = "") -> Response:
    """The answer to this request, from the store if it is there.

    The key is everything the page depends on: address, language, theme, the visitor's zone, the hour, and the
    version of the calendar, which counts up with every public change.
    """
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
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    g.is_cacheable = True
    if request.if_none_match.contains_weak(key):
        return _finish(Response(status=304), key)
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
    return _finish(response, key)


def _finish(response: Response, key: str) -> Response:
    response.set_etag(key, weak=True)
    response.headers["Cache-Control"] = FRESH
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def forget() -> None:
    """Empty the store; for tests."""
    with _lock:
        _kept.clear()
