"""What is older than its term is erased, what is not stays, and the page for visitors names the same terms."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaign.accounts.models import Person
from campaign.core import clock
from campaign.core.db import transaction
from campaign.events import service as listing
from campaign.mail.models import Letter
from campaign.privacy import service, terms
from campaign.reminders import queries
from campaign.reminders import service as reminders
from campaign.reminders.models import Kind, Reader, Subscription
from campaign.review.mistakes import service as mistakes
from campaign.review.mistakes.models import Concern, Mistake
from tests.factories.desk import World

Make = Callable[..., Any]
OVER = datetime(2027, 2, 26, 18)  # In UTC, when the evening ends.


def _follow(event: Any, email: str) -> None:
    with transaction():
        wish = reminders.filter_wish(Kind.COMING, event.campaign_id, "country=DE")
        reminders.ask(wish, email=email, language="en", zone="")
        reader = queries.reader_of(email)
        assert reader is not None
        reminders.confirm(reader, reminders.pending(reader))


def test_an_address_is_erased_sixty_days_after_its_last_event(
    publish: Make, subscribe: Make, session: Session, moved_clock: Any
) -> None:
    early, late = publish(), publish(starts=datetime(2027, 3, 20, 17), ends=datetime(2027, 3, 20, 19))
    subscribe(early, "one@example.org")
    subscribe(early, "both@example.org")
    subscribe(late, "both@example.org")
    subscribe(early, "filter@example.org")
    _follow(early, "filter@example.org")
    moved_clock.shift(OVER - clock.now().replace(tzinfo=None) + terms.WISH - timedelta(minutes=1))
    assert service.sweep().readers == 0
    moved_clock.shift(timedelta(minutes=2))
    assert (service.sweep().readers, service.sweep().readers) == (1, 0)
    session.expire_all()
    assert [r.email for r in session.query(Reader).order_by(Reader.email)] == ["both@example.org", "filter@example.org"]
    assert sorted(s.kind for s in session.query(Subscription)) == [Kind.COMING, Kind.EVENT]
    assert session.query(Letter).filter_by(recipient="one@example.org").count() == 0
    moved_clock.shift(timedelta(days=30))
    assert service.sweep().readers == 1


def test_a_postponed_event_is_waited_for(publish: Make, subscribe: Make, moved_clock: Any) -> None:
    event = publish()
    subscribe(event)
    with transaction():
        listing.postpone(event, by=None, reason="")
    moved_clock.shift(timedelta(days=200))
    assert service.sweep().readers == 0


def test_what_was_stopped_is_forgotten(publish: Make, subscribe: Make, session: Session, moved_clock: Any) -> None:
    subscription = subscribe(publish(starts=datetime(2027, 9, 1, 17), ends=None))
    with transaction():
        reminders.stop(queries.get_reader(subscription.reader_id), [subscription])
    moved_clock.shift(terms.WISH - timedelta(minutes=1))
    assert service.sweep().wishes == 0
    moved_clock.shift(timedelta(minutes=2))
    assert service.sweep().counts() == {"wishes": 1, "readers": 1, "registrations": 0, "reporters": 0, "letters": 0}
    assert session.query(Letter).count() == 0


def test_a_question_that_nobody_answered_is_forgotten(
    publish: Make, subscribe: Make, session: Session, moved_clock: Any
) -> None:
    event, other = (publish(starts=datetime(2027, 9, 1, 17), ends=None) for _ in range(2))
    subscribe(event, "known@example.org")
    with transaction():
        for email in ("stranger@example.org", "known@example.org"):
            reminders.ask(reminders.event_wish(other), email=email, language="en", zone="")
    moved_clock.shift(terms.UNANSWERED + timedelta(minutes=1))
    done = service.sweep()
    assert (done.wishes, done.readers) == (2, 1)
    session.expire_all()
    assert [reader.email for reader in session.query(Reader)] == ["known@example.org"]


def test_registrations_that_nobody_confirmed(world: World, session: Session, moved_clock: Any) -> None:
    """Unless something belongs to them already."""
    for name in ("stranger", "helper"):
        session.add(Person(email=f"{name}@example.org", name=name))
    session.flush()
    helper = session.query(Person).filter_by(name="helper").one()
    world.appoint(helper)
    session.commit()
    moved_clock.shift(terms.UNANSWERED + timedelta(minutes=1))
    assert service.sweep().registrations == 1
    assert session.query(Person).filter_by(name="stranger").count() == 0
    assert session.query(Person).filter_by(name="helper").count() == 1


def test_who_reported_a_mistake_is_forgotten_after_the_answer(world: World, session: Session, moved_clock: Any) -> None:
    event = world.published(world.people["Nigar"])
    for token in ("answered", "open"):
        said: dict[str, Any] = {"concern": Concern.INCORRECT, "text": "It begins at six.", "language": "en"}
        mistakes.report(event, token=token, email=f"{token}@example.org", public_url="http://localhost", **said)
    session.commit()
    answered = session.query(Mistake).filter_by(token="answered").one()
    session.refresh(answered, ["event"])
    with transaction():
        seen = str(answered.version)
        mistakes.resolve(answered, by=world.people["Lena"], note="Done.", seen_version=seen, public_url="")
    assert session.query(Letter).filter_by(recipient="answered@example.org").count() == 1
    moved_clock.shift(terms.REPORTER + timedelta(minutes=1))
    assert service.sweep().reporters == 1
    session.expire_all()
    assert sorted(mistake.email for mistake in session.query(Mistake)) == ["", "open@example.org"]
    assert session.query(Letter).filter_by(recipient="answered@example.org").count() == 0


def test_letters_leave_the_log(publish: Make, subscribe: Make, send: Make, session: Session, moved_clock: Any) -> None:
    """Those that wait stay, however long ago they were promised."""
    subscribe(publish(starts=datetime(2027, 11, 1, 17), ends=None))
    send()
    moved_clock.shift(terms.LETTER + timedelta(days=1))
    assert service.sweep().letters == 2  # The question, which never left, and the confirmation.
    assert {letter.kind for letter in session.query(Letter)} == {"reminder"}


def test_the_page_names_the_terms_that_the_sweep_uses(client: FlaskClient) -> None:
    page = client.get("/privacy/?lang=en")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    for term in (terms.WISH, terms.UNANSWERED, terms.REPORTER, terms.LETTER):
        assert f"{term.days} days" in page.text
    assert 'href="/privacy/?lang=ar"' in client.get("/account/sign-in?lang=ar").text
