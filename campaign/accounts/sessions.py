"""Sign-in sessions: begin, end, and what happens to a form when one has ended in between."""

from urllib.parse import urlsplit

from flask import Flask, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError

from campaign.accounts import queries
from campaign.accounts.forms import SignInForm
from campaign.accounts.models import Person
from campaign.accounts.redirects import local_path

KEPT = "kept:"
KEPT_LIMIT = 200_000  # Characters in all; below the limit of form memory, so that the second sending fits too.
OPEN_GATES = frozenset({"public", "cached_public"})

manager = LoginManager()
manager.session_protection = None  # Travellers change networks; the session version ends sessions, not the address.


def init_app(app: Flask) -> None:
    # Templates ask for `current_person`: the context processor of Flask-Login reads the session on public pages too.
    manager.init_app(app, add_context_processor=False)
    # There is no "remember me" here, and its hook would read the session of every public page.
    app.after_request_funcs[None].remove(manager._update_remember_cookie)
    stale_form = app.error_handler_spec[None][400].get(CSRFError)

    def csrf_failed(error: CSRFError) -> ResponseReturnValue:
        """An ended session has lost its token too; the form is kept if it came from our own page."""
        gate = getattr(app.view_functions.get(request.endpoint or ""), "gate", "public")
        if gate in OPEN_GATES or current_user.is_authenticated or not is_same_origin():
            return app.ensure_sync(stale_form)(error) if stale_form else (str(error), 400)
        return ask_to_sign_in()

    app.register_error_handler(CSRFError, csrf_failed)


@manager.user_loader
def _load(session_id: str) -> Person | None:
    """The person of a session, unless the password changed since it began."""
    number, _dot, version = session_id.partition(".")
    if not (number.isdecimal() and version.isdecimal() and len(number) < 19):
        return None
    person = queries.find(int(number))
    return person if person is not None and person.session_version == int(version) else None


def sign_in(person: Person) -> None:
    """Begin a new session; nothing of an older one stays, so that a planted session is worth nothing."""
    session.clear()
    g.pop("csrf_token", None)  # The token of this answer must belong to the new session.
    login_user(person)
    session.permanent = True
    speak_their_language()


def sign_out() -> None:
    """End the session; the password change ends those on other devices."""
    logout_user()
    session.clear()
    g.pop("csrf_token", None)


def speak_their_language() -> None:
    """The signed-in person's choice decides on pages whose address names no language."""
    if current_user.is_authenticated:
        g.preferred_language = current_user.language
        refresh()


def is_same_origin() -> bool:
    """Browsers say where a form came from; what another site prepared is never kept for a second sending."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def ask_to_sign_in() -> ResponseReturnValue:
    """The sign-in page in place of a POSTed form, which it carries on as hidden fields."""
    kept = posted_fields() if is_same_origin() else None
    body = render_template(
        "accounts/sign_in.html",
        form=SignInForm(formdata=None),
        next_path=this_address(),
        kept=kept or [],
        is_lost=kept is None,
        has_files=bool(request.files),
    )
    return body, 401


def this_address() -> str:
    return request.full_path.removesuffix("?")


def posted_fields() -> list[tuple[str, str]] | None:
    """What was typed, without tokens, passwords and files; None if there is too much to carry."""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name.lower()
    ]
    return fields if sum(len(n) + len(v) for n, v in fields) <= KEPT_LIMIT and len(fields) <= 500 else None


def kept_fields() -> list[tuple[str, str]]:
    """The hidden fields that the sign-in page carried on, under their own names again."""
    return [
        (name.removeprefix(KEPT), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(KEPT) and name != f"{KEPT}csrf_token"
    ]


def continue_with(fields: list[tuple[str, str]], otherwise: str) -> ResponseReturnValue:
    """A page with one button that sends the kept form to where it was going."""
    address = local_path(request.values.get("next"), otherwise)
    return render_template("accounts/resume.html", fields=fields, address=address)
