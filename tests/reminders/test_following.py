"""Asking for letters about what a filter finds, in words that nobody else can choose."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaign.calendar import contents
from campaign.core.db import transaction
from campaign.mail.models import Letter
from campaign.reminders import service, tokens
from campaign.reminders.models import Kind, Reader, Subscription

Any_ = Callable[..., Any]


def _text(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def test_asking_on_the_page(publish: Any_, client: FlaskClient, send: Any_, session: Session) -> None:
    publish()
    page = client.get("/en/khojaly/follow/?country=DE&type=ceremony&from=2027-02-01&page=x")
    assert "Germany" in page.text
    assert 'name="filter" value="country=DE&amp;type=ceremony"' in page.text
    assert "Set-Cookie" not in page.headers
    answer = client.post(
        "/en/khojaly/follow/",
        data={"filter": "type=ceremony&country=de&on=2027-02-26", "rhythm": "weekly", "email": "reader@example.org"},
    )
    assert answer.status_code == 303
    assert answer.location.endswith("/en/khojaly/follow/?country=DE&type=ceremony&asked=sent&rhythm=weekly")
    assert "Please look into your mailbox" in client.get(answer.location).text
    (question,) = send()
    assert question["Subject"].startswith("Confirm your letters: Khojaly: Germany")
    path = re.search(r"http://localhost(/v/r/\S+)", _text(question))
    assert path is not None
    assert client.post(path[1]).status_code == 200
    found = session.query(Subscription).one()
    assert (found.is_active, found.kind, found.query) == (True, Kind.WEEKLY, "country=DE&type=ceremony")
    (confirmation,) = send()
    assert "On Mondays, what is new" in _text(confirmation)
    assert "http://localhost/en/khojaly/events/?country=DE&type=ceremony" in _text(confirmation)


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        ({"email": "nobody"}, "check"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "check"),
        ({"email": "a@example.org", "filter": "access=" + "&spoken=".join(["az", "ru", "en"] * 400)}, "sent"),
        ({"email": "a@example.org", "filter": "q=" + "x" * 9000, "rhythm": "never"}, "sent"),
        ({"email": "a@example.org", "filter": "%00%ff&&&=;country=XX&city=\u2028\u202e"}, "sent"),
    ],
)
def test_bad_input_of_the_form(publish: Any_, client: FlaskClient, data: dict[str, str], asked: str) -> None:
    publish()
    answer = client.post("/en/khojaly/follow/", data=data)
    assert answer.status_code == 303
    assert f"asked={asked}" in answer.location
    assert client.get(answer.location).status_code == 200
    assert client.post("/xx/khojaly/follow/", data=data).status_code == 404
    assert client.post("/en/nothing/follow/", data=data).status_code == 404


def test_nobody_sends_words_of_their_own_through_our_letters(
    publish: Any_, client: FlaskClient, send: Any_, session: Session, links: Any
) -> None:
    """Free text of whoever fills in the form reaches no mailbox before its owner has answered."""
    publish()
    advert = "buy pills at https://evil.example"
    for query in (f"q={advert}", f"city={advert}", f"near={advert}", "q=pills&city=pills&org=evil-example"):
        client.post("/en/khojaly/follow/", data={"filter": query, "email": "victim@example.org"})
    (question,) = send()
    assert "evil" not in question.as_string()
    assert "pills" not in question.as_string()
    reader = session.query(Reader).one()
    client.post(f"/v/r/{tokens.manage(reader, links)}")
    assert "pills" in _text(send()[0])


def test_hundreds_of_requests_are_one_letter(publish: Any_, client: FlaskClient, session: Session) -> None:
    event = publish()
    for number in range(20):
        data = {"email": "Victim@Example.org", "filter": f"q=word{number}", "rhythm": "weekly"}
        client.post("/en/khojaly/follow/", data=data)
        client.post(f"/e/{event.ref}/remind", data={"email": " victim@example.org "})
    with transaction():
        for number in range(60):
            wish = service.filter_wish(Kind.DAY, event.campaign_id, f"q=other{number}")
            service.ask(wish, email="victim@example.org", language="en", zone="")
    assert session.query(Letter).count() == 1
    assert session.query(Subscription).count() == service.PENDING_AT_MOST


def test_the_personal_calendar_holds_what_filters_find(
    publish: Any_, follow: Any_, subscribe: Any_, client: FlaskClient, session: Session, links: Any
) -> None:
    subscribe(publish(title="By name", country="FR", city="Paris"))
    publish(title="Not followed", country="FR", city="Paris")
    publish(title="By filter")
    follow(Kind.COMING, "country=DE")
    subscribe(publish(title="Both ways"))
    reader = session.query(Reader).one()
    text = client.get(f"/feeds/p/{tokens.feed(reader, links)}.ics").text
    assert sorted(re.findall(r"SUMMARY[^:]*:(.*)\r", text)) == ["Both ways", "By filter", "By name"]


def test_the_personal_calendar_says_what_it_cannot_hold(
    publish: Any_, follow: Any_, client: FlaskClient, session: Session, links: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        publish(title=f"Number {number}")
    follow(Kind.COMING, "country=DE")
    reader = session.query(Reader).one()
    monkeypatch.setattr(contents, "MOST", 1)
    text = client.get(f"/feeds/p/{tokens.feed(reader, links)}.ics").text.replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 1
    assert re.search(r"X-WR-CALDESC:This filter finds more .*/feeds/\?country=DE\r", text)
