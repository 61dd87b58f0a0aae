"""The account pages over HTTP."""

import re

import pytest
from flask import g, url_for
from flask_login import login_user
from sqlalchemy import select

from campaign.accounts import gates, passwords, queries
from campaign.accounts.models import OptionalLetter, Person
from campaign.core import clock
from campaign.core.faults import NotAllowed
from campaign.mail.models import Letter

GOOD = "seven quiet candles"


@pytest.fixture(scope="module")
def secret():
    return passwords.keep(GOOD)


@pytest.fixture
def aysel(session, secret):
    made = Person(email="aysel@example.org", name="Aysel", password_hash=secret, email_confirmed_at=clock.now())
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def checked_forms(app):
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def sign_in(client, **more):
    return client.post("/account/sign-in", data={"email": "aysel@example.org", "password": GOOD, **more})


def csrf_token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def hidden(page):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))


def test_the_whole_way_from_registering_to_signing_out(client, session):
    data = {"name": "Leyla", "email": "Leyla@example.org", "password": GOOD}
    assert client.post("/account/register", data=data).status_code == 200
    link = session.scalar(select(Letter.context).where(Letter.recipient == "leyla@example.org"))["link"]
    path = link.removeprefix("http://localhost")
    assert client.get(path).status_code == 200
    assert not queries.find_by_email("leyla@example.org").is_confirmed
    assert client.post(path).status_code == 302
    assert queries.find_by_email("leyla@example.org").is_confirmed
    client.post("/account/sign-in", data={"email": "leyla@example.org", "password": GOOD})
    assert client.get("/account/").status_code == 200
    client.post("/account/sign-out")
    assert client.get("/account/").status_code == 302


def test_registering_answers_the_same_for_known_and_unknown_addresses(client, aysel):
    pages = []
    for email in ("aysel@example.org", "other@example.org"):
        page = client.post("/account/register", data={"name": "X", "email": email, "password": GOOD})
        pages.append((page.status_code, page.text.replace(email, "")))
    assert pages[0] == pages[1]


def test_a_refused_registration_keeps_what_was_typed(client):
    page = client.post("/account/register", data={"name": "Leyla", "email": "nothing", "password": GOOD})
    assert page.status_code == 422
    assert 'value="Leyla"' in page.text
    assert GOOD not in page.text


def test_a_wrong_password_is_refused_with_a_sentence(client, aysel):
    page = client.post("/account/sign-in", data={"email": "aysel@example.org", "password": "wrong"})
    assert page.status_code == 422
    assert "password is not right" in page.text


@pytest.mark.parametrize(("asked", "target"), [("/account/?a=1", "/account/?a=1"), ("//evil.example", "/account/")])
def test_signing_in_leads_only_to_this_site(client, aysel, asked, target):
    assert sign_in(client, next=asked).location == target


def test_signing_in_begins_a_new_session(client, aysel):
    with client.session_transaction() as planted:
        planted["planted"] = "yes"
    sign_in(client)
    with client.session_transaction() as kept:
        assert "planted" not in kept
        assert kept["_user_id"] == aysel.get_id()


def test_a_visitor_is_led_to_sign_in_and_back(client):
    assert client.get("/account/?tab=2").location == "/account/sign-in?next=/account/?tab%3D2"


def test_a_reset_over_the_pages_ends_other_sessions(app, client, session, aysel):
    sign_in(client)
    other = app.test_client()
    other.post("/account/reset", data={"email": "aysel@example.org"})
    path = session.scalar(select(Letter.context).where(Letter.kind == "reset_password"))["link"]
    path = path.removeprefix("http://localhost")
    assert other.post(path, data={"password": "short"}).status_code == 422
    assert other.post(path, data={"password": "another good secret"}).status_code == 302
    assert other.get("/account/").status_code == 200
    assert client.get("/account/").status_code == 302
    assert other.get(path).status_code == 422


def test_a_new_password_keeps_this_session_and_ends_others(app, client, aysel):
    sign_in(client)
    other = app.test_client()
    sign_in(other)
    data = {"current": GOOD, "new": "another good secret"}
    assert client.post("/account/password", data=data).status_code == 302
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert client.post("/account/password", data=data).status_code == 422


