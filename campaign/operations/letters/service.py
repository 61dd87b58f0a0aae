"""What people do with letters: send one again, stop or allow an address; each with a reason in the journal."""

from flask_babel import lazy_gettext as _

from campaign.accounts.models import Person
from campaign.core.db import database_now
from campaign.core.faults import Conflict, Invalid
from campaign.journal import service as journal
from campaign.mail import service as mail
from campaign.mail.addresses import routable
from campaign.mail.composers import Drop
from campaign.mail.log_queries import is_over
from campaign.mail.models import Letter
from campaign.mail.showing import written
from campaign.operations.letters.wording import masked_address


def send_again(letter: Letter, *, by: Person, reason: str) -> None:
    """Let an ended letter go out once more under its own Message-ID; its time still ends when it would have.

    Raises Conflict for one that still waits, Invalid for one that comes too late, goes to a stopped address, or would
    be dropped.
    """
    if not is_over(letter):
        raise Conflict(_("This letter still waits; it leaves by itself."))
    expires_at = letter.expires_at
    if expires_at is not None and expires_at <= database_now():
        raise Invalid({}, _("It is too late for this letter: what it says is over."))
    if mail.is_suppressed(letter.recipient):
        raise Invalid({}, _("This address gets no letters. Allow it first, if its owner wishes so."))
    composed = written(letter)
    if isinstance(composed, Drop):
        raise Invalid({}, _("It would not be sent any more: %(why)s", why=composed.reason))
    before = letter.status.value
    mail.resend(letter.id).expires_at = expires_at
    _note("letter", letter.id, "letter_sent_again", by, reason, {"was": before})


def stop(email: str, *, by: Person, reason: str) -> None:
    """No letter goes to this address from now on. Raises Invalid."""
    try:
        routable(email)
    except ValueError:
        raise Invalid({"email": _("Type an address like name@example.org.")}) from None
    if not mail.suppress(email, reason):
        raise Invalid({"email": _("This address gets no letters already.")})
    _note("address", 0, "address_stopped", by, reason, {"address": masked_address(email)})


def allow(email: str, *, by: Person, reason: str) -> None:
    """Letters may go to this address again. Raises Invalid."""
    if not mail.unsuppress(email):
        raise Invalid({"email": _("This address was not stopped.")})
    _note("address", 0, "address_allowed", by, reason, {"address": masked_address(email)})


def _note(subject: str, number: int, act: str, by: Person, reason: str, details: dict[str, str]) -> None:
    journal.record(subject, number, act, actor_id=by.id, actor_name=by.name, note=reason, details=details)
