"""Hands out stored pictures."""

from pathlib import Path

from flask import Blueprint, Response, current_app, send_file

from campaign.core.faults import NotFound
from campaign.media.storage import Store

bp = Blueprint("media", __name__)


def store() -> Store:
    """The store of the running application; views of other rooms pass it to `store_picture`."""
    return Store(Path(current_app.extensions["settings"].uploads))


@bp.get("/media/<name>.webp")
def picture(name: str) -> Response:
    """One picture. Its name is random and its content never changes, so browsers may keep it for good."""
    here = store()
    if not here.has(name):
        raise NotFound
    response = send_file(here.path(name), mimetype="image/webp", conditional=True)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# The decorator that names a gate lives in a room above this one.
picture.gate = "public"  # type: ignore[attr-defined]
