"""A partner is told of each public change once, signed, in the words of the API; its answer decides what follows."""

import json
from datetime import timedelta

import pytest

from campaign.core import clock, signatures
from campaign.core.db import database_now, transaction
from campaign.events import service as events
from campaign.mail import outcomes
from campaign.mail.models import Letter, MailHost, Status
from campaign.partners import service
from campaign.partners.models import Webhook
from tests.factories.desk import details
from tests.partners.conftest import told
from tests.servers.webserver import Answer


def letters(session):
    return session.query(Letter).filter_by(channel="webhook").order_by(Letter.id).all()


def due_now(session):
    """As if the pauses after failures were over."""
    with transaction():
        for letter in letters(session):
            letter.next_try_at = database_now()
        session.query(MailHost).delete()


@pytest.fixture
def event(world, webhook):
    with transaction():
        return world.published(world.people["Nigar"])


def test_what_is_told_is_what_the_api_says(webhook, event, web, send, client, session):
    assert send().sent == 1
    (news,) = told(web, webhook)
    assert news["type"] == "event.published"
    assert news["data"] == client.get(f"/api/v1/events/{event.ref}").get_json()
    (request,) = web.requests
    assert request.path == "/news?k=1"
    assert request.headers["content-type"] == "application/json; charset=utf-8"
    assert send().sent == 0, "told once"


def test_each_change_is_told(webhook, event, web, send, world, session):
    lena = world.people["Lena"]
    with transaction():
        proposed = events.propose(event, details(title="Another title"), by=world.people["Nigar"])
        events.apply_revision(event, proposed, by=lena)
    send()
    with transaction():
        events.cancel(event, reason="The hall is closed.", by=lena)
    send()
    with transaction():
        events.withdraw(event, reason="", by=lena)
    send()
    news = told(web, webhook)
    assert [one["type"] for one in news] == ["event.published", "event.changed", "event.cancelled", "event.withdrawn"]
    assert [one["data"]["status"] for one in news] == ["published", "published", "cancelled", "withdrawn"]
    assert news[0]["data"]["name"] == "Another title", "as it stands when it leaves"
    assert set(news[-1]["data"]) == {"id", "campaign", "status"}
    assert len({one["id"] for one in news}) == 4


def test_what_is_withdrawn_before_it_was_told_is_not_told_first(webhook, event, web, send, world, session):
    with transaction():
        events.withdraw(event, reason="", by=world.people["Lena"])
    send()
    assert [one["type"] for one in told(web, webhook)] == ["event.withdrawn"]
    assert [letter.status for letter in letters(session)] == [Status.CANCELLED, Status.SENT]


@pytest.mark.parametrize("status", [301, 400, 401, 404, 429, 500, 503])
def test_a_no_is_tried_again_under_the_same_id(webhook, event, web, send, session, status):
    web.decide = lambda _request: Answer(status, {"Location": "http://127.0.0.1:1/"})
    assert send().deferred == 1
    (letter,) = letters(session)
    assert (letter.status, letter.attempts) == (Status.PENDING, 1)
    assert str(status) in letter.last_error
    web.decide = lambda _request: Answer(204)
    due_now(session)
    send()
    first, second = told(web, webhook)
    assert first["id"] == second["id"]
    assert letters(session)[0].status is Status.SENT


def test_it_is_tried_for_three_days(webhook, event, web, send, session, moved_clock):
    web.decide = lambda _request: Answer(500)
    (letter,) = letters(session)
    began, tried_after = letter.due_at, []
    for _ in range(40):
        if send().deferred:
            tried_after.append(database_now() - began)
        letter = letters(session)[0]
        if letter.status is not Status.PENDING:
            break
        moved_clock.shift(letter.next_try_at - database_now() + timedelta(seconds=1))
    assert letter.status is Status.EXPIRED
    assert timedelta(days=2.75) < tried_after[-1] < service.PATIENCE
    assert len(tried_after) == len(web.requests) < 25
    assert len({request.headers["webhook-id"] for request in web.requests}) == 1


def test_silence_is_tried_again(webhook, event, web, send, session):
    def say_nothing(_request):
        raise ConnectionError

    web.decide = say_nothing
    send()
    (letter,) = letters(session)
    assert (letter.status, letter.doubts) == (Status.PENDING, 0)


def test_a_host_that_is_away_costs_no_attempt(webhook, event, send, session, world):
    with transaction():
        session.get(Webhook, webhook.id).url = "http://127.0.0.1:1/"
    send()
    (letter,) = letters(session)
    assert (letter.status, letter.attempts) == (Status.PENDING, 0)
    assert timedelta() <= letter.expires_at - letter.due_at - service.PATIENCE < timedelta(seconds=5)


def test_410_ends_it_and_its_owners_hear(webhook, event, web, send, session, world):
    web.decide = lambda _request: Answer(410)
    send()
    assert session.get(Webhook, webhook.id).stopped_because.startswith("410")
    (letter,) = session.query(Letter).filter_by(kind="webhook_stopped")
    assert letter.recipient == world.people["Olga"].email
    with transaction():
        world.published(world.people["Nigar"], title="Second")
    assert send().sent == 0
    assert len(web.requests) == 1


def test_who_takes_nothing_for_days_is_stopped(webhook, web, send, session, world, event):
    web.decide = lambda _request: Answer(500)
    for number in range(service.ENOUGH):
        with transaction():
            world.published(world.people["Nigar"], title=f"Event {number}")
    send()
    with transaction():
        assert service.sweep() == 0, "not yet"
        for letter in letters(session):
            letter.due_at -= service.PATIENCE + timedelta(hours=1)
    with transaction():
        assert service.sweep() == 1
        assert service.sweep() == 0
    session.expire_all()
    assert session.get(Webhook, webhook.id).stopped_at is not None
    assert session.query(Letter).filter_by(kind="webhook_stopped").count() == 1
    assert {letter.status for letter in letters(session)} == {Status.CANCELLED}


def test_one_yes_keeps_it(webhook, web, send, session, world, event):
    send()
    web.decide = lambda _request: Answer(500)
    with transaction():
        world.published(world.people["Nigar"], title="Second")
    send()
    with transaction():
        for letter in letters(session):
            letter.due_at -= timedelta(days=9)
        assert service.sweep() == 0


def test_a_killed_sender_repeats_under_the_same_id(webhook, event, web, send, session, monkeypatch):
    """The answer came, and the sender died before it could note it."""

    def die(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(outcomes, "surely", die)
    with pytest.raises(KeyboardInterrupt):
        send()
    monkeypatch.undo()
    session.rollback()
    with transaction():
        for letter in letters(session):
            letter.next_try_at = letter.lease_until = database_now()
    send()
    assert len({one["id"] for one in told(web, webhook)}) == 1
    assert letters(session)[0].status is Status.SENT


def test_a_stopped_one_is_promised_nothing(webhook, web, session, world):
    with transaction():
        session.get(Webhook, webhook.id).stopped_at = clock.now()
    with transaction():
        world.published(world.people["Nigar"])
    assert letters(session) == []


def test_a_body_that_was_changed_is_not_ours(webhook, event, web, send):
    send()
    (request,) = web.requests
    with pytest.raises(signatures.Forged):
        signatures.check(webhook.secret, request.headers, request.body + b" ", now=clock.now())
    with pytest.raises(signatures.Forged):
        signatures.check(webhook.secret, request.headers, request.body, now=clock.now() + timedelta(minutes=6))
    assert json.loads(request.body)["data"]["id"]
