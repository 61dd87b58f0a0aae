"""What is fetched rather than read: QR codes."""

from flask import Blueprint, Response

from campaign.accounts.gates import cached_public
from campaign.calendar.event_page import short_address
from campaign.calendar.sharing import codes
from campaign.events import queries as events

bp = Blueprint("sharing", __name__)
# A code says nothing but the short link, which never changes.
_LASTING = "public, max-age=86400"


@bp.get("/e/<ref>/qr.svg")
@cached_public
def qr_drawing(ref: str) -> Response:
    """The QR code of the short link, for print."""
    return _lasting(codes.drawing(short_address(events.get_public(ref))), "image/svg+xml")


@bp.get("/e/<ref>/qr.png")
@cached_public
def qr_picture(ref: str) -> Response:
    return _lasting(codes.picture(short_address(events.get_public(ref))), "image/png")


def _lasting(body: str | bytes, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = _LASTING
    return response
