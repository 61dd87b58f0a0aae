"""What every request passes: host, headers, language, error pages."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DBAPIError

from campaign.core import folding, languages, paging
from campaign.core.db import DATABASE_AWAY


def test_a_foreign_host_is_refused(client: FlaskClient) -> None:
    assert client.get("/account/sign-in", headers={"Host": "evil.example"}).status_code == 400


def test_headers_close_the_page(client: FlaskClient) -> None:
    answer = client.get("/account/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "code"), [("/nothing", 404), ("/xx/nothing/", 404), ("/my/events/ABC123/cancel", 405)]
)
def test_errors_are_pages_that_help(client: FlaskClient, path: str, code: int) -> None:
    answer = client.get(path)
    assert answer.status_code == code
    assert "<h1>" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("headers", "language"), [({}, "en"), ({"Accept-Language": "ar,en;q=0.5"}, "ar"), ({"Accept-Language": "xx"}, "en")]
)
def test_the_browser_chooses_the_language(client: FlaskClient, headers: dict[str, str], language: str) -> None:
    assert f'lang="{language}"' in client.get("/account/sign-in", headers=headers).get_data(as_text=True)


def test_the_address_wins_over_the_browser(client: FlaskClient) -> None:
    answer = client.get("/account/sign-in?lang=az", headers={"Accept-Language": "ar"})
    assert 'lang="az"' in answer.get_data(as_text=True)
    assert languages.direction("ar") == "rtl"


@pytest.mark.parametrize(("one", "other"), [("İSTANBUL", "istanbul"), ("Xocalı", "xocali"), ("Bakı", "baki")])
def test_names_fold_to_the_same(one: str, other: str) -> None:
    assert folding.fold(one) == folding.fold(other)


@pytest.mark.parametrize("page", ["", "!!", "W10", "bm90IGpzb24", "WzEsMl0", paging.encode(2**63)])
def test_a_broken_page_key_is_no_key(page: str) -> None:
    assert paging.decode(page, int) is None
    assert paging.decode(paging.encode(7), int) == (7,)


@pytest.mark.parametrize("fault", DATABASE_AWAY)
def test_a_database_that_is_away_says_when_to_come_again(app: Flask, fault: type[DBAPIError]) -> None:
    with app.test_request_context("/account/sign-in"):
        answer = app.make_response(app.handle_user_exception(fault("select 1", {}, Exception("it was cut"))))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_a_letters_links_are_not_written_down(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever has the link to somebody's letters can change them; a log is read by others than whom it is about."""

    def broken(*_arguments: object, **_values: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(app.view_functions, "wishes.manage", broken)
    assert client.get("/m/the-secret-of-somebody").status_code == 500
    said = capsys.readouterr()
    assert "/m/<token>" in said.out + said.err
    assert "the-secret" not in said.out + said.err
