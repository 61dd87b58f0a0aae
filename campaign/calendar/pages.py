"""Answers made once per version of the calendar and kept: bytes, their ETag, and 304 for who has them.

An answer may depend on nothing but its key. So while it is made the request shows only the parameters that are part of
the key, in one order: whatever else stands in the address neither changes an answer nor makes a second one.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Response, current_app, g, request
from werkzeug.datastructures import ImmutableMultiDict

from campaign.accounts.looks import viewer_zone
from campaign.calendar import offered, timing, versions
from campaign.calendar.filters import NAMES
from campaign.calendar.map import queries as map_queries
from campaign.calendar.store import Kept, Made, Store
from campaign.campaigns.models import Campaign
from campaign.core import clock, languages
from campaign.core.jinja import chosen_theme

# Parameters that mean something on some page. A new one is named here, or the page never sees it.
KNOWN = frozenset({*NAMES, "lang", "theme", "view", "at", "text", "reminder", "asked", "rhythm", "limit", "year"})
LONGEST_QUERY = 2000
# Seconds that a cache in front of us may answer by itself; nobody else may without asking.
SHARED = 1
HOUR = 3600
ENVIRON = "campaign.answer"

kept = Store()


@dataclass(frozen=True, slots=True)
class Answered:
    """What the front door (`calendar.front`) must know of an answer to give it again."""

    key: str
    campaign: str
    state: str


def answer(
    campaign: Campaign,
    make: Callable[[], str | Iterable[bytes] | Made],
    *,
    mimetype: str = "text/html",
    vary: str = "",
    modified: datetime | None = None,
    turns: Iterable[datetime] | None = None,
    is_personal: bool | None = None,
) -> Response:
    """The answer to this request, from the store if it is there.

    `make` gives the text, or its pieces where it is long. Feeds say when the calendar last changed (`modified`), for
    programs that ask by date and not by ETag. `turns` are instants at which the page says something else (a stream
    opens, a day ends): the key changes as each passes, and nobody keeps an answer past the next one. Left out, a
    page turns wherever a day begins, because many say what is open today. `is_personal` says whether the visitor's
    theme and zone show in it; left out, that is every HTML page.
    """
    is_personal = mimetype == "text/html" if is_personal is None else is_personal
    g.is_cacheable = True
    _show_only_what_counts()
    now = clock.now()
    last, until = _around(now, _midnights(mimetype, now) if turns is None else turns)
    key = _key(campaign, (vary, *((chosen_theme(), viewer_zone()) if is_personal else ()), *last))
    response = Response(mimetype=mimetype)
    response.set_etag(key, weak=True)
    if modified is not None:  # Werkzeug writes None as this moment.
        response.last_modified = modified
    shared = max(0, min(SHARED, int(until - now.timestamp())))
    response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={shared}, stale-if-error=86400"
    response.headers["Vary"] = ", ".join(_varies(is_personal))
    if _is_known(key, modified):
        response.status_code = 304
        return response
    if len(request.query_string) > LONGEST_QUERY:
        fill(response, kept.unkept(until, make))
        return response
    request.environ[ENVIRON] = Answered(key, campaign.slug, versions.state(campaign))
    fill(response, kept.made(key, until, make))
    return response


def fill(response: Response, made: Kept) -> None:
    """Put what was made into an answer, packed for who takes it so."""
    response.headers.update(made.headers)
    if takes_gzip(request.headers.get("Accept-Encoding", "")):
        response.set_data(made.packed)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.response = made.pieces()
        response.content_length = made.length


def takes_gzip(accepted: str) -> bool:
    """Whether a client takes gzip (RFC 9110, 12.5.3); a refusal in so many words is rare and heard."""
    return "gzip" in accepted and "gzip;q=0" not in accepted.replace(" ", "").replace("q=0.", "")


def _show_only_what_counts() -> None:
    pairs = sorted((name, value) for name, value in request.args.items(multi=True) if name in KNOWN)
    if [*request.args.items(multi=True)] != pairs:
        request.args = ImmutableMultiDict(pairs)


def _midnights(mimetype: str, now: datetime) -> Iterable[datetime]:
    """When a page turns by itself; files and feeds speak of no day as today."""
    return timing.midnights(now) if mimetype == "text/html" else ()


def _around(now: datetime, turns: Iterable[datetime]) -> tuple[tuple[str, ...], float]:
    """(the last turn and the hour, as parts of the key; seconds since 1970 of the next turn or hour)."""
    known = list(turns)
    hour = int(now.timestamp()) // HOUR
    last = max((turn for turn in known if turn <= now), default=None)
    until = min((turn.timestamp() for turn in known if turn > now), default=(hour + 1) * HOUR)
    return (str(hour), last.isoformat() if last else ""), min(until, (hour + 1) * HOUR)


def _key(campaign: Campaign, more: Iterable[str]) -> str:
    """Everything an answer depends on: the state of the calendar, which is another one after every public change, and
    the release of the programme; the address; the language; and what its page adds."""
    parts = (
        str(current_app.extensions["release"]),
        request.host,
        campaign.slug,
        versions.state(campaign),
        request.path,
        languages.chosen(),
        *(f"{name}={value}" for name, value in request.args.items(multi=True)),
        "",
        *more,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _varies(is_personal: bool) -> list[str]:
    """The headers that an answer depends on; the language too, unless the address decides it."""
    says_language = "language" in (request.view_args or {}) or request.args.get("lang") in languages.NAMES
    cookie = [] if says_language and not is_personal else ["Cookie"]
    return ["Accept-Encoding", *([] if says_language else ["Accept-Language"]), *cookie]


def _is_known(key: str, modified: datetime | None) -> bool:
    """Whether the asker has this answer. An ETag decides alone where there is one (RFC 9110, 13.2.2)."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(key)
    since = request.if_modified_since
    return modified is not None and since is not None and modified.replace(microsecond=0) <= since


def forget() -> None:
    """Empty the store, and what pages share; for tests."""
    kept.clear()
    offered.forget()
    map_queries.forget()
