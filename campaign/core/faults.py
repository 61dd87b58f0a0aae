"""What can go wrong, in words a person can act on. Services raise these; one handler renders them."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class Fault(Exception):
    """A refusal the person can understand; never a bug.

    `advice` says what the author of a program should do, where that is more than the code says (`core.problems`).
    """

    code = 400
    heading: LazyString | str = _("The request could not be completed")
    message: LazyString | str = _("Please go back and try again.")
    advice: LazyString | str = ""

    def __init__(self, message: LazyString | str | None = None) -> None:
        super().__init__(message or self.message)
        if message is not None:
            self.message = message


class NotFound(Fault):
    """There is no such thing, or it is not yours: the answer is the same."""

    code = 404
    heading = _("This page does not exist")
    message = _("The address may be mistyped, or the page was moved. The calendar lists everything that is published.")


class Gone(Fault):
    """It was public and is not any more."""

    code = 410
    heading = _("This listing was withdrawn")
    message = _("The organiser or the desk withdrew this event. The calendar shows what else is planned.")


class NotAllowed(Fault):
    """The person is known and may not do this."""

    code = 403
    heading = _("You may not do this")
    message = _("Your account does not have the right to do this. If you think it should, ask the campaign team.")


class Conflict(Fault):
    """Somebody else was first, or the thing is in another state by now."""

    code = 409
    heading = _("Someone changed this before you")
    message = _("Nothing of yours was saved. Reload the page to see the latest state, then try again.")


class Invalid(Fault):
    """Well-formed input that breaks a rule; `problems` maps field names to sentences."""

    code = 422
    heading = _("Please check your entries")
    message = _("Some answers need another look.")

    def __init__(
        self, problems: "dict[str, LazyString | str] | None" = None, message: LazyString | str | None = None
    ) -> None:
        super().__init__(message)
        self.problems: dict[str, LazyString | str] = problems or {}


class TooMany(Fault):
    """A rate limit was reached."""

    code = 429
    heading = _("Too many attempts")
    message = _("Please wait a few minutes and try again. Nothing is locked for good.")


class Unavailable(Fault):
    """A part of the platform is down; trying later will help."""

    code = 503
    heading = _("The calendar is briefly unavailable")
    message = _("We are working on it. Please try again in a minute; nothing you sent before was lost.")
