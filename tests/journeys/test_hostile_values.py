"""Every address that takes a POST, as everybody, with hostile values in every field: an answer, never a 5xx.

Which fields there are is not listed anywhere: the request itself notes what the code asks it for. Which addresses there
are comes from the live URL map; real references and tokens come from pages and letters, as people come by them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string
from email.policy import SMTP
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from typing_extensions import override
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from campaign.calendar import pages
from campaign.campaigns import configuration
from campaign.campaigns import service as campaigns
from campaign.core.db import db
from campaign.events import service as events
from campaign.mail import engine as sending
from campaign.mail.models import KeptLetter
from campaign.mail.office import Office
from campaign.organizations.models import Role
from config import ROOT
from tests.factories.desk import World, details, sign_in, world_of
from tests.pages import Page

CAMPAIGNS = ROOT / "campaign" / "data" / "campaigns"
ROLES = ("visitor", "organiser", "viewer", "coordinator", "admin")
WHO = {"organiser": "Nigar", "viewer": "Vusal", "coordinator": "Lena", "admin": "Olga"}
HOSTILE = (
    "",
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass"),
    b"\xff\xfe",
    "a\u2028b\u202ec\ufeff\uffff\x85",
    "<script>alert(1)</script>{{7*7}}%(x)s%s",
    "'\"; DROP TABLE people; --",
    "\r\nBcc: victim@example.org\r\n\r\nbody",
    "x" * 100_000,
    "9" * 400,
    "-9223372036854775809",
    "1e999",
    "NaN",
    "0000-99-99T99:99",
    "../../../etc/passwd",
    "http://[::1",
    "a@b@c",
    "𝟚٢२",
)
VALUES = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.lists(st.sampled_from(HOSTILE), max_size=3))
asked: set[str] = set()


class Noting(ImmutableMultiDict[str, Any]):
    """Notes the name of every field that somebody looks for."""

    def __contains__(self, key: object) -> bool:
        asked.add(str(key))
        return super().__contains__(key)

    @override
    def get(self, key: str, *args: Any, **more: Any) -> Any:
        asked.add(key)
        return super().get(key, *args, **more)

    @override
    def getlist(self, key: str, *args: Any, **more: Any) -> Any:
        asked.add(key)
        return super().getlist(key, *args, **more)


class NotingRequest(Request):
    parameter_storage_class = Noting


@pytest.fixture
def spied(app: Flask) -> Iterator[Flask]:
    before, app.request_class = app.request_class, NotingRequest
    yield app
    app.request_class = before
    pages.forget()


@pytest.fixture
def world(session: Any) -> World:
    """Events in every state, an organisation with members, an invitation, and reminders to be confirmed."""
    made = world_of(session)
    campaigns.take_over(configuration.read((CAMPAIGNS / "khojaly.yaml").read_text(encoding="utf-8")))
    embassy = made.organization("Embassy", "DE")
    for name, role in (("Nigar", Role.OWNER), ("Vusal", Role.VIEWER)):
        made.member(made.people.get(name) or made.person(name), embassy, role)
    made.person("Olga", is_admin=True)
    for email_name in ("Unconfirmed",):
        made.person(email_name).email_confirmed_at = None
    nigar = made.people["Nigar"]
    made.event(nigar, organization=embassy, title="Waits")
    changed = made.published(nigar, organization=embassy, title="Changed")
    events.propose(changed, details(title="Another"), by=nigar)
    asked_about = made.event(nigar, organization=embassy, title="Asked")
    events.ask_for_change(asked_about, by=made.people["Lena"], question="Which hall?", marks={"venue": ""})
    events.postpone(made.published(nigar, title="Postponed"), by=nigar, reason="Rain")
    session.commit()
    return made


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the requests inside commit is taken back."""
    nested = db.engines[None].begin_nested()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        nested.rollback()


def as_role(app: Flask, world: World, role: str) -> Any:
    client = app.test_client()
    return sign_in(client, world.people[WHO[role]]) if role in WHO else client


def letters_bring(app: Flask, world: World) -> set[str]:
    """Paths of links in letters: to confirm, to reset, to join, to stop."""
    visitor, nigar = app.test_client(), as_role(app, world, "organiser")
    ref = Page.of(nigar.get("/my/").text).link("Changed").rsplit("/", 1)[1]
    visitor.post("/account/register", data={"name": "N", "email": "new@example.org", "password": "seven quiet candles"})
    visitor.post("/account/reset", data={"email": world.people["Vusal"].email})
    visitor.post(f"/e/{ref}/remind", data={"email": "reader@example.org"})
    found: set[str] = set()
    for _round in range(2):
        sending.send_due(Office(smtp_url=""))
        texts = [text_of(kept) for kept in db.session.scalars(select(KeptLetter))]
        links = {link for text in texts for link in re.findall(r"https?://[^\s\"<>]+", text)}
        found |= {urlsplit(link).path for link in links}
        for path in [p for p in found if p.startswith("/v/r/")]:
            visitor.post(path, data={"x": "1"})  # Confirmed, so that a second letter brings the other links.
    return found


