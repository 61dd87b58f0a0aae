"""Asking, confirming, changing and stopping over HTTP: opening changes nothing, a button does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaign.core.db import transaction
from campaign.events import service as listing
from campaign.mail.models import Letter
from campaign.reminders import service
from campaign.reminders.models import Subscription

Any_ = Callable[..., Any]


@pytest.fixture
def token(publish: Any_, subscribe: Any_, links: Any, client: FlaskClient) -> str:
    return str(service.token(subscribe(publish()), links))


def _subscription(session: Session) -> Subscription:
    session.expire_all()
    return session.query(Subscription).one()


def test_from_the_form_to_the_last_letter(publish: Any_, client: FlaskClient, send: Any_, session: Session) -> None:
    event = publish()
    client.set_cookie("tz", "Asia/Baku")
    answer = client.post(f"/e/{event.ref}/remind?lang=az", data={"email": " Reader@Example.org "})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/az/khojaly/e/{event.ref}?reminder=sent#remind")
    (question,) = send()
    path = re.search(r"http://localhost(/v/r/\S+)", question.get_body(("plain",)).get_content())
    assert path is not None
    for _ in range(2):
        assert "<form" in client.get(path[1]).text
        assert not _subscription(session).is_active
    assert client.post(path[1]).status_code == 200
    found = _subscription(session)
    assert (found.is_active, found.language, found.zone) == (True, "az", "Asia/Baku")
    (confirmation,) = send()
    stop = confirmation["List-Unsubscribe"].removeprefix("<http://localhost").removesuffix(">")
    assert client.post(path[1]).status_code == 200
    assert send() == []
    assert client.get(stop).status_code == 200
    assert _subscription(session).is_active
    assert client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not _subscription(session).is_active
    assert send("2027-02-25T16:00") == []


def test_one_click_needs_no_session_and_no_token_of_a_form(
    app: Any, token: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    fresh = app.test_client(use_cookies=False)
    answer = fresh.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert "Set-Cookie" not in answer.headers
    assert not _subscription(session).is_active
    assert fresh.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert fresh.post(f"/v/r/{token}").status_code == 200
    assert _subscription(session).is_active


@pytest.mark.parametrize("path", ["/v/r/", "/m/", "/u/"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_link_changes_nothing(
    client: FlaskClient, token: str, session: Session, path: str, method: str
) -> None:
    before = session.query(Letter).count()
    assert getattr(client, method)(f"{path}{token}").status_code == 200
    assert _subscription(session).is_active
    assert session.query(Letter).count() == before


def test_the_answer_does_not_tell_who_is_subscribed(
    publish: Any_, subscribe: Any_, client: FlaskClient, session: Session
) -> None:
    event = publish()
    subscribe(event, "known@example.org")
    answers = [
        client.post(f"/e/{event.ref}/remind", data={"email": email})
        for email in ("known@example.org", "new@example.org", "new@example.org")
    ]
    assert len({(a.status_code, a.location, a.text) for a in answers}) == 1


@pytest.mark.parametrize("email", ["", "x", "a@b", "a@example.org\r\nBcc: b@example.org", "a" * 400 + "@example.org"])
def test_a_wrong_address_is_asked_for_again(publish: Any_, client: FlaskClient, session: Session, email: str) -> None:
    answer = client.post(f"/e/{publish().ref}/remind", data={"email": email})
    assert answer.status_code == 303
    assert "reminder=check" in answer.location
    assert session.query(Subscription).count() == 0


def test_an_address_cannot_be_pestered(publish: Any_, client: FlaskClient, session: Session) -> None:
    for number in range(service.UNCONFIRMED_A_DAY + 2):
        ref = publish(title=f"Evening {number}").ref
        client.post(f"/e/{ref}/remind", data={"email": "victim@example.org"})
    assert session.query(Letter).filter_by(kind="reminder_confirm").count() == service.UNCONFIRMED_A_DAY


def test_nobody_is_reminded_of_what_is_not_on(publish: Any_, client: FlaskClient, moved_clock: Any) -> None:
    over, cancelled = publish(), publish()
    with transaction():
        listing.cancel(cancelled, by=None, reason="")
    assert client.post(f"/e/{cancelled.ref}/remind", data={"email": "a@example.org"}).status_code == 409
    moved_clock.shift(over.ends_at - over.published_at)
    assert client.post(f"/e/{over.ref}/remind", data={"email": "a@example.org"}).status_code == 409
    assert client.post("/e/NOSUCH/remind", data={"email": "a@example.org"}).status_code == 404


def test_language_and_zone_can_be_changed(client: FlaskClient, token: str, session: Session) -> None:
    page = client.post(f"/m/{token}", data={"letter_language": "ar", "zone": "Asia/Baku"}).text
    assert 'value="Asia/Baku" selected' in page
    found = _subscription(session)
    assert (found.language, found.zone) == ("ar", "Asia/Baku")
    client.post(f"/m/{token}", data={"letter_language": "xx", "zone": "No/Where"})
    found = _subscription(session)
    assert (found.language, found.zone) == ("ar", "")


def test_an_erased_address_is_gone_and_its_links_are_dead(client: FlaskClient, token: str, session: Session) -> None:
    assert client.post(f"/m/{token}/erase").status_code == 200
    assert session.query(Subscription).count() == 0
    assert session.query(Letter).count() == 0
    assert client.get(f"/m/{token}").status_code == 404


def test_a_link_is_worth_nothing_for_the_next_owner_of_the_number(
    client: FlaskClient, token: str, session: Session
) -> None:
    with transaction():
        _subscription(session).email = "other@example.org"
    assert client.get(f"/m/{token}").status_code == 404


@pytest.mark.parametrize("path", ["/v/r/{}", "/m/{}", "/u/{}"])
def test_damaged_links_are_not_found(client: FlaskClient, token: str, links: Any, path: str) -> None:
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), "x", links.token("reset", [1, "x"])]
    forged += [links.token("reminder", payload) for payload in ([1], ["1", "x"], [10**6, "x"], [])]
    for wrong in forged:
        assert client.get(path.format(wrong)).status_code == 404
