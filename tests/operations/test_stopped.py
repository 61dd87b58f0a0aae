"""Those who run the installation hear once a day of addresses that nobody reads."""

from datetime import UTC, datetime, timedelta

from campaign.core.db import transaction
from campaign.mail import service as mail
from campaign.mail.bounces import service as bounces
from campaign.mail.models import Bounce, Letter, Suppression
from campaign.operations import alarms, stopped

TODAY = datetime(2027, 2, 20, 7, tzinfo=UTC)


def came_back(session, email, at):
    with transaction():
        mail.promise(f"probe:{email}", "probe", to=email, language="en")
        letter = session.query(Letter).filter_by(recipient=email).one()
        bounces.remember(letter, "5.1.1", "unknown", is_permanent=True)
        mail.suppress(email, "letters came back")
    session.query(Suppression).filter_by(email=email).one().created_at = at
    session.query(Bounce).filter_by(email=email).one().reported_at = at
    session.commit()


def swept(session):
    with transaction():
        number = stopped.sweep()
    letters = session.query(Letter).filter_by(kind="addresses_stopped").order_by(Letter.key).all()
    return number, [(letter.recipient, letter.context["addresses"]) for letter in letters]


def test_a_letter_a_day_that_names_them_and_no_more(session, operator, moved_clock, monkeypatch):
    monkeypatch.setattr(stopped, "database_now", lambda: TODAY)
    assert swept(session) == (0, [])
    came_back(session, "anna@example.net", TODAY - timedelta(hours=2))
    came_back(session, "bert@example.net", TODAY - timedelta(hours=20))
    came_back(session, "carl@example.net", TODAY - timedelta(days=2))
    came_back(session, "late@example.net", TODAY - timedelta(minutes=10))
    came_back(session, "past@example.net", TODAY - timedelta(days=9))
    both = [["c…@example.net"], ["a…@example.net", "b…@example.net"]]
    assert swept(session) == (2, [(operator.email, addresses) for addresses in both])
    assert swept(session)[0] == 0, "told once"


def test_an_address_that_a_person_stopped_is_no_news(session, operator):
    with transaction():
        mail.suppress("someone@example.net", "asked for it")
    assert swept(session) == (0, [])
    assert alarms.now().stopped == 0


def test_the_page_of_findings_says_so(session, operator, signed_in):
    came_back(session, "anna@example.net", datetime.now(UTC))
    page = signed_in(operator).get("/desk/operations/")
    assert "addresses stopped" in page.text
    assert "1 since yesterday" in page.text
