"""What every answer of the API carries, right or wrong: problems, CORS, limits, and the document itself."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign import create_app
from campaign.calendar.api import queries
from campaign.campaigns.models import Campaign
from config import Settings
from tests.calendar.conftest import details, publish
from tests.servers.ports import free_port

ROOT = "/api/v1/campaigns/remembrance"


def problem(answer: object, code: int) -> dict[str, object]:
    """The problem of an answer, checked for what RFC 9457 and this house ask of it."""
    assert answer.status_code == code  # type: ignore[attr-defined]
    assert answer.mimetype == "application/problem+json"  # type: ignore[attr-defined]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"  # type: ignore[attr-defined]
    assert answer.headers["Cache-Control"] == "no-store"  # type: ignore[attr-defined]
    said: dict[str, object] = answer.get_json()  # type: ignore[attr-defined]
    assert said["status"] == code
    assert said["type"] == f"http://localhost/developers/#problem-{code}"
    assert str(said["detail"]).endswith(".")
    assert said["title"]
    return said


@pytest.mark.parametrize("path", ["/api/", "/api/v2/", "/api/v2/campaigns", f"{ROOT}/nothing", "/api/v1/events/%00"])
def test_nothing_there(client: FlaskClient, campaign: Campaign, path: str) -> None:
    problem(client.get(path), 404)


@pytest.mark.parametrize("path", ["/api/v1/campaigns/x\0y", "/api/v1/organisations/x\0", "/api/v1/events/%F0%90%80"])
def test_text_that_no_column_can_hold(client: FlaskClient, campaign: Campaign, path: str) -> None:
    problem(client.get(path), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_nothing_can_be_written(client: FlaskClient, campaign: Campaign, method: str) -> None:
    answer = client.open(f"{ROOT}/events", method=method)
    problem(answer, 405)
    assert {name.strip() for name in answer.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=", "limit=%D9%A3", "limit=1e1", "limit=-1"])
def test_a_number_outside_its_bounds(client: FlaskClient, campaign: Campaign, query: str) -> None:
    said = problem(client.get(f"{ROOT}/events?{query}"), 422)
    assert said["errors"] == {"limit": "This must be a whole number from 1 to 100."}


def test_a_foreign_host(client: FlaskClient, campaign: Campaign) -> None:
    problem(client.get(f"{ROOT}/events", headers={"Host": "evil.example"}), 400)


def test_a_bug_of_ours(client: FlaskClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "page_of", lambda *_a, **_k: 1 / 0)
    monkeypatch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
    problem(client.get(f"{ROOT}/events"), 500)


def test_a_database_that_is_away(tmp_path: Path) -> None:
    nowhere = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"
    app = create_app(Settings.for_tests(database_url=nowhere, data_dir=tmp_path))
    answer = app.test_client().get("/api/v1/campaigns")
    problem(answer, 503)
    assert answer.headers["Retry-After"] == "30"


def test_pages_still_answer_with_pages(client: FlaskClient) -> None:
    assert client.get("/apish/").mimetype == "text/html"


def test_any_origin_may_read(client: FlaskClient, campaign: Campaign) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    asked["Access-Control-Request-Headers"] = "if-none-match"
    before = client.options(f"{ROOT}/events", headers=asked)
    assert before.status_code == 200
    assert "If-None-Match" in before.headers["Access-Control-Allow-Headers"]
    answer = client.get(f"{ROOT}/events", headers=asked)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert client.head(f"{ROOT}/events").headers["ETag"] == answer.headers["ETag"]


def test_the_61st_request_of_a_minute_waits(client: FlaskClient, campaign: Campaign, limited: None) -> None:
    for number in range(60):
        answer = client.get(ROOT if number % 2 else f"{ROOT}/events?limit={number + 1}")
        assert answer.status_code == 200
    assert answer.headers["RateLimit-Policy"] == '"address";q=60;w=60'
    assert answer.headers["RateLimit"].startswith('"address";r=0;t=')
    late = client.get(f"{ROOT}/events")
    problem(late, 429)
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    elsewhere = client.get(f"{ROOT}/events", environ_overrides={"REMOTE_ADDR": "10.0.0.9"})
    assert elsewhere.status_code == 200


def test_the_document_is_whole(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")
    document = answer.get_json()
    assert document["openapi"] == "3.1.0"
    routed = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    described = {path.replace("{", "<").replace("}", ">") for path in document["paths"]}
    assert described == routed - {"/api/v1/openapi.json"}
    for path, operations in document["paths"].items():
        assert operations["get"]["summary"], path
        assert {"200", "304", "429", "503"} <= set(operations["get"]["responses"]), path
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("noun", ["events", "occurrences", "places", "organisations", "statistics"])
@pytest.mark.parametrize(
    "query", ["q=" + "x" * 10_000, "near=%FF%FE", "city=%00", "on=9999-99-99", "org=%00", "&".join(["type=x"] * 500)]
)
def test_no_query_breaks_it(client: FlaskClient, campaign: Campaign, noun: str, query: str) -> None:
    publish(campaign, details())
    assert client.get(f"{ROOT}/{noun}?{query}").status_code == 200