def text_of(kept: KeptLetter) -> str:
    body = message_from_string(kept.source, policy=SMTP).get_body(("plain",))  # type: ignore[attr-defined]
    return str(body.get_content())


def walk(client: Any, app: Flask, start: set[str]) -> set[str]:
    """Paths of links and forms, from page to page; each endpoint twice at most."""
    adapter, seen, waiting, visits = app.url_map.bind("localhost"), set(), sorted(start), {}
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        try:
            rule, _args = adapter.match(path, method="GET", return_rule=True)
        except HTTPException:
            continue
        visits[rule.endpoint] = visits.get(rule.endpoint, 0) + 1
        if visits[rule.endpoint] > 2 or rule.endpoint in ("static", "media.picture"):
            continue
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.mimetype == "text/html":
            page = Page.of(answer.text)
            links = [*page.links(), *(form.action for form in page.forms())]
            waiting += [urlsplit(link).path for link in links if link.startswith("/")]
    return seen


def targets(app: Flask, paths: set[str]) -> dict[str, list[str]]:
    """Addresses that take a POST, by endpoint: real ones where they are known, made-up ones elsewhere."""
    adapter = app.url_map.bind("localhost")
    found: dict[str, list[str]] = {}
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            found.setdefault(rule.endpoint, []).append(made_up(rule))
    for path in sorted(paths):
        try:
            endpoint, _args = adapter.match(path, method="POST")
        except HTTPException:
            continue
        if len(found[endpoint]) < 2:
            found[endpoint].append(path)
    return found


def made_up(rule: Rule) -> str:
    return re.sub(r"<int:[^>]+>", "9" * 18, re.sub(r"<(?!int:)[^>]+>", "nothing", rule.rule))


def send(client: Any, path: str, values: dict[str, Any]) -> None:
    with undone():
        answer = client.post(path, data=values)
    assert answer.status_code < 500, (path, {name: str(value)[:80] for name, value in values.items()})


def names_asked(client: Any, path: str) -> list[str]:
    """The fields that the code behind this address looks for."""
    asked.clear()
    send(client, path, {"x": "1"})
    send(client, path, dict.fromkeys(asked, "1") | {"x": "1"})
    return sorted(asked - {"csrf_token", "x"})


@pytest.mark.parametrize("role", ROLES)
def test_hostile_values_everywhere(spied: Flask, world: World, role: str) -> None:
    paths = letters_bring(spied, world)
    client = as_role(spied, world, role)
    paths |= walk(client, spied, paths | {"/", "/en/khojaly/events/", "/my/", "/desk/queue/", "/account/"})
    addresses = [
        (path, names_asked(as_role(spied, world, role), path))
        for found in targets(spied, paths).values()
        for path in found
    ]
    assert max(len(names) for _path, names in addresses) > (60 if role == "organiser" else 2)
    for number, (path, names) in enumerate(addresses):
        for shift in (0, 7):
            value = HOSTILE[(number + shift) % len(HOSTILE)]
            send(as_role(spied, world, role), path, dict.fromkeys(names, value))
        send(as_role(spied, world, role), path, {name: (BytesIO(b"\x89PNG\r\n\x1a\n<svg"), "p.svg") for name in names})

    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def mixed(data: st.DataObject) -> None:
        path, names = data.draw(st.sampled_from(addresses))
        send(as_role(spied, world, role), path, {name: data.draw(VALUES, name) for name in names})

    mixed()


def test_numbers_in_addresses_that_no_column_holds(app: Flask, world: World) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    for number in ("0", "9" * 19, "9" * 5000):
        for rule in rules:
            path = re.sub(r"<int:[^>]+>", number, re.sub(r"<(?!int:)[^>]+>", "nothing", rule.rule))
            for role in ("visitor", "organiser", "admin"):
                for method in (rule.methods or set()) & {"GET", "POST"}:
                    client = as_role(app, world, role)
                    with undone():
                        answer = client.open(path, method=method)
                    assert answer.status_code < 500, (method, path[:120])
