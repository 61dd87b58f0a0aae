"""A browser is reminded by the same rows as a mailbox: real keys, and a push service that really decrypts."""

import base64
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from campaign.core import keys
from campaign.core.db import transaction
from campaign.core.outbound import Outside
from campaign.events import service as listing
from campaign.mail import engine
from campaign.mail.models import Letter, Status
from campaign.mail.office import Office
from campaign.reminders.models import PushEndpoint, Reader, Subscription
from campaign.reminders.push.endpoints import Endpoint
from tests.servers import webserver
from tests.servers.certificates import write_key
from tests.servers.webserver import Answer, Web


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Browser:
    """One with keys of its own; it opens what the push service got for it."""

    web: Web
    path: str = "/wpush/v2/abc"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def subscription(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": f"{self.web.url}{self.path}", "p256dh": b64(point), "auth": b64(self.auth)}

    def shown(self) -> list[dict[str, str]]:
        found = []
        for request in self.web.requests:
            if request.path == self.path:
                assert request.headers["content-encoding"] == "aes128gcm"
                opened = http_ece.decrypt(
                    request.body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
                )
                found.append(json.loads(opened))
        return found


@pytest.fixture
def web() -> Iterator[Web]:
    with webserver.serve() as server:
        yield server


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_key(tmp_path_factory.mktemp("push") / "push.pem"))


@pytest.fixture
def offered(app: Any, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], push_key=key))


@pytest.fixture
def browser(web: Web, offered: None) -> Browser:
    return Browser(web)


@pytest.fixture
def ask(client: Any, browser: Browser) -> Callable[..., Any]:
    def post(event: Any, **changes: str) -> Any:
        return client.post(f"/e/{event.ref}/push", data=browser.subscription | changes)

    return post


