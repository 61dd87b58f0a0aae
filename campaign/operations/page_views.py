"""`/desk/operations/`: how the installation stands, for those who run it; nothing on it refreshes by itself."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from campaign.accounts import gates
from campaign.core.db import clock_skew, db
from campaign.mail.figures import ENDED_BADLY
from campaign.operations import alarms, health, jobs
from campaign.operations.letters import wording
from campaign.places import zones
from campaign.review.wording import ago

bp = Blueprint("overview", __name__, url_prefix="/desk/operations")


@bp.get("/")
@gates.administrator
def overview() -> ResponseReturnValue:
    """Findings first, then the figures behind them."""
    figures = alarms.now()
    return render_template(
        "operations/overview.html",
        findings=health.everything(current_app.extensions["settings"], lambda: figures),
        figures=figures,
        jobs=jobs.coming(current_app.extensions["celery"].conf.beat_schedule),
        skew=clock_skew().total_seconds(),
        channels=wording.CHANNEL,
        statuses=wording.STATUS,
        ended=ENDED_BADLY,
        dialect=db.engine.dialect.name,
        tz_version=zones.tz_version(),
        ago=ago,
    )
