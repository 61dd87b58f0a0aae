"""Kept letters can be read, as text with links, and only outside production."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core.db import transaction
from campaign.mail import engine
from campaign.mail.composers import Compose, Message
from campaign.mail.models import KeptLetter, Letter
from campaign.mail.office import Office


@pytest.fixture
def kept(session: Session, promise: Callable[..., Letter], compose: Callable[[Compose], None]) -> int:
    link = "https://x.example/v/token"
    compose(lambda _: Message(subject="Salam <b>", text=f"Bakı: {link}\n", html="<p><script>x</script></p>\n"))
    promise(to="nigar@example.org")
    engine.send_due(Office())
    return session.scalars(select(KeptLetter.id)).one()


def test_the_list_names_letters_and_finds_them_by_address(client: FlaskClient, kept: int) -> None:
    assert "Salam &lt;b&gt;" in client.get("/outbox/").text
    assert f"/outbox/{kept}" in client.get("/outbox/?to=NIGAR@").text
    assert f"/outbox/{kept}" not in client.get("/outbox/?to=someone").text


def test_a_letter_shows_text_with_links_and_its_source_unharmed(client: FlaskClient, kept: int) -> None:
    page = client.get(f"/outbox/{kept}").text
    assert 'href="https://x.example/v/token"' in page
    assert "Bakı:" in page
    assert "<script>x</script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("address", ["/outbox/", "/outbox/1"])
def test_there_is_no_outbox_in_production(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], environment="production"))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("query", ["?page=!!", "?page=WzFd", "?to=%00", "?to=%25%5F", "?page=" + "A" * 300])
def test_strange_questions_are_answered(client: FlaskClient, query: str) -> None:
    assert client.get(f"/outbox/{query}").status_code == 200


def test_unknown_letters_are_not_found(client: FlaskClient) -> None:
    for number in (0, 999_999, 10**30):
        assert client.get(f"/outbox/{number}").status_code == 404


def test_more_than_a_page_can_be_leafed_through(client: FlaskClient, session: Session) -> None:
    with transaction():
        session.add_all(KeptLetter(recipient="a@example.org", title=f"T{n}", source="\n") for n in range(60))
    first = client.get("/outbox/").text
    assert "T59" in first
    assert "T3<" not in first
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "T3<" in client.get(older).text
