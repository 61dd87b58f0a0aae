"""Asking, confirming, changing and stopping over HTTP: opening changes nothing, a button does."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaign.accounts.tokens import fingerprint
from campaign.core.db import transaction
from campaign.events import service as listing
from campaign.mail.models import Letter
from campaign.reminders import queries, service, tokens
from campaign.reminders.models import Reader, Subscription

Any_ = Callable[..., Any]


@pytest.fixture
def token(publish: Any_, subscribe: Any_, links: Any, client: FlaskClient) -> str:
    """The link to the wishes of a reader who follows one event."""
    return tokens.manage(queries.get_reader(subscribe(publish()).reader_id), links)


@pytest.fixture
def stop_token(token: str, links: Any, session: Session) -> str:
    """The one click in that reader's letters."""
    return tokens.stop(_reader(session), [_subscription(session).id], links)


def _reader(session: Session) -> Reader:
    session.expire_all()
    return session.query(Reader).one()


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
    assert _subscription(session).is_active
    assert (_reader(session).language, _reader(session).zone) == ("az", "Asia/Baku")
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
    app: Any, stop_token: str, token: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    fresh = app.test_client(use_cookies=False)
    for _ in range(2):
        answer = fresh.post(f"/u/{stop_token}", data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.data) == (200, b"")
        assert "Set-Cookie" not in answer.headers
        assert not _subscription(session).is_active
    answer = fresh.post(f"/m/{token}/again", data={"subscription": _subscription(session).id})
    assert answer.status_code == 303
    assert _subscription(session).is_active