def test_the_profile_decides_the_language(client, session, aysel):
    sign_in(client)
    data = {"name": "Aysel M.", "language": "az", "time_zone": "Asia/Baku"}
    assert client.post("/account/", data=data).status_code == 302
    assert (aysel.name, aysel.language, aysel.time_zone) == ("Aysel M.", "az", "Asia/Baku")
    assert client.post("/account/", data={**data, "time_zone": "Mars/Base"}).status_code == 422


def test_an_unconfirmed_person_reads_what_to_do(client, session, aysel):
    aysel.email_confirmed_at = None
    session.flush()
    sign_in(client)
    page = client.get("/my/organisation/")
    assert page.status_code == 403
    assert "/account/resend" in page.text
    assert client.post("/account/resend").status_code == 200
    assert session.scalar(select(Letter.kind)) == "confirm_address"


@pytest.mark.parametrize("path", ["/v/garbage", "/account/reset/garbage", "/v/%00", "/v/é.b.c"])
def test_a_damaged_link_gets_a_page_that_helps(client, path):
    page = client.get(path)
    assert page.status_code == 422
    assert "<h1>" in page.text


def test_the_theme_is_a_cookie(client):
    answer = client.post("/account/theme", data={"theme": "dark", "next": "/account/sign-in"})
    assert answer.location == "/account/sign-in"
    assert "theme=dark" in answer.headers["Set-Cookie"]
    assert client.post("/account/theme", data={"theme": "", "next": "//evil.example"}).location == "/"


def test_an_ended_session_keeps_the_form(client, aysel):
    typed = {"name": 'A "quoted" <name>', "language": "az", "time_zone": "", "current_password": "hidden"}
    page = client.post("/account/?tab=2", data=typed)
    assert page.status_code == 401
    assert "hidden" not in hidden(page).values()
    assert "A &#34;quoted&#34; &lt;name&gt;" in page.text
    kept = {"kept:name": typed["name"], "kept:language": "az", "kept:time_zone": "", "next": "/account/?tab=2"}
    refused = client.post("/account/sign-in", data={"email": "aysel@example.org", "password": "wrong", **kept})
    assert refused.status_code == 422
    assert "kept:language" in hidden(refused)
    resumed = sign_in(client, **kept)
    assert resumed.status_code == 200
    assert 'action="/account/?tab=2"' in resumed.text
    assert client.post("/account/?tab=2", data=hidden(resumed) | {"name": typed["name"]}).status_code == 302
    assert (aysel.name, aysel.language) == (typed["name"], "az")


def test_an_ended_session_keeps_the_form_with_tokens_checked(client, session, aysel, checked_forms):
    page = client.post("/account/", data={"name": "Kept", "language": "en", "time_zone": ""})
    assert page.status_code == 401
    fields = hidden(page) | {"csrf_token": csrf_token(page), "email": "aysel@example.org", "password": GOOD}
    resumed = client.post("/account/sign-in", data=fields)
    assert "Continue and send" in resumed.text
    assert client.post("/account/", data=hidden(resumed)).status_code == 302
    assert aysel.name == "Kept"


def test_a_form_from_another_site_is_never_kept(client, checked_forms):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        page = client.post("/account/", data={"name": "Planted"}, headers=headers)
        assert page.status_code == 400
        assert "Planted" not in page.text


def test_a_form_too_long_to_keep_says_so(client):
    page = client.post("/account/", data={"name": "x" * 300_000})
    assert page.status_code == 401
    assert "could not be kept" in page.text
    assert len(page.text) < 50_000


def test_sign_in_without_a_token_is_refused(client, aysel, checked_forms):
    assert sign_in(client).status_code == 400


def test_a_view_names_one_gate():
    with pytest.raises(TypeError):
        gates.public(gates.signed_in(lambda: ""))


def test_every_account_view_names_its_gate(app):
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith(("accounts.", "organizations.")):
            assert getattr(view, "gate", None), endpoint


