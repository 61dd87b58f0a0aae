"""`POST /mail/bounces`: reports about letters that came back, from a mail server or a provider's program."""

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from campaign.core import clock, signatures
from campaign.core.db import transaction
from campaign.core.faults import NotAllowed, NotFound
from campaign.core.security import csrf, limiter
from campaign.mail.bounces import reading, service

bp = Blueprint("bounces", __name__)


@bp.post("/mail/bounces")
@csrf.exempt
@limiter.limit("600 per minute")
def take() -> ResponseReturnValue:
    """The body is the message as it came (RFC 3464); the headers are signed with MAIL_BOUNCE_SECRET, see `signatures`.

    A copy of a request changes nothing, because a letter comes back once. Nothing is said about what was found: whoever
    holds the secret shall not be able to ask who gets letters.
    """
    secret = current_app.extensions["settings"].mail_bounce_secret
    if not secret:
        raise NotFound
    source = request.get_data(cache=False)
    try:
        signatures.check(
            secret, {name.lower(): value for name, value in request.headers.items()}, source, now=clock.now()
        )
    except signatures.Forged as error:
        raise NotAllowed(str(error)) from error
    for report in reading.read(source):
        with transaction():
            service.note(report)
    return Response(status=204)


take.gate = "signature"
