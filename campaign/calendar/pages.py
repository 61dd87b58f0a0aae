"""Answers made once per version of the calendar and kept: bytes, their ETag, and 304 for who has them."""

import gzip
import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Lock

from cachetools import LRUCache
from flask import Response, g, request

from campaign.campaigns.models import Campaign
from campaign.core import clock, languages

_kept: LRUCache[str, tuple[bytes, bytes]] = LRUCache(maxsize=400)
_lock = Lock()
# Seconds that a shared cache may answer by itself, and may go on answering while it asks anew.
SHARED, STALE = 30, 600


def answer(
    campaign: Campaign,
    make: Callable[[], str],
    *,
    mimetype: str = "text/html",
    vary: str = "",
    modified: datetime | None = None,
    turns: Iterable[datetime] = (),
) -> Response:
    """The answer to this request, from the store if it is there.

    Feeds say when the calendar last changed (`modified`), for programs that ask by date and not by ETag. `turns` are
    instants at which the page says something else (a stream opens, a day ends): the key changes as each passes, and
    no cache keeps an answer past the next one.
    """
    last_turn, fresh = _around_now(turns)
    key = _key(campaign, vary, last_turn)
    g.is_cacheable = True
    if _is_known(key, modified):
        return _finish(Response(status=304), key, modified, fresh)
    plain, packed = _made(key, make)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = Response(packed, mimetype=mimetype)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(plain, mimetype=mimetype)
    return _finish(response, key, modified, fresh)


def _made(key: str, make: Callable[[], str]) -> tuple[bytes, bytes]:
    """The bytes of an answer and their compressed form, made unless they are kept."""
    with _lock:
        kept = _kept.get(key)
    if kept is None:
        plain = make().encode()
        kept = plain, gzip.compress(plain, 6)
        with _lock:
            _kept[key] = kept
    return kept


def _around_now(turns: Iterable[datetime]) -> tuple[str, str]:
    """(the last turn, as a part of the key; how long shared caches may keep the answer: never past the next turn)."""
    now, known = clock.now(), list(turns)
    last = max((turn for turn in known if turn <= now), default=None)
    left = min((int((turn - now).total_seconds()) for turn in known if turn > now), default=SHARED + STALE)
    shared = min(SHARED, left)
    stale = min(STALE, left - shared)
    fresh = f"public, max-age=0, s-maxage={shared}, stale-while-revalidate={stale}, stale-if-error=86400"
    return last.isoformat() if last else "", fresh


def _key(campaign: Campaign, vary: str, last_turn: str) -> str:
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
        last_turn,
        vary,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _is_known(key: str, modified: datetime | None) -> bool:
    """Whether the asker has this answer. An ETag decides alone where there is one (RFC 9110, 13.2.2)."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(key)
    since = request.if_modified_since
    return modified is not None and since is not None and modified.replace(microsecond=0) <= since


def _finish(response: Response, key: str, modified: datetime | None, fresh: str) -> Response:
    response.set_etag(key, weak=True)
    if modified is not None:
        response.last_modified = modified
    response.headers["Cache-Control"] = fresh
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def forget() -> None:
    """Empty the store; for tests."""
    with _lock:
        _kept.clear()