def test_the_administrator_gate_refuses_others(app, session, aysel):
    view = gates.administrator(lambda: "inside")
    assert view.gate == "administrator"
    with app.test_request_context("/"):
        login_user(aysel)
        with pytest.raises(NotAllowed):
            view()
        aysel.is_admin = True
        assert view() == "inside"


def test_a_cached_page_reads_no_session(app):
    with app.test_request_context("/"):
        assert gates.cached_public(lambda: str(g.is_cacheable))() == "True"
        assert "_login_user" not in g  # Where the signed-in person would be, had anybody looked.


def test_guessing_passwords_is_slowed_down_per_address(client, aysel, limited):
    for n in range(10):
        origin = {"REMOTE_ADDR": f"10.0.0.{n}"}
        data = {"email": "aysel@example.org", "password": "wrong"}
        assert client.post("/account/sign-in", data=data, environ_overrides=origin).status_code == 422
    late = {"email": " Aysel@example.org", "password": GOOD}
    assert client.post("/account/sign-in", data=late, environ_overrides={"REMOTE_ADDR": "10.0.0.99"}).status_code == 429
    assert client.get("/account/sign-in").status_code == 200


def test_registering_and_resetting_are_limited_per_machine(client, limited):
    for path in ("/account/register", "/account/reset"):
        codes = [client.post(path, data={"email": f"nobody{n}"}).status_code for n in range(6)]
        assert codes == [422] * 5 + [429]


def test_the_command_prints_a_link_that_sets_the_password(app, client):
    result = app.test_cli_runner().invoke(args=["accounts", "create-admin", "operator@example.org"])
    assert result.exit_code == 0
    path = result.output.strip().removeprefix("http://localhost")
    assert client.post(path, data={"password": GOOD}).status_code == 302
    assert app.test_cli_runner().invoke(args=["accounts", "create-admin", "nothing"]).exit_code == 1


def test_addresses_are_the_documented_ones(app):
    with app.test_request_context():
        assert url_for("accounts.confirm", token="t") == "/v/t"
        assert url_for("accounts.reset_with", token="t") == "/account/reset/t"
        assert url_for("looks.theme") == "/account/theme"


def test_a_time_zone_is_chosen_without_a_script_and_forgotten_again(client, session):
    page = client.get("/account/time-zone?next=/account/sign-in&lang=en").text
    assert '<option value="Asia/Baku">Baku</option>' in page
    answer = client.post("/account/time-zone", data={"time_zone": "Asia/Baku", "next": "/account/sign-in"})
    assert (answer.status_code, answer.location) == (303, "/account/sign-in")
    assert "tz=Asia/Baku" in answer.headers["Set-Cookie"]
    assert "HttpOnly" not in answer.headers["Set-Cookie"]
    assert "Your time zone: Baku." in client.get("/account/sign-in?lang=en").text
    for wrong in ("", "Mars/Olympus", "x" * 5000, "\0"):
        answer = client.post("/account/time-zone", data={"time_zone": wrong, "next": "//evil.example"})
        assert (answer.status_code, answer.location) == (303, "/")
        assert "tz=;" in answer.headers["Set-Cookie"]


def test_letters_are_chosen_one_by_one(client, aysel):
    sign_in(client)
    page = client.get("/account/").text
    assert page.count('name="wanted"') == 4, "what waits for a desk is for those who have one"
    assert page.count(" checked") == 4
    offered = ["event_check", "event_report", "event_draft", "season"]
    answer = client.post("/account/letters", data={"offered": [*offered, "confirm_address"], "wanted": offered[1:]})
    assert answer.status_code == 303
    assert queries.unwanted(aysel.id) == {"event_check"}
    assert client.get("/account/").text.count(" checked") == 3
    # Twice is once, and what was not on the page stays as it is.
    client.post("/account/letters", data={"offered": ["event_check", "season"], "wanted": []})
    client.post("/account/letters", data={"offered": ["season"], "wanted": ["season"]})
    assert queries.unwanted(aysel.id) == {"event_check"}
    assert not queries.wants(aysel.id, OptionalLetter.CHECK)
