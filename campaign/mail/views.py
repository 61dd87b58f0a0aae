"""The outbox: letters that were kept because there is no mail server; exists in development only."""

from email import message_from_string, policy
from email.message import EmailMessage

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from campaign.core import paging
from campaign.core.faults import NotFound
from campaign.mail import queries
from campaign.mail.models import KeptLetter

PAGE_SIZE = 50

bp = Blueprint("mail", __name__, url_prefix="/outbox")


@bp.before_request
def only_in_development() -> None:
    """Letters carry sign-in links; in production these pages do not exist."""
    if current_app.extensions["settings"].is_production:
        raise NotFound


@bp.get("/")
def outbox() -> ResponseReturnValue:
    """Kept letters, newest first; `to` is a part of the address."""
    to = request.args.get("to", "")[:254].replace("\x00", "")
    key = paging.decode(request.args.get("page"), int)
    before = int(key[0]) if key else None
    found = queries.kept(to=to, before=before, limit=PAGE_SIZE + 1)
    rows = found[:PAGE_SIZE]
    page = paging.Page(rows, paging.encode(rows[-1].id) if len(found) > PAGE_SIZE else None)
    return render_template("mail/outbox.html", page=page, to=to)


@bp.get("/<int:letter_id>")
def letter(letter_id: int) -> ResponseReturnValue:
    """One letter as its reader gets it: the text with its links, and the HTML as source."""
    if letter_id > 2**31:
        raise NotFound
    kept = queries.get_kept(letter_id)
    mail = _parse(kept)
    return render_template(
        "mail/letter.html",
        letter=kept,
        headers=[(name, str(value)) for name, value in mail.items()],
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
        attachments=[(part.get_filename() or "", _content(part)) for part in mail.iter_attachments()],
    )


def _parse(kept: KeptLetter) -> EmailMessage:
    mail = message_from_string(kept.source, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return _content(part) if part is not None else ""


def _content(part: object) -> str:
    assert isinstance(part, EmailMessage)
    content = part.get_content()
    return content if isinstance(content, str) else bytes(content).decode("utf-8", "replace")


outbox.gate = "public"  # type: ignore[attr-defined]
letter.gate = "public"  # type: ignore[attr-defined]
