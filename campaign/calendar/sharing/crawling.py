"""What programs ask of the site itself: robots.txt, sitemaps, the manifest and its icons, whom to tell of a hole."""

from datetime import timedelta
from email.utils import parseaddr
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.gates import cached_public
from campaign.calendar import context, pages, store, versions
from campaign.calendar.profiles import content as profiles
from campaign.calendar.sharing import flame, sitemaps
from campaign.calendar.sharing.sitemaps import Entry
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import clock, languages
from campaign.core.faults import NotFound

bp = Blueprint("crawling", __name__)

# Behind a door, or without end: every filter makes another address of the same events.
_CLOSED = (
    "/my/", "/desk/", "/lead/", "/account/", "/outbox/", "/m/", "/u/", "/v/", "/e/*/report", "/*/events/*?",
    "/*/map/*?",
)  # fmt: skip
# For paper only; it says itself that it is not for search engines.
_NOT_LISTED = frozenset({"programme.sheet"})
_PAPER, _NIGHT, _GLOW = "#fbfaf7", "#16212c", "#f0b878"
_ICONS = (32, 180, 192, 512)


def _site() -> str:
    return str(current_app.extensions["settings"].public_url)


def _plain(text: str, mimetype: str = "text/plain") -> Response:
    response = Response(text, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@bp.get("/robots.txt")
@cached_public
def robots() -> Response:
    rules = "".join(f"Disallow: {path}\n" for path in _CLOSED)
    return _plain(f"User-agent: *\n{rules}\nSitemap: {_site()}{url_for('crawling.sitemap_index')}\n")


@bp.get("/.well-known/security.txt")
@cached_public
def security() -> Response:
    """Whom to tell of a security hole (RFC 9116)."""
    address = parseaddr(current_app.extensions["settings"].mail_from)[1]
    ends = clock.now() + timedelta(days=180)
    spoken = ", ".join(languages.NAMES)
    lines = (f"Contact: mailto:{address}", f"Expires: {ends:%Y-%m-%dT00:00:00Z}", f"Preferred-Languages: {spoken}")
    return _plain("\n".join(lines) + "\n")


@bp.get("/site.webmanifest")
@cached_public
def manifest() -> Response:
    """What a phone needs to keep the site among its programs."""
    direction = languages.direction(languages.chosen())
    icons = [
        {"src": url_for("crawling.icon", size=size), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in _ICONS
        if size >= 192
    ]
    answer = jsonify(
        name=_("Remembrance Calendar"),
        short_name=_("Remembrance"),
        lang=languages.chosen(),
        dir=direction,
        start_url="/",
        display="minimal-ui",
        background_color=_PAPER,
        theme_color=_NIGHT,
        icons=icons,
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@bp.get("/icon-<int:size>.png")
@cached_public
def icon(size: int) -> Response:
    """The mark as a square picture."""
    if size not in _ICONS:
        raise NotFound
    return _drawn(size, "PNG", "image/png")


@bp.get("/favicon.ico")
@cached_public
def favicon() -> Response:
    """For programs that ask for this name without reading the page."""
    return _drawn(32, "ICO", "image/x-icon")


def _drawn(size: int, kind: str, mimetype: str) -> Response:
    buffer = BytesIO()
    flame.icon(size, flame=_GLOW, stem=_PAPER, ground=_NIGHT).save(buffer, kind)
    response = Response(buffer.getvalue(), mimetype=mimetype)
    response.headers["Cache-Control"] = "public, max-age=604800"
    return response


@bp.get("/sitemap.xml")
@cached_public
def sitemap_index() -> Response:
    addresses = []
    for campaign in campaigns.open_campaigns():
        addresses.append(url_for("crawling.sitemap_pages", campaign=campaign.slug))
        numbers = sitemaps.blocks(campaign.id)
        addresses += [url_for("crawling.sitemap_events", campaign=campaign.slug, number=n) for n in numbers]
    return _plain(sitemaps.index(_site() + address for address in addresses), "application/xml")


@bp.get("/sitemaps/<campaign>/pages.xml")
@cached_public
def sitemap_pages(campaign: str) -> Response:
    """The pages that every campaign has, and every month, place and organiser that has events."""
    found = campaigns.get_by_slug(campaign)
    return pages.answer(found, lambda: "".join(sitemaps.urls(_pages(found))), mimetype="application/xml")


def _pages(campaign: Campaign) -> list[Entry]:
    day = context.next_day(campaign)
    found: list[tuple[str, dict[str, Any]]] = [(endpoint, {}) for endpoint in _fixed()]
    found.append(("calendar.day", {"year": day.year, "month": day.month, "day": day.day}))
    found += [("calendar.month", {"year": y, "month": m}) for y, m in sitemaps.months(campaign.id)]
    found += profiles.addresses(campaign)
    return [_entry(campaign, endpoint, values) for endpoint, values in found]


def _fixed() -> list[str]:
    """Endpoints of the public pages whose address needs nothing but language and campaign; a new one is found too."""
    rules = current_app.url_map.iter_rules()
    wanted = {rule.endpoint for rule in rules if rule.arguments == {"language", "campaign"}} - _NOT_LISTED
    return sorted(e for e in wanted if getattr(current_app.view_functions[e], "gate", "") == "cached_public")


def _entry(campaign: Campaign, endpoint: str, values: dict[str, Any]) -> Entry:
    site = _site()
    return Entry(lambda code: site + url_for(endpoint, language=code, campaign=campaign.slug, **values))


@bp.get("/sitemaps/<campaign>/events-<int:number>.xml")
@cached_public
def sitemap_events(campaign: str, number: int) -> ResponseReturnValue:
    """One block of events, streamed."""
    found = campaigns.get_by_slug(campaign)
    if not sitemaps.has_block(found.id, number):
        raise NotFound
    version = f"{found.slug}-{number}-{versions.state(found)}"
    is_known = request.if_none_match.contains_weak(version)
    answer = Response(status=304) if is_known else _streamed(found, number)
    answer.set_etag(version, weak=True)
    answer.last_modified = found.calendar_changed_at
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _streamed(campaign: Campaign, number: int) -> Response:
    base = f"{_site()}/{{}}/{campaign.slug}/e/"
    entries = (
        Entry((base + f"{ref}-{readable}".rstrip("-")).format, changed_at)
        for ref, readable, changed_at in sitemaps.events(campaign.id, number)
    )
    pieces = stream_with_context(sitemaps.urls(entries))
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(pieces, mimetype="application/xml")
    packed = store.packed(piece.encode() for piece in pieces)
    return Response(packed, mimetype="application/xml", headers={"Content-Encoding": "gzip"})
