"""Registering, confirming, signing in and resetting, below the pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.accounts import passwords, queries, service
from campaign.accounts.models import Person
from campaign.accounts.tokens import Links
from campaign.core import clock
from campaign.core.faults import Invalid
from campaign.mail.models import Letter

LINKS = Links("http://localhost", ("tests-only",))
GOOD = "seven quiet candles"


def person(session, email="aysel@example.org", *, password=GOOD, is_confirmed=True):
    made = Person(email=email, name="Aysel", password_hash=passwords.keep(password) if password else "")
    made.email_confirmed_at = clock.now() if is_confirmed else None
    session.add(made)
    session.flush()
    return made


def letters(session):
    return [letter.kind for letter in session.scalars(select(Letter).order_by(Letter.id))]


def token_in(session, kind):
    letter = session.scalar(select(Letter).where(Letter.kind == kind).order_by(Letter.id.desc()))
    return letter.context["link"].rpartition("/")[2]


@pytest.fixture
def moved_clock():
    yield clock.set_offset
    clock.set_offset(timedelta())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Aysel@Example.ORG ", "aysel@example.org"),
        ("aysel@müller.de", "aysel@xn--mller-kva.de"),
        ("AYSEL+events@example.org", "aysel+events@example.org"),
    ],
)
def test_an_address_has_one_form(typed, kept):
    assert service.normal_email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "aysel", "a@", "@b.org", "a b@example.org", "a@b@c.org", "\ud800@example.org", "a" * 5000]
)
def test_what_is_no_address_is_refused(app, typed):
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        service.normal_email(typed)
    assert "email" in refused.value.problems


@pytest.mark.parametrize(
    "password",
    ["short", "password123", "PassWord123", "aaaaaaaaaaaa", "aysel@example.org", "AYSEL@example.org", "x1y" * 50],
)
def test_weak_passwords_are_refused(password):
    assert passwords.problem(password, "aysel@example.org") is not None


def test_a_good_password_is_accepted_in_any_script():
    assert passwords.problem(GOOD, "aysel@example.org") is None
    assert passwords.problem("yeddi sönməz şam", "aysel@example.org") is None


def test_the_same_letters_typed_on_another_keyboard_match():
    kept = passwords.keep("caf\u00e9 caf\u00e9 caf\u00e9")
    assert passwords.matches("cafe\u0301 cafe\u0301 cafe\u0301", kept)


def test_registering_promises_one_confirmation_and_confirming_works(session):
    service.register(email="a@example.org", name="A", secret="x", language="az", links=LINKS)
    assert letters(session) == ["confirm_address"]
    assert session.scalar(select(Letter.language)) == "az"
    confirmed = service.confirm(token_in(session, "confirm_address"), LINKS)
    assert confirmed.is_confirmed
    assert service.confirm(token_in(session, "confirm_address"), LINKS) is confirmed


def test_registering_a_known_address_changes_nothing_and_tells_only_the_mailbox(session):
    known = person(session)
    before = known.password_hash
    service.register(email=known.email, name="Somebody else", secret="other", language="en", links=LINKS)
    assert letters(session) == ["address_known"]
    assert (known.name, known.password_hash) == ("Aysel", before)


def test_registering_an_unconfirmed_address_sends_the_confirmation_again_but_keeps_the_password(session):
    known = person(session, is_confirmed=False)
    before = known.password_hash
    service.register(email=known.email, name="B", secret="other", language="en", links=LINKS)
    assert letters(session) == ["confirm_address"]
    assert known.password_hash == before


def test_a_confirmation_ends_after_seven_days(session, moved_clock):
    service.register(email="a@example.org", name="A", secret="x", language="en", links=LINKS)
    token = token_in(session, "confirm_address")
    moved_clock(timedelta(days=7, minutes=1))
    with pytest.raises(Invalid):
        service.confirm(token, LINKS)


def test_a_token_counts_for_one_purpose_and_one_key_only(session):
    somebody = person(session)
    reset = service.reset_link(somebody, LINKS).rpartition("/")[2]
    for token in (reset, "", "garbage", "a.b.c", "é"):
        with pytest.raises(Invalid):
            service.confirm(token, LINKS)
    with pytest.raises(Invalid):
        service.resetting(reset, Links("http://localhost", ("another key",)))


def test_a_link_signed_with_an_older_key_still_counts(session):
    token = service.reset_link(person(session), LINKS).rpartition("/")[2]
    assert service.resetting(token, Links("http://localhost", ("tests-only", "new key"))).email == "aysel@example.org"


def test_authentication_has_one_answer_for_every_failure(app, session):
    person(session)
    person(session, "nobody@example.org", password="")
    answers = set()
    with app.test_request_context():
        for email, password in (
            ("aysel@example.org", "wrong password"),
            ("unknown@example.org", GOOD),
            ("nobody@example.org", ""),
            ("no address", GOOD),
            ("aysel@example.org", "x" * 100_000),
        ):
            with pytest.raises(Invalid) as refused:
                service.authenticate(email, password)
            answers.add(str(refused.value.problems[""]))
    assert len(answers) == 1
    assert service.authenticate("Aysel@Example.org", GOOD).name == "Aysel"


def test_a_reset_link_works_once_ends_sessions_and_confirms_the_address(session):
    somebody = person(session, is_confirmed=False)
    session_id = somebody.get_id()
    service.request_reset(somebody.email, LINKS)
    token = token_in(session, "reset_password")
    service.reset_password(token, passwords.keep("another good secret"), LINKS)
    session.flush()
    assert somebody.is_confirmed
    assert somebody.get_id() != session_id
    assert letters(session) == ["reset_password", "password_changed"]
    with pytest.raises(Invalid):
        service.reset_password(token, "again", LINKS)


def test_a_reset_link_ends_after_one_hour(session, moved_clock):
    token = service.reset_link(person(session), LINKS).rpartition("/")[2]
    moved_clock(timedelta(minutes=61))
    with pytest.raises(Invalid):
        service.resetting(token, LINKS)


def test_a_reset_for_an_unknown_address_sends_nothing(session):
    service.request_reset("unknown@example.org", LINKS)
    assert letters(session) == []


def test_changing_the_password_needs_the_present_one(session):
    somebody = person(session)
    with pytest.raises(Invalid) as refused:
        service.change_password(somebody, "wrong", "new", LINKS)
    assert "current" in refused.value.problems
    service.change_password(somebody, GOOD, passwords.keep("another good secret"), LINKS)
    assert passwords.matches("another good secret", somebody.password_hash)


def test_an_administrator_is_made_once(session):
    link = service.create_admin("Operator@example.org", LINKS)
    service.create_admin("operator@example.org", LINKS)
    made = queries.find_by_email("operator@example.org")
    assert made is not None
    assert made.is_admin
    assert made.is_confirmed
    assert service.resetting(link.rpartition("/")[2], LINKS) is made
