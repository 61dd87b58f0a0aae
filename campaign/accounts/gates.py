"""Gates: every view names exactly one. Who passes is decided here and nowhere in a view.

Upper rooms build their own with `require(name, predicate)`; the innermost decorator, next to the function.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts import sessions
from campaign.accounts.models import Person
from campaign.core.faults import NotAllowed

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def actor() -> Person:
    """The signed-in person. Raises NotAllowed for a visitor; behind any gate but the public ones it never does."""
    person = current_user._get_current_object() if current_user.is_authenticated else None
    if not isinstance(person, Person):
        raise NotAllowed
    return person


def visitor() -> Person | None:
    """The signed-in person, if there is one; for public pages that are not cached."""
    return actor() if current_user.is_authenticated else None


def _named(view: View[P], gated: View[P], name: str) -> View[P]:
    if hasattr(view, "gate"):
        raise TypeError(f"{view.__qualname__} names two gates")
    gated.gate = name  # type: ignore[attr-defined]
    return gated


def public(view: View[P]) -> View[P]:
    """Anyone; the page may read the session, so it is not cached for everybody."""

    @wraps(view)
    def gated(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        sessions.speak_their_language()
        return view(*args, **kwargs)

    return _named(view, gated, "public")


def cached_public(view: View[P]) -> View[P]:
    """Anyone, and the same bytes for everyone: no session is read, no cookie is set."""

    @wraps(view)
    def gated(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.is_cacheable = True
        return view(*args, **kwargs)

    return _named(view, gated, "cached_public")


def signed_in(view: View[P]) -> View[P]:
    """Anybody with an account."""

    @wraps(view)
    def gated(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        return _stopped() or view(*args, **kwargs)

    return _named(view, gated, "signed_in")


def require(name: str, predicate: Callable[[Person], bool]) -> Callable[[View[P]], View[P]]:
    """A gate for people with a confirmed address for whom `predicate` is true; others get NotAllowed.

    The predicate may read `flask.request.view_args` where the right depends on the address.
    """

    def gate(view: View[P]) -> View[P]:
        @wraps(view)
        def gated(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            stopped = _stopped() or _unconfirmed()
            if stopped is not None:
                return stopped
            if not predicate(actor()):
                raise NotAllowed
            return view(*args, **kwargs)

        return _named(view, gated, name)

    return gate


def confirmed(view: View[P]) -> View[P]:
    """Anybody whose e-mail address is confirmed; others read what to do about it."""
    return require("confirmed", lambda _person: True)(view)


def administrator(view: View[P]) -> View[P]:
    """Those who run the installation."""
    return require("administrator", lambda person: person.is_admin)(view)


def _stopped() -> ResponseReturnValue | None:
    """The way to the sign-in page for a visitor; nothing for the signed-in."""
    if current_user.is_authenticated:
        sessions.speak_their_language()
        return None
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("accounts.sign_in", next=sessions.this_address()))
    return sessions.ask_to_sign_in()


def _unconfirmed() -> ResponseReturnValue | None:
    if actor().is_confirmed:
        return None
    return render_template("accounts/confirm_needed.html", email=actor().email), 403
