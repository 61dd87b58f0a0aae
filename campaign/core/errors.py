"""Turns faults, and everything else that goes wrong, into an answer that says what to do: a page, or a problem."""

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from campaign.core import problems, security
from campaign.core.db import DATABASE_AWAY, db
from campaign.core.faults import Fault, Invalid, NotAllowed, NotFound, TooMany, Unavailable

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    app.register_error_handler(Fault, _fault)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    for away in (*DATABASE_AWAY, NoConnectionFree):
        app.register_error_handler(away, _database)
    app.register_error_handler(DBAPIError, _bad_value)
    app.register_error_handler(Exception, _bug)


def page(code: int, heading: str, message: str, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    """The error page, or the general problem of this code for programs; never needs the database."""
    headers = {"Cache-Control": "no-store"} | _when_to_try_again(code) | (headers or {})
    if problems.are_asked_for():
        return problems.answer(code, headers=headers)
    actions = [(_("Back to the calendar"), "/")]
    body = render_template("errors/fault.html", code=code, heading=heading, message=message, actions=actions)
    return body, code, headers


def _when_to_try_again(code: int) -> dict[str, str]:
    seconds = {429: security.seconds_of_limit(), 503: 30}.get(code)
    return {"Retry-After": str(seconds)} if seconds else {}


def _fault(fault: Exception) -> ResponseReturnValue:
    assert isinstance(fault, Fault)
    if problems.are_asked_for() and (fault.advice or isinstance(fault, Invalid)):
        errors = fault.problems if isinstance(fault, Invalid) else None
        return problems.answer(fault.code, fault.heading if fault.advice else "", fault.advice, errors=errors)
    return page(fault.code, str(fault.heading), str(fault.message))


def _stale_form(_error: Exception) -> ResponseReturnValue:
    return page(
        400,
        _("This form was open for too long"),
        _(
            "For your safety it was not sent. Go back in your browser: what you typed is still there. "
            "Then send it again."
        ),
    )


def _http(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, HTTPException)
    if error.code is not None and error.code < 400:
        return error.get_response()
    known = {403: NotAllowed, 404: NotFound, 429: TooMany}.get(error.code or 400)
    if known is not None:
        return _fault(known())
    heading, message = _words(error.code)
    allowed = getattr(error, "valid_methods", None)
    return page(error.code or 400, heading, message, {"Allow": ", ".join(sorted(allowed))} if allowed else None)


def _words(code: int | None) -> tuple[str, str]:
    if code == 413:
        return (
            _("This file or text is too large"),
            _("Pictures may have up to 8 MB. Please choose a smaller one."),
        )
    if code == 405:
        return _("This address cannot be opened this way"), _("Please use the buttons on our pages.")
    return _("The request could not be understood"), _("Please go back and try again.")


def _rule() -> str:
    """Where it happened, for the log, with names for values: some addresses are the key to somebody's letters."""
    return str(request.url_rule) if request.url_rule else "none of ours"


def _database(error: Exception) -> ResponseReturnValue:
    log.error("database unavailable", address=_rule(), error=type(error).__name__)
    db.session.remove()
    return _fault(Unavailable())


def _bad_value(error: Exception) -> ResponseReturnValue:
    """A value no column can hold got past the checks; the person is told, and we are too."""
    log.exception("the database refused a value", address=_rule())
    db.session.remove()
    return page(400, _("The request could not be understood"), _("Please go back and try again."))


def _bug(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected error", address=_rule())
    db.session.remove()
    return page(500, _("Something went wrong on our side"), _("We were told about it. Please try again in a minute."))
