"""`/desk/mail/`: whether receivers will believe our letters, and a letter to try it."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from campaign.accounts import gates
from campaign.core.db import database_now, transaction
from campaign.core.security import limiter
from campaign.mail import queries, service
from campaign.mail.domain.checks import Sender, examine
from campaign.mail.domain.lookup import Lookup

bp = Blueprint("postmaster", __name__, url_prefix="/desk/mail")


@bp.get("/")
@gates.administrator
@limiter.limit("60 per hour")
def domain() -> ResponseReturnValue:
    """Every check asks the DNS now; nothing is kept."""
    settings = current_app.extensions["settings"]
    sender = Sender.of(settings)
    return render_template(
        "operations/mail.html",
        sender=sender,
        checks=examine(sender, Lookup(settings.dns_server)),
        email=gates.actor().email,
        is_kept=not settings.smtp_url,
    )


@bp.post("/test")
@gates.administrator
@limiter.limit("10 per hour")
def send_test() -> ResponseReturnValue:
    """A letter like any other to the person who asks; its row says what became of it."""
    person = gates.actor()
    with transaction():
        key = f"mail_test:{person.id}:{database_now():%Y%m%dT%H%M%S}"
        context = {"name": person.name}
        service.promise(key, "mail_test", to=person.email, language=person.language, context=context)
        letter_id = queries.id_of(key)
    return redirect(url_for("letters.show", letter_id=letter_id), 303)