@pytest.fixture
def later(session: Any, moved_clock: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Let the engine work at that moment."""

    def run(at: str = "") -> Any:
        if at:
            moved_clock.set(datetime.fromisoformat(at).replace(tzinfo=UTC))
        tally = engine.send_due(Office.current())
        session.expire_all()
        return tally

    return run


def test_a_browser_is_reminded_as_a_mailbox_is(publish, ask, browser, later, session, key):
    event = publish()
    answer = ask(event)
    assert answer.status_code == 201
    assert later().sent == 0, "nothing has to be confirmed"
    assert later("2027-02-19T08:59").sent == 0
    assert later("2027-02-19T09:00").sent == 1
    assert later("2027-02-25T09:00").sent == 1
    week, day = browser.shown()
    assert week["title"] == "In one week in Berlin: Evening of remembrance"
    assert day["title"] == "Tomorrow, 17:00 in Berlin: Evening of remembrance"
    assert "Friday, 26 February 2027, from 17:00 to 19:00 Berlin time" in day["body"]
    assert day["url"] == f"http://localhost/e/{event.ref}"
    assert (day["language"], day["direction"]) == ("en", "ltr")
    assert day["manage"].startswith("http://localhost/m/")
    assert day["change"] == "Change or stop"
    assert session.query(Letter).filter_by(channel="email").count() == 0


def test_who_sends_is_signed_for_this_service(publish, ask, web, later, key):
    ask(publish())
    later("2027-02-19T09:00")
    (request,) = web.requests
    scheme, _, rest = request.headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    assert parts["k"] == keys.public_point(key)
    assert Vapid02.verify(request.headers["authorization"])
    claims = json.loads(base64.urlsafe_b64decode(parts["t"].split(".")[1] + "=="))
    assert claims["aud"] == web.url
    assert claims["sub"].startswith("mailto:")
    assert 0 < int(request.headers["ttl"]) <= 7 * 24 * 3600
    assert len(request.headers["topic"]) == 32


def test_a_change_is_told_at_once(publish, ask, browser, later, change):
    event = publish()
    ask(event)
    change(event, venue="Another hall")
    later()
    (notice,) = browser.shown()
    assert "Another hall" in notice["body"]
    assert browser.web.requests[0].headers["urgency"] == "high"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(publish, ask, web, later, session, status):
    ask(publish())
    web.decide = lambda _request: Answer(status)
    later("2027-02-19T09:00")
    assert session.query(Reader).count() == 0
    assert session.query(PushEndpoint).count() == 0
    assert session.query(Letter).filter_by(channel="push").count() == 0
    later("2027-02-25T09:00")
    assert len(web.requests) == 1


@pytest.mark.parametrize("status", [400, 403, 429, 500])
def test_a_trouble_of_the_service_is_tried_again_in_place_of_the_first(publish, ask, web, later, session, status):
    ask(publish())
    web.decide = lambda _request: Answer(status)
    assert later("2027-02-19T09:00").deferred == 1
    web.decide = lambda _request: Answer(201)
    assert later("2027-02-19T09:05").sent == 1
    first, second = web.requests
    assert first.headers["topic"] == second.headers["topic"]
    assert session.query(Letter).filter_by(status=Status.SENT).count() == 1


def test_asking_twice_is_asking_once(publish, ask, session):
    event = publish()
    first, second = ask(event), ask(event)
    assert first.get_json() == second.get_json()
    assert session.query(Reader).count() == session.query(Subscription).count() == 1
    assert session.query(Letter).filter_by(channel="push").count() == 2


def test_its_owner_changes_and_stops_it_like_letters(publish, ask, client, later, browser, session):
    event = publish()
    manage = ask(event).get_json()["manage"]
    page = client.get(manage)
    assert "Notifications in one browser" in page.text
    assert "push:" not in page.text
    assert client.post(f"{manage}/stop").status_code == 303
    later("2027-02-19T09:00")
    assert browser.shown() == []
    wish = session.query(Subscription).one()
    assert client.post(f"{manage}/again", data={"subscription": str(wish.id)}).status_code == 303
    later("2027-02-25T09:00")
    assert [one["title"] for one in browser.shown()] == ["Tomorrow, 17:00 in Berlin: Evening of remembrance"]
    assert client.post(f"{manage}/erase").status_code == 200
    assert session.query(PushEndpoint).count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": ""},
        {"endpoint": "https://example.org/\r\nX: y"},
        {"p256dh": ""},
        {"p256dh": "AAAA"},
        {"p256dh": b64(b"\x04" + b"\x01" * 64)},
        {"p256dh": "é" * 87},
        {"auth": "AAAA"},
        {"auth": "!" * 22},
        {"auth": b64(b"a" * 16) + "\0"},
        {"auth": b64(b"a" * 16) + "\n"},
    ],
)
def test_what_is_no_subscription_is_refused(publish, ask, session, changes):
    assert ask(publish(), **changes).status_code == 422
    assert session.query(Reader).count() == 0


@pytest.mark.parametrize(
    ("host", "is_known"),
    [
        ("fcm.googleapis.com", True),
        ("updates.push.services.mozilla.com", True),
        ("web.push.apple.com", True),
        ("db5p.notify.windows.com", True),
        ("example.org", False),
        ("fcm.googleapis.com.example.org", False),
        ("evilpush.apple.com", False),
        ("127.0.0.1", False),
    ],
)
def test_only_push_services_of_browsers_are_written_to(browser, host, is_known):
    given = browser.subscription | {"endpoint": f"https://{host}/send/abc"}
    if is_known:
        assert Endpoint.read(given["endpoint"], given["p256dh"], given["auth"], Outside()).address.startswith("push:")
    else:
        with pytest.raises(ValueError, match=r"push service|not public"):
            Endpoint.read(given["endpoint"], given["p256dh"], given["auth"], Outside())


def test_an_event_that_is_over_is_no_wish(publish, ask, moved_clock, session):
    event = publish()
    with transaction():
        listing.cancel(event, by=None, reason="")
    assert ask(event).status_code == 409


def test_the_page_offers_it_only_with_a_key(publish, client, web, app, key, monkeypatch):
    event = publish()
    page = f"/en/khojaly/e/{event.ref}"
    assert "data-push" not in client.get(page, follow_redirects=True).text
    assert client.post(f"/e/{event.ref}/push", data={}).status_code == 404
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], push_key=key))
    page = client.get(page, query_string={"lang": "en"}, follow_redirects=True).text
    assert f'hidden data-push="{keys.public_point(key)}"' in page


def test_the_worker_stands_at_the_root_and_may_be_asked_for_again(client):
    answer = client.get("/push-worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    again = client.get("/push-worker.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
