"""The organisers' own pages over HTTP."""

import pytest
from sqlalchemy import select

from campaign.accounts import passwords
from campaign.accounts.models import Person
from campaign.core import clock
from campaign.mail.models import Letter
from campaign.organizations import queries, service
from campaign.organizations.models import Kind, Role

GOOD = "seven quiet candles"
DATA = {"name": "Dərnək <Köln>", "kind": "diaspora", "country": "DE", "city": "Köln", "website": "www.example.org"}


@pytest.fixture(scope="module")
def secret():
    return passwords.keep(GOOD)


@pytest.fixture
def people(app, session, secret):
    """Makes a person and gives a client in which they are signed in."""

    def make(name):
        person = Person(
            email=f"{name}@example.org", name=name.title(), password_hash=secret, email_confirmed_at=clock.now()
        )
        session.add(person)
        session.flush()
        client = app.test_client()
        client.post("/account/sign-in", data={"email": person.email, "password": GOOD})
        return client, person

    return make


def test_a_visitor_is_led_to_sign_in(client):
    assert client.get("/my/organisation/").location == "/account/sign-in?next=/my/organisation/"


def test_founding_and_changing_an_organisation(people):
    client, _person = people("owner")
    assert client.post("/my/organisation/", data=DATA).location == "/my/organisation/dernek-koln/"
    assert "Dərnək &lt;Köln&gt;" in client.get("/my/organisation/").text
    assert "Dərnək &lt;Köln&gt;" in client.get("/my/organisation/dernek-koln/").text
    assert client.post("/my/organisation/dernek-koln/", data=DATA | {"city": "Bonn"}).status_code == 302
    assert queries.get_by_slug("dernek-koln").city == "Bonn"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"kind": "club"}, {"country": "XX"}, {"website": "ftp://x"}])
def test_refused_data_is_kept_and_explained(people, wrong):
    client, person = people("owner")
    page = client.post("/my/organisation/", data=DATA | {"city": "Bonn am Rhein"} | wrong)
    assert page.status_code == 422
    assert "Bonn am Rhein" in page.text
    assert not queries.memberships_of(person.id)


def test_outsiders_see_nothing(people):
    owner, _person = people("owner")
    owner.post("/my/organisation/", data=DATA)
    stranger, _other = people("stranger")
    assert stranger.get("/my/organisation/dernek-koln/").status_code == 404
    assert stranger.post("/my/organisation/dernek-koln/", data=DATA).status_code == 404
    assert stranger.post("/my/organisation/dernek-koln/members", data={"email": "a@example.org"}).status_code == 404


def test_members_over_the_pages(people, session):
    owner, me = people("owner")
    owner.post("/my/organisation/", data=DATA)
    editor, other = people("editor")
    base = "/my/organisation/dernek-koln/members"
    assert owner.post(base, data={"email": other.email, "role": "editor"}).status_code == 302
    assert owner.post(base, data={"email": other.email, "role": "editor"}).status_code == 422
    assert editor.get("/my/organisation/dernek-koln/").status_code == 200
    assert editor.post("/my/organisation/dernek-koln/", data=DATA).status_code == 403
    assert editor.post(f"{base}/{me.id}/remove").status_code == 403
    assert owner.post(f"{base}/{me.id}/remove").status_code == 422
    assert owner.post(f"{base}/{other.id}/role", data={"role": "king"}).status_code == 422
    assert owner.post(f"{base}/{other.id}/role", data={"role": "owner"}).status_code == 302
    assert owner.post(f"{base}/{me.id}/remove").location == "/my/organisation/"
    assert owner.post(f"{base}/{'9' * 40}/remove").status_code == 404
    organization = queries.get_by_slug("dernek-koln")
    assert [m.role for m in queries.members_of(organization.id)] == [Role.OWNER]


def test_an_invitation_over_the_pages(people, session):
    owner, me = people("owner")
    organization = service.found(name="Museum", kind=Kind.MUSEUM, by=me)
    owner.post("/my/organisation/museum/members", data={"email": "new@example.org", "role": "viewer"})
    path = session.scalar(select(Letter.context).where(Letter.kind == "member_invited"))["link"]
    path = path.removeprefix("http://localhost")
    new, person = people("new")
    assert owner.get(path).status_code == 422
    assert new.get(path).status_code == 200
    assert queries.role_of(person.id, organization.id) is None
    assert new.post(path).location == "/my/organisation/museum/"
    assert queries.role_of(person.id, organization.id) is Role.VIEWER
    assert new.get("/my/organisation/join/garbage").status_code == 422
