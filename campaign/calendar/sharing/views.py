"""What is fetched rather than read: QR codes, the pictures of shared links."""

from flask import Blueprint, Response, request

from campaign.accounts.gates import cached_public
from campaign.calendar.event_page import short_address
from campaign.calendar.sharing import album, codes
from campaign.calendar.sharing.pictures import Card
from campaign.campaigns import queries as campaigns
from campaign.core import languages
from campaign.events import queries as events

bp = Blueprint("sharing", __name__)

# A code says nothing but the short link, which never changes.
_DAY = "public, max-age=86400"
# The address of a picture names its version; who asks without gets the newest and asks again soon.
_FOR_GOOD, _HOUR = "public, max-age=31536000, immutable", "public, max-age=3600"


@bp.get("/e/<ref>/qr.svg")
@cached_public
def qr_drawing(ref: str) -> Response:
    """The QR code of the short link, for print."""
    return _kept(codes.drawing(short_address(events.get_public(ref))), "image/svg+xml", _DAY)


@bp.get("/e/<ref>/qr.png")
@cached_public
def qr_picture(ref: str) -> Response:
    return _kept(codes.picture(short_address(events.get_public(ref))), "image/png", _DAY)


@bp.get("/e/<ref>/picture.png")
@cached_public
def event_picture(ref: str) -> Response:
    """The picture of an event for the asker's language (`lang`)."""
    event, language = events.get_public(ref), languages.chosen()
    return _picture(f"{event.ref}-{language}", album.event_card(event, event.campaign, language))


@bp.get("/pictures/<campaign>.png")
@cached_public
def campaign_picture(campaign: str) -> Response:
    """The picture of a campaign, for its pages that are not about one event."""
    found, language = campaigns.get_by_slug(campaign), languages.chosen()
    return _picture(f"{found.slug}-{language}", album.campaign_card(found, language))


def _picture(name: str, card: Card) -> Response:
    key = album.key(card)
    lasting = _FOR_GOOD if request.args.get("v") == key else _HOUR
    if request.if_none_match.contains(key):
        answer = _kept(b"", "image/png", lasting)
        answer.status_code = 304
    else:
        answer = _kept(album.Album.here().picture(name, card), "image/png", lasting)
    answer.set_etag(key)
    if "lang" not in request.args:
        answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def _kept(body: str | bytes, mimetype: str, lasting: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = lasting
    return response
