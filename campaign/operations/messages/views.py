"""`/desk/messages/`: every message in every language, in text and HTML, about events of one's own desks."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaign.accounts import gates
from campaign.campaigns import days
from campaign.campaigns import queries as campaigns
from campaign.core import clock, languages
from campaign.core.db import db
from campaign.core.faults import NotFound
from campaign.core.security import CONTENT_SECURITY_POLICY
from campaign.events.lifecycle import Duration, Status
from campaign.events.models import Event
from campaign.operations.letters import wording
from campaign.operations.letters.queries import desk_of
from campaign.operations.letters.views import reader_of_letters
from campaign.operations.messages.sample import Sample
from campaign.operations.messages.samples import AUDIENCES, SAMPLES
from campaign.operations.messages.stage import Stage

bp = Blueprint("messages", __name__, url_prefix="/desk/messages")
# The letter stands in a frame of its own in which nothing runs and nothing is loaded.
_LETTER = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
_AROUND = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"


def _stage() -> Stage:
    """In the language asked for; about the next events of one's desks, invented ones where there are none."""
    asked = request.args.get("letter_language", "")
    desk = desk_of(gates.actor())
    open_ones = campaigns.open_campaigns()
    mine = {scope.campaign_id for scope in desk.scopes}
    found = [c for c in open_ones if c.id in mine] or list(open_ones)
    if not found:
        raise NotFound
    campaign = found[0]
    return Stage.of(
        asked if asked in languages.NAMES else languages.chosen(),
        campaign,
        days.coming(campaign, clock.now()),
        _coming(campaign.id),
    )


def _coming(campaign_id: int) -> list[Event]:
    """The next two dated events and the next exhibition in the actor's scope."""
    ids = desk_of(gates.actor()).event_ids
    statement = select(Event).where(
        Event.campaign_id == campaign_id, Event.status == Status.PUBLISHED, Event.starts_at > clock.now()
    )
    if ids is not None:
        statement = statement.where(Event.id.in_(ids))
    rows = db.session.scalars(statement.order_by(Event.starts_at, Event.id).limit(50)).all()
    dated = [row for row in rows if row.details.duration is not Duration.RUN]
    return [*dated[:2], *[row for row in rows if row.details.duration is Duration.RUN][:1]]


def _sample(name: str) -> Sample:
    if name not in SAMPLES:
        raise NotFound
    return SAMPLES[name]


@bp.get("/")
@reader_of_letters
def index() -> ResponseReturnValue:
    return render_template("messages/index.html", audiences=AUDIENCES, kind_of=wording.kind_of, offered=languages.NAMES)


@bp.get("/<name>")
@reader_of_letters
def show(name: str) -> ResponseReturnValue:
    sample, stage = _sample(name), _stage()
    message = sample.message(stage)
    page = render_template(
        "messages/message.html",
        sample=sample,
        stage=stage,
        message=message,
        title=wording.kind_of(sample.kind),
        text=wording.masked(message.text),
        direction_of=languages.direction,
        offered=languages.NAMES,
        html_url=url_for(".html", name=name, letter_language=stage.language),
    )
    response = Response(page)
    response.headers["Content-Security-Policy"] = _AROUND
    return response


@bp.get("/<name>/html")
@reader_of_letters
def html(name: str) -> ResponseReturnValue:
    """The HTML part alone, as a mail program shows it."""
    response = Response(wording.masked(_sample(name).message(_stage()).html))
    response.headers["Content-Security-Policy"] = _LETTER
    return response
