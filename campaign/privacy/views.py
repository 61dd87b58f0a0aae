"""`/privacy/`: what is kept about visitors, for how long, and how it is erased, in the numbers that the sweep uses."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from campaign.accounts.gates import cached_public
from campaign.mail.office import Office
from campaign.privacy import terms

bp = Blueprint("privacy", __name__)


@bp.get("/privacy/")
@cached_public
def page() -> ResponseReturnValue:
    tiles = urlsplit(current_app.extensions["settings"].map_tile_url).hostname or ""
    return render_template("privacy/page.html", terms=terms, tiles=tiles, address=Office.current().sender.addr_spec)
