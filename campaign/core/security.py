"""Closed by default: canonical host, size of requests, CSRF on unsafe ones, rate limits, security headers."""

import time
from collections.abc import Callable
from math import ceil
from typing import Any, TypeVar

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from campaign.core import counters  # noqa: F401 - Flask-Limiter finds its storage by name.
from config import Settings

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, default_limits=[])

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
View = TypeVar("View", bound=Callable[..., Any])
# A picture far above its own limit is still read where pictures are expected, so that the answer can say so beside
# everything else that was typed. What is larger still ends with a plain page.
ROOM_FOR_FILES = 64 * 1024 * 1024
# What is not multipart is read whole into memory, so it gets less: three times what a kept form may hold.
ROOM_FOR_TEXT = 2 * 1024 * 1024
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in _POLICY.items())


def policy_with_pictures_of(origin: str) -> str:
    """The policy of all pages, which lets pictures of one other origin in."""
    own = _POLICY["img-src"]
    return CONTENT_SECURITY_POLICY.replace(f"img-src {own}", f"img-src {own} {origin}")


def takes_files(view: View) -> View:
    """Lets a view read forms with large files; others answer 413 at the general limit."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask, settings: Settings) -> None:
    @app.before_request
    def make_room() -> None:
        """First of all: whoever looks at the form next, reads all of it."""
        if request.mimetype != "multipart/form-data":
            request.max_content_length = ROOM_FOR_TEXT
        elif hasattr(app.view_functions.get(request.endpoint or ""), "takes_files"):
            request.max_content_length = ROOM_FOR_FILES

    csrf.init_app(app)
    limiter.init_app(app)
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=0, x_prefix=0)  # type: ignore[method-assign]
    hosts = {settings.host, *(_loopback(settings.host) if not settings.is_production else ())}

    @app.before_request
    def refuse_foreign_host() -> None:
        """A forged Host header must never reach a link in a letter."""
        if request.host not in hosts and request.path not in ("/healthz", "/readyz", "/metrics"):
            raise BadRequest

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
        if settings.public_url.startswith("https://"):
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def seconds_of_limit() -> int | None:
    """Seconds until the rate limit that counted this request begins anew; None where none did.

    Limits run on the system's clock, whatever day an installation was moved to.
    """
    limit = limiter.current_limit
    return max(1, ceil(limit.window[0] - time.time())) if limit else None


def _loopback(host: str) -> set[str]:
    port = host.partition(":")[2]
    return {f"{name}:{port}" if port else name for name in ("localhost", "127.0.0.1")}
