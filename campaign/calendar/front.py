"""The front door: gives kept answers again before the application is asked, so that a busy day costs next to nothing.

It knows only what the application answered before: for this address, host, language and look, under this version of
the calendar. Anything else, anything older and anything with a body goes on to the application. Where that has none for
the moment (503, the database is away), the last one is given again: what was announced for today stays announced.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wsgi import ClosingIterator

from campaign.calendar import pages, versions
from campaign.calendar.pages import Answered
from campaign.core import clock, languages

MOST = 20_000
# Seconds past its time that an answer may still be given while the application has no other.
STALEST = 3600.0
STALE = ("Cache-Status", "Campaign; fwd=stale; fwd-status=503")
_LOOKS = re.compile(r"(?:^|;\s*)(theme|tz|lang)=([^;]*)")
# What the server says of one request alone: its length, and what it was counted as.
_OWN = frozenset({"content-length", "content-encoding", "ratelimit", "ratelimit-policy"})
Headers = list[tuple[str, str]]
Address = tuple[str, ...]


class Front:
    """Middleware (WSGI) around the application."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self._known: OrderedDict[Address, tuple[Answered, Headers]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.application(environ, start)
        address = _address(environ)
        found = self._known.get(address)
        if found is None:
            return self.application(environ, self._listening(address, environ, start))
        answer = _again(*found, environ, start)
        return answer if answer is not None else self._anew(found, address, environ, start)

    def _anew(
        self, before: tuple[Answered, Headers], address: Address, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        """The application's answer, or the one before where it has none."""
        said: list[tuple[str, Headers]] = []

        def hear(status: str, headers: Headers, *_more: Any) -> Any:
            said.append((status, headers))

        body = self.application(environ, hear)
        status, headers = said[0]
        stale = _again(*before, environ, start, is_stale=True) if status.startswith("503") else None
        if stale is None:
            self._listening(address, environ, start)(status, headers)
            return body
        ClosingIterator(body).close()
        return stale

    def _listening(self, address: Address, environ: WSGIEnvironment, start: StartResponse) -> StartResponse:
        def heard(status: str, headers: Headers, *more: Any) -> Any:
            answered = environ.get(pages.ENVIRON)
            if answered is not None and status.startswith("200"):
                self._remember(address, answered, headers)
            return start(status, headers, *more)

        return heard

    def _remember(self, address: Address, answered: Answered, headers: Headers) -> None:
        if any(name.lower() == "set-cookie" for name, _value in headers) or sum(map(len, address)) > 4096:
            return
        again = [(name, value) for name, value in headers if name.lower() not in _OWN]
        with self._lock:
            self._known[address] = answered, again
            self._known.move_to_end(address)
            while len(self._known) > MOST:
                self._known.popitem(last=False)


def _address(environ: WSGIEnvironment) -> Address:
    """What makes an answer another one, as far as it can be read off without thinking."""
    path = environ["PATH_INFO"]
    looks = dict(_LOOKS.findall(environ.get("HTTP_COOKIE", "")))
    accepted = "" if path[1:3] in languages.NAMES and path[3:4] == "/" else environ.get("HTTP_ACCEPT_LANGUAGE", "")
    cookies = (looks.get("theme", ""), looks.get("tz", ""), looks.get("lang", "") if accepted else "")
    return environ.get("HTTP_HOST", ""), path, environ.get("QUERY_STRING", ""), accepted, *cookies


def _again(
    answered: Answered, headers: Headers, environ: WSGIEnvironment, start: StartResponse, *, is_stale: bool = False
) -> Iterable[bytes] | None:
    """The same answer as before, or nothing where it may be another one by now; `is_stale`: where it is known to be."""
    campaign = versions.last_known(answered.campaign) if is_stale else versions.known(answered.campaign)
    made = pages.kept.get(answered.key)
    if campaign is None or versions.state(campaign) != answered.state or made is None:
        return None
    if made.until + (STALEST if is_stale else 0) <= time.time() + clock.offset().total_seconds():
        return None
    headers = [*headers, STALE] if is_stale else headers
    asked = environ.get("HTTP_IF_NONE_MATCH", "")
    if asked:
        if answered.key in asked:
            start("304 NOT MODIFIED", [(n, v) for n, v in headers if n.lower() != "content-type"])
            return []
    elif environ.get("HTTP_IF_MODIFIED_SINCE"):
        return None
    is_packed = pages.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    length = len(made.packed) if is_packed else made.length
    own = [("Content-Length", str(length))] + ([("Content-Encoding", "gzip")] if is_packed else [])
    start("200 OK", [*headers, *own])
    if environ["REQUEST_METHOD"] == "HEAD":
        return []
    return [made.packed] if is_packed else made.pieces()
