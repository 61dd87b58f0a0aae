"""Register, confirm, sign in, reset: everything that changes a person."""

from collections.abc import Mapping
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from campaign.accounts import consequences, passwords, queries
from campaign.accounts.models import LetterStop, OptionalLetter, Person
from campaign.accounts.tokens import Links, fingerprint
from campaign.core.clock import now
from campaign.core.db import db
from campaign.core.faults import Invalid
from campaign.journal.service import record
from campaign.mail.service import promise

CONFIRM_WITHIN = timedelta(days=7)
RESET_WITHIN = timedelta(hours=1)
STALE_LINK = _("This link is damaged, was already used, or is too old. Please ask for a new one.")


def normal_email(typed: str) -> str:
    """The one form in which an address is stored and compared: lower case, its domain in ASCII (IDNA 2008).

    Raises Invalid. Whether the domain exists is not asked: that would need the network.
    """
    try:
        found = validate_email(
            typed.strip()[:320], check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        raise Invalid({"email": _("Enter an e-mail address like name@example.org.")}) from None
    return (found.ascii_email or found.normalized).casefold()


def new_secret(password: str, email: str, *, field: str = "password") -> str:
    """Check a new password and return its hash. Slow on purpose; call it before the transaction.

    Raises Invalid for that field.
    """
    wrong: LazyString | None = passwords.problem(password, email)
    if wrong is not None:
        raise Invalid({field: wrong})
    return passwords.keep(password)


def register(*, email: str, name: str, secret: str, language: str, links: Links) -> None:
    """Make an account and promise the letter that confirms its address.

    The caller learns nothing about whether the address was known; only the mailbox does. Expects a normal address.
    """
    person = queries.find_by_email(email) or _create(email=email, name=name, secret=secret, language=language)
    if person.is_confirmed:
        _promise_known(person, links)
    else:
        promise_confirmation(person, links)


def _create(*, email: str, name: str, secret: str, language: str) -> Person:
    person = Person(email=email, name=name, password_hash=secret, language=language)
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        # Somebody sent the same form twice at the same moment; the row of the other request is the account.
        known = queries.find_by_email(email)
        if known is None:
            raise
        return known
    record("people", person.id, "registered", actor_id=person.id, actor_name=person.name)
    return person


def promise_confirmation(person: Person, links: Links) -> None:
    """One letter a minute at most, however often the button is pressed; none once confirmed."""
    if person.is_confirmed:
        return
    token = links.token("confirm", [person.id, person.email])
    _letter(person, "confirm_address", {"link": links.url(f"/v/{token}")}, CONFIRM_WITHIN)


def _promise_known(person: Person, links: Links) -> None:
    context = {"link": links.url("/account/sign-in"), "reset_link": links.url("/account/reset")}
    _letter(person, "address_known", context, CONFIRM_WITHIN)


def _letter(person: Person, kind: str, context: dict[str, str], valid_for: timedelta) -> None:
    at = now()
    promise(
        f"{kind}:{person.id}:{person.session_version}:{at:%Y%m%d%H%M}",
        kind,
        to=person.email,
        language=person.language,
        context={"name": person.name, **context},
        expires_at=at + valid_for,
        subject="people",
        subject_id=person.id,
        recipient_id=person.id,
    )


def unconfirmed(token: str, links: Links) -> Person:
    """Whose address this link confirms. Raises Invalid for a link that does not count any more."""
    payload = links.read("confirm", token, CONFIRM_WITHIN)
    person = queries.find(payload[0]) if payload and len(payload) == 2 else None
    if person is None or payload is None or person.email != payload[1]:
        raise Invalid(message=STALE_LINK)
    return person


def confirm(token: str, links: Links) -> Person:
    """The address is theirs. Pressing the button twice is pressing it once. Raises Invalid."""
    person = unconfirmed(token, links)
    _confirm(person)
    return person


def _confirm(person: Person) -> None:
    if person.email_confirmed_at is None:
        person.email_confirmed_at = now()
        record("people", person.id, "confirmed_address", actor_id=person.id, actor_name=person.name)


def authenticate(email: str, password: str) -> Person:
    """The person with this address and password. Raises Invalid with one sentence for every reason."""
    try:
        person = queries.find_by_email(normal_email(email))
    except Invalid:
        person = None
    if not passwords.matches(password, person.password_hash if person else "") or person is None:
        raise Invalid({"": _("The e-mail address or the password is not right.")})
    return person


def request_reset(email: str, links: Links) -> None:
    """Promise the letter with the link, if there is such an account; the answer is the same if there is none."""
    person = queries.find_by_email(email)
    if person is not None:
        _letter(person, "reset_password", {"link": reset_link(person, links)}, RESET_WITHIN)


def reset_link(person: Person, links: Links) -> str:
    """A link that sets a password once: it is bound to the session version and to the password it replaces."""
    payload = [person.id, person.session_version, fingerprint(person.password_hash)]
    return links.url(f"/account/reset/{links.token('reset', payload)}")


def resetting(token: str, links: Links) -> Person:
    """Whose password this link resets. Raises Invalid for a link that does not count any more."""
    payload = links.read("reset", token, RESET_WITHIN)
    person = queries.find(payload[0]) if payload and len(payload) == 3 else None
    if person is None or payload is None:
        raise Invalid(message=STALE_LINK)
    if payload[1:] != [person.session_version, fingerprint(person.password_hash)]:
        raise Invalid(message=STALE_LINK)
    return person


def reset_password(token: str, secret: str, links: Links) -> Person:
    """Set the new password (already hashed). Who could read the letter owns the address, so it is confirmed too."""
    person = resetting(token, links)
    _set_password(person, secret, links, "reset_password")
    _confirm(person)
    return person


def change_password(person: Person, current: str, secret: str, links: Links) -> None:
    """Set a new password (already hashed) for somebody who knows the present one. Raises Invalid."""
    if not passwords.matches(current, person.password_hash):
        raise Invalid({"current": _("This is not your present password.")})
    _set_password(person, secret, links, "changed_password")


def _set_password(person: Person, secret: str, links: Links, act: str) -> None:
    person.password_hash = secret
    person.session_version += 1  # Every session and every older link ends here.
    record("people", person.id, act, actor_id=person.id, actor_name=person.name)
    _letter(person, "password_changed", {"link": links.url("/account/reset")}, CONFIRM_WITHIN)


def update_profile(person: Person, *, name: str, language: str, time_zone: str) -> None:
    """Letters that wait follow: in the language and by the clock that were chosen last."""
    person.name = name
    person.language = language
    person.time_zone = time_zone
    db.session.flush()
    consequences.changed(person)


def choose_letters(person: Person, choices: Mapping[OptionalLetter, bool]) -> None:
    """Whether each of these kinds is wanted; what is planned already is asked about when it leaves."""
    wanted = {kind for kind, is_wanted in choices.items() if is_wanted}
    stops = choices.keys() - wanted - queries.unwanted(person.id)
    db.session.execute(delete(LetterStop).where(LetterStop.person_id == person.id, LetterStop.kind.in_(wanted)))
    db.session.add_all(LetterStop(person_id=person.id, kind=kind) for kind in sorted(stops))


def create_admin(email: str, links: Links) -> str:
    """An administrator with a confirmed address, and the link that sets the password. Safe to repeat.

    Raises Invalid for something that is no address.
    """
    address = normal_email(email)
    person = queries.find_by_email(address)
    if person is None:
        person = _create(email=address, name=address.partition("@")[0], secret="", language="en")
    person.is_admin = True
    _confirm(person)
    db.session.flush()
    record("people", person.id, "made_administrator", note="command line")
    return reset_link(person, links)
