"""Owners add, try, stop and remove webhooks; nobody else knows of them."""

import pytest

from campaign.core.db import transaction
from campaign.core.faults import Invalid
from campaign.core.outbound import Line, Outside
from campaign.mail.composers import Parcel
from campaign.mail.models import Letter, Status
from campaign.mail.posting import Courier
from campaign.mail.troubles import TryLater
from campaign.organizations.models import Membership, Role
from campaign.partners import service
from campaign.partners.carrier import judge
from campaign.partners.models import Webhook
from tests.partners.conftest import ALL, told
from tests.servers.webserver import Answer


def test_an_owner_adds_one_and_tries_it(owner, world, web, send, session):
    answer = owner.post(ALL, data={"campaign": world.campaign.slug, "url": f"{web.url}/hook"})
    assert answer.status_code == 303
    (webhook,) = session.query(Webhook)
    page = owner.get(answer.location)
    assert webhook.secret in page.text
    assert owner.post(f"{answer.location}try").status_code == 303
    send()
    (news,) = told(web, webhook)
    assert (news["type"], news["data"]) == ("test", {"webhook": webhook.ref, "campaign": world.campaign.slug})
    assert "sent" in owner.get(answer.location).text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "partner.example.org",
        "http://partner.example.org/",
        "https://u:p@partner.example.org/",
        "https://10.0.0.1:22/",
    ],
)
def test_an_address_that_cannot_work_is_refused_and_kept(owner, world, session, url):
    answer = owner.post(ALL, data={"campaign": world.campaign.slug, "url": url})
    assert answer.status_code == 422
    assert url in answer.text
    assert session.query(Webhook).count() == 0


def test_no_webhook_reaches_the_inside(world, embassy):
    """In production not even this machine; where a name leads is judged again whenever something is sent."""
    with pytest.raises(Invalid) as refused, transaction():
        service.add(embassy, world.campaign, "http://127.0.0.1:9/", by=world.people["Olga"], outside=Outside())
    assert "url" in str(refused.value.problems)


def test_a_name_that_leads_inside_gets_nothing(web):
    inside = Outside(resolve=lambda _host, _port: ["127.0.0.1"])
    parcel = Parcel(address=f"https://partner.example.org:{web.port}/", headers={}, body=b"{}")
    with Line(inside) as line, pytest.raises(TryLater, match="not public"):
        Courier(line, judge).send(parcel.address, parcel)
    assert web.connections == 0


def test_bounds(owner, world, embassy, web, session):
    data = {"campaign": world.campaign.slug, "url": f"{web.url}/0"}
    owner.post(ALL, data=data)
    assert owner.post(ALL, data=data).status_code == 422, "the same twice"
    assert owner.post(ALL, data=data | {"campaign": "nope"}).status_code == 422
    for number in range(1, service.AT_MOST + 1):
        code = owner.post(ALL, data=data | {"url": f"{web.url}/{number}"}).status_code
        assert code == (303 if number < service.AT_MOST else 422)
    embassy.verified_at = None
    session.commit()
    assert owner.post(ALL, data=data | {"url": f"{web.url}/x"}).status_code == 403
    assert "A coordinator verifies" in owner.get(ALL).text


def test_stopping_starting_and_removing(owner, page, webhook, session, world, send, web):
    with transaction():
        world.published(world.people["Nigar"])
    assert owner.post(f"{page}stop").status_code == 303
    assert owner.post(f"{page}try").status_code == 409
    send()
    assert web.requests == []
    assert owner.post(f"{page}start").status_code == 303
    assert session.get(Webhook, webhook.id).stopped_at is None
    assert owner.post(f"{page}remove").status_code == 303
    assert session.query(Webhook).count() == 0
    assert owner.get(page).status_code == 404
    assert session.query(Letter).filter_by(kind="webhook_stopped").count() == 0, "who did it needs no letter"


def test_a_delivery_is_sent_again_by_hand(owner, page, webhook, world, web, send, session):
    with transaction():
        world.published(world.people["Nigar"])
    (letter,) = session.query(Letter).filter_by(channel="webhook")
    assert owner.post(f"{page}again/{letter.id}").status_code == 409, "it waits"
    send()
    assert owner.post(f"{page}again/{letter.id}").status_code == 303
    send()
    first, second = told(web, webhook)
    assert first["id"] == second["id"]
    assert owner.post(f"{page}again/99999").status_code == 404


def test_what_went_wrong_is_shown(owner, page, webhook, world, web, send):
    web.decide = lambda _request: Answer(500)
    with transaction():
        world.published(world.people["Nigar"])
    send()
    text = owner.get(page).text
    assert "it answered 500" in text
    assert "An event is published" in text


def test_for_others_there_is_no_such_thing(signed_in, client, world, embassy, page, webhook, session):
    editor = world.person("Edda")
    session.add(Membership(person_id=editor.id, organization_id=embassy.id, role=Role.EDITOR))
    session.commit()
    assert client.get(ALL).status_code == 302
    for person in (editor, world.people["Lena"]):
        visitor = signed_in(person)
        for address in (ALL, page):
            assert visitor.get(address).status_code == 404
        for act in ("try", "stop", "start", "remove", "again/1", "secret", "news"):
            assert visitor.post(f"{page}{act}").status_code == 404
        assert visitor.get("/desk/webhooks/").status_code == 403
    assert session.query(Webhook).filter(Webhook.stopped_at.is_(None)).count() == 1


def test_operators_see_and_stop_all_of_them(signed_in, world, page, webhook, session):
    operator = world.person("Samir")
    operator.is_admin = True
    session.commit()
    visitor = signed_in(operator)
    assert webhook.url in visitor.get("/desk/webhooks/").text
    assert visitor.post(f"{page}stop").status_code == 303
    assert session.get(Webhook, webhook.id).stopped_at is not None
    assert session.query(Letter).filter_by(status=Status.PENDING, channel="webhook").count() == 0


@pytest.mark.parametrize("language", ["az", "ar"])
def test_pages_speak_every_language(owner, page, language):
    for address in (ALL, page):
        assert owner.get(f"{address}?lang={language}").status_code == 200