@pytest.mark.parametrize("path", ["/v/r/{0}", "/m/{0}", "/m/{0}?saved=stopped", "/u/{1}", "/feeds/p/{2}.ics"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_link_changes_nothing(
    client: FlaskClient, token: str, stop_token: str, links: Any, session: Session, path: str, method: str
) -> None:
    feed = tokens.feed(_reader(session), links)
    before = session.query(Letter).count()
    assert getattr(client, method)(path.format(token, stop_token, feed)).status_code == 200
    assert _subscription(session).is_active
    assert session.query(Letter).count() == before


@pytest.mark.parametrize("path", ["/m/{0}/stop", "/m/{0}/again", "/m/{0}/erase", "/m/{0}/feed"])
def test_buttons_cannot_be_pressed_by_opening(client: FlaskClient, token: str, path: str) -> None:
    assert client.get(path.format(token)).status_code == 405


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


def test_an_address_cannot_be_pestered(publish: Any_, client: FlaskClient, session: Session, send: Any_) -> None:
    """Whatever is asked in a day, one letter asks for consent; it names all that waits."""
    refs = [publish(title=f"Evening {number}").ref for number in range(service.PENDING_AT_MOST + 1)]
    for _ in range(2):
        for ref in refs:
            client.post(f"/e/{ref}/remind", data={"email": "victim@example.org"})
    assert session.query(Letter).count() == 1
    assert session.query(Subscription).count() == service.PENDING_AT_MOST
    (letter,) = send()
    assert letter["Subject"] == "Confirm what you asked to follow"
    assert letter.get_body(("plain",)).get_content().count("/e/") == service.PENDING_AT_MOST


def test_who_answered_can_ask_for_more_on_the_same_day(
    publish: Any_, subscribe: Any_, client: FlaskClient, session: Session, links: Any
) -> None:
    subscribe(publish(), "reader@example.org")
    second = publish(title="Another evening")
    for _ in range(3):
        client.post(f"/e/{second.ref}/remind", data={"email": "reader@example.org"})
    assert session.query(Letter).filter_by(kind="reminder_confirm").count() == 2
    page = client.get(f"/v/r/{tokens.manage(_reader(session), links)}").text
    assert "Another evening" in page


def test_only_what_was_chosen_is_confirmed(publish: Any_, client: FlaskClient, session: Session, links: Any) -> None:
    refs = [publish(title=f"Evening {number}").ref for number in range(3)]
    for ref in refs:
        client.post(f"/e/{ref}/remind", data={"email": "reader@example.org"})
    wanted = session.query(Subscription).order_by(Subscription.id).all()[1].id
    address = f"/v/r/{tokens.manage(_reader(session), links)}"
    assert client.get(address).text.count('type="checkbox"') == 3
    client.post(address, data={"listed": "1", "subscription": [wanted]})
    session.expire_all()
    assert [s.id for s in session.query(Subscription) if s.is_active] == [wanted]


def test_nobody_is_reminded_of_what_is_not_on(publish: Any_, client: FlaskClient, moved_clock: Any) -> None:
    over, cancelled = publish(), publish()
    with transaction():
        listing.cancel(cancelled, by=None, reason="")
    assert client.post(f"/e/{cancelled.ref}/remind", data={"email": "a@example.org"}).status_code == 409
    moved_clock.shift(over.ends_at - over.published_at)
    assert client.post(f"/e/{over.ref}/remind", data={"email": "a@example.org"}).status_code == 409
    assert client.post("/e/NOSUCH/remind", data={"email": "a@example.org"}).status_code == 404


def test_the_wishes_of_a_reader(client: FlaskClient, token: str, session: Session) -> None:
    wishes = {"letter_language": "ar", "zone": "Asia/Baku", "days": ["1", "0"]}
    page = client.post(f"/m/{token}", data=wishes, follow_redirects=True).text
    assert 'value="Asia/Baku" selected' in page
    reader = _reader(session)
    assert (reader.language, reader.zone, reader.days_before) == ("ar", "Asia/Baku", (1, 0))
    due = [letter.due_at.isoformat() for letter in session.query(Letter).filter_by(kind="reminder", status="pending")]
    assert sorted(due) == ["2027-02-25T06:00:00+00:00", "2027-02-26T04:00:00+00:00"]
    client.post(f"/m/{token}", data={"letter_language": "xx", "zone": "No/Where", "days": ["3", "x"]})
    reader = _reader(session)
    assert (reader.language, reader.zone, reader.days_before, reader.is_changes_only) == ("ar", "", (), True)
    assert session.query(Letter).filter_by(kind="reminder", status="pending").count() == 0


def test_one_is_stopped_or_all(
    publish: Any_, subscribe: Any_, client: FlaskClient, token: str, session: Session
) -> None:
    first = _subscription(session).id
    for number in range(2):
        subscribe(publish(title=f"Evening {number}"))
    client.post(f"/m/{token}/stop", data={"subscription": first})
    session.expire_all()
    assert [s.is_active for s in session.query(Subscription).order_by(Subscription.id)] == [False, True, True]
    client.post(f"/m/{token}/stop")
    session.expire_all()
    assert not any(s.is_active for s in session.query(Subscription))
    assert session.query(Letter).filter_by(kind="reminder", status="pending").count() == 0


def test_what_others_follow_cannot_be_touched(
    publish: Any_, subscribe: Any_, client: FlaskClient, token: str, session: Session
) -> None:
    theirs = subscribe(publish(), "other@example.org")
    assert client.post(f"/m/{token}/stop", data={"subscription": theirs.id}).status_code == 404
    session.expire_all()
    assert theirs.is_active


def test_the_personal_calendar(client: FlaskClient, token: str, session: Session, links: Any, publish: Any_) -> None:
    publish(title="Not followed")
    feed = f"/feeds/p/{tokens.feed(_reader(session), links)}.ics"
    assert feed in client.get(f"/m/{token}").text
    answer = client.get(feed)
    assert answer.mimetype == "text/calendar"
    assert answer.text.count("BEGIN:VEVENT") == 1
    assert "SUMMARY;LANGUAGE=en:Evening of remembrance" in answer.text
    assert client.get(feed, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    client.post(f"/m/{token}/feed")
    assert client.get(feed).status_code == 404
    assert client.get(f"/feeds/p/{tokens.feed(_reader(session), links)}.ics").status_code == 200


def test_an_erased_address_is_gone_and_its_links_are_dead(
    client: FlaskClient, token: str, stop_token: str, session: Session
) -> None:
    assert client.post(f"/m/{token}/erase").status_code == 200
    assert [session.query(table).count() for table in (Reader, Subscription, Letter)] == [0, 0, 0]
    assert [client.get(path).status_code for path in (f"/m/{token}", f"/u/{stop_token}")] == [404, 404]


def test_a_link_is_worth_nothing_for_the_next_owner_of_the_number(
    client: FlaskClient, token: str, stop_token: str, session: Session
) -> None:
    with transaction():
        _reader(session).email = "other@example.org"
    assert [client.get(path).status_code for path in (f"/m/{token}", f"/u/{stop_token}")] == [404, 404]


def test_a_link_of_an_older_letter_still_stops(client: FlaskClient, token: str, session: Session, links: Any) -> None:
    old = links.token("reminder", [_subscription(session).id, fingerprint("reader@example.org")])
    assert client.get(f"/m/{old}").status_code == 200
    assert client.post(f"/u/{old}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not _subscription(session).is_active


@pytest.mark.parametrize("path", ["/v/r/{}", "/m/{}", "/u/{}", "/feeds/p/{}.ics"])
def test_damaged_forged_and_old_links_are_not_found(
    client: FlaskClient, token: str, stop_token: str, links: Any, moved_clock: Any, path: str
) -> None:
    forged = [token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:], "x", "\x00", links.token("reset", [1, "x"])]
    for purpose in ("reader", "stop", "feed", "reminder"):
        forged += [links.token(purpose, payload) for payload in ([1], ["1", "x"], [10**6, "x"], [], [None, "x", 1])]
    for wrong in forged:
        answer = client.get(path.format(wrong))
        assert answer.status_code == 404
        assert "<h1>" in answer.text
    moved_clock.shift(tokens.VALID + timedelta(days=1))
    for old in (token, stop_token):
        assert client.get(path.format(old)).status_code == 404
