"""Owners renew the secret without losing a request, and choose what their program is told of."""

from datetime import timedelta

import pytest

from campaign.core import clock, signatures
from campaign.core.db import transaction
from campaign.events import service as events
from campaign.partners import service
from tests.factories.desk import details
from tests.partners.conftest import ALL, told

EVERYTHING = ["published", "changed", "postponed", "cancelled"]


def _tells(secret, request):
    try:
        return bool(signatures.check(secret, request.headers, request.body, now=clock.now()))
    except signatures.Forged:
        return False


def test_both_secrets_sign_for_a_day(owner, page, webhook, web, send, session, moved_clock):
    former = webhook.secret
    assert owner.post(f"{page}secret").status_code == 303
    shown = owner.get(page).text
    assert webhook.secret != former
    assert webhook.secret in shown
    assert former not in shown
    owner.post(f"{page}try")
    send()
    moved_clock.shift(timedelta(hours=23, minutes=59))
    owner.post(f"{page}try")
    send()
    first, second = web.requests[:2]
    assert _tells(webhook.secret, second)
    assert _tells(former, second)
    assert first.headers["webhook-signature"].count("v1,") == 2
    moved_clock.shift(timedelta(minutes=2))
    owner.post(f"{page}try")
    send()
    assert _tells(webhook.secret, web.requests[2])
    assert not _tells(former, web.requests[2])


def _prefer(webhook, world, *changes, country=""):
    with transaction():
        service.prefer(webhook, changes=changes or EVERYTHING, country=country, by=world.people["Olga"])


def _change(event, world, **changes):
    with transaction():
        proposed = events.propose(event, details(**changes), by=world.people["Nigar"])
        events.apply_revision(event, proposed, by=world.people["Lena"])


def test_only_the_chosen_changes_and_what_was_withdrawn(webhook, world, web, send):
    _prefer(webhook, world, "cancelled")
    lena = world.people["Lena"]
    with transaction():
        event, other = world.published(world.people["Nigar"]), world.published(world.people["Nigar"])
    _change(event, world, title="Another title")
    with transaction():
        events.cancel(event, reason="The hall is closed.", by=lena)
        events.withdraw(other, reason="", by=lena)
    send()
    assert sorted(one["type"] for one in told(web, webhook)) == ["event.cancelled", "event.withdrawn"]


def test_only_one_country_and_what_moves_out_of_it(webhook, world, web, send):
    _prefer(webhook, world, country="FR")
    with transaction():
        world.published(world.people["Nigar"])
        event = world.published(world.people["Nigar"], country="FR", city="Paris", time_zone="Europe/Paris")
    send()
    _change(event, world, city="Berlin", country="DE")
    send()
    _change(event, world, city="Berlin", country="DE", title="Another title")
    send()
    news = told(web, webhook)
    assert [(one["type"], one["data"]["id"]) for one in news] == [
        ("event.published", event.ref),
        ("event.changed", event.ref),
    ]


def test_the_page_keeps_what_was_chosen(owner, page, webhook, session):
    assert owner.get(page).text.count(" checked") == len(EVERYTHING)
    answer = owner.post(f"{page}news", data={"changes": ["published", "withdrawn", "x"], "country": "DE"})
    assert answer.status_code == 303
    session.refresh(webhook)
    assert (webhook.changes, webhook.country) == (["published"], "DE")
    shown = owner.get(page).text
    assert shown.count(" checked") == 1
    listed = owner.get(ALL).text
    assert "Germany · An event is published</span>" in listed
    assert '<option selected value="DE">' in shown
    owner.post(f"{page}news", data={"changes": EVERYTHING, "country": ""})
    session.refresh(webhook)
    assert (webhook.changes, webhook.country) == ([], ""), "whatever kinds of change there will be"


@pytest.mark.parametrize("data", [{"country": ""}, {"changes": ["published"], "country": "Narnia"}])
def test_a_choice_that_means_nothing_is_refused(owner, page, webhook, session, data):
    answer = owner.post(f"{page}news", data=data)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    session.refresh(webhook)
    assert (webhook.changes, webhook.country) == ([], "")
