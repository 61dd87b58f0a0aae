"""Public pages: states, filters, conditional requests, and how much they ask the database."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as listening

from campaign.calendar import views
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events import service
from campaign.events.lifecycle import Mode, Type
from tests.calendar.conftest import CITIES, details, publish

HOME = "/en/remembrance/"
PAGES = ("", "events/", "events/2027/02/", "events/2027/02/26/")


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_more: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    listening.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        listening.remove(db.engine, "before_cursor_execute", note)


FEEDS = [f"/feeds/remembrance.{ending}" for ending in ("ics", "rss", "atom", "json")]


@pytest.mark.parametrize("path", FEEDS + [HOME + page for page in PAGES])
def test_query_counts_do_not_grow(client: FlaskClient, campaign: Campaign, path: str) -> None:
    counts = []
    for number in (3, 30):
        for index in range(number):
            publish(campaign, details(list(CITIES)[index % 6], title=f"Evening {number} {index}"))
        db.session.commit()
        with counted() as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 14


@pytest.mark.parametrize("language", ["en", "az", "ar"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_in_every_language(client: FlaskClient, campaign: Campaign, language: str, page: str) -> None:
    publish(campaign, details())
    db.session.commit()
    body = client.get(f"/{language}/remembrance/{page}").get_data(as_text=True)
    assert f'lang="{language}"' in body
    assert ('dir="rtl"' in body.partition("<head>")[0]) is (language == "ar")


def test_filters_find_and_leave_out(client: FlaskClient, campaign: Campaign) -> None:
    for city in CITIES:
        publish(campaign, details(city, type=Type.LECTURE if city == "Baku" else Type.CEREMONY))
    publish(campaign, details("Berlin", title="Online hour", mode=Mode.ONLINE, stream_url="https://example.org/s"))
    db.session.commit()

    def titles(query: str) -> set[str]:
        body = client.get(f"{HOME}events/?{query}").get_data(as_text=True)
        return {
            city
            for city in [*CITIES, "Online hour"]
            if f"in {city.replace(chr(39), '&#39;')}<" in body or (city in body and city == "Online hour")
        }

    assert titles("country=AZ") == {"Baku"}
    assert titles("type=lecture") == {"Baku"}
    assert titles("q=kathmandu") == {"Kathmandu"}
    assert titles("mode=online") == {"Online hour"}
    assert titles("on=2027-02-25") == set()
    assert len(titles("")) == 7


@pytest.mark.parametrize(
    "query", ["on=2027-02-31", "type=%00", "country=ZZZ", "page=!!", "from=x&to=y", "near=a,b&r=-1"]
)
def test_nonsense_in_the_address_is_answered(client: FlaskClient, campaign: Campaign, query: str) -> None:
    assert client.get(f"{HOME}events/?{query}").status_code in (200, 400)
    assert client.get(f"/feeds/remembrance.ics?{query}").status_code in (200, 400)


def test_pages_answer_conditional_requests_until_something_changes(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details())
    db.session.commit()
    first = client.get(HOME)
    again = client.get(HOME, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    service.cancel(event, by=None, reason="Storm")
    db.session.commit()
    assert client.get(HOME, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_states_of_an_event_page(client: FlaskClient, campaign: Campaign) -> None:
    draft = service.draft(details(), campaign=campaign, by=None, organization_id=None)
    event = publish(campaign, details())
    db.session.commit()
    page = f"{HOME}e/{event.ref}"
    assert client.get(f"{HOME}e/{draft.ref}").status_code == 404
    shown = client.get(page, follow_redirects=True).get_data(as_text=True)
    assert "18:00 – 19:30" in shown
    assert "application/ld+json" in shown
    service.cancel(event, by=None, reason="The hall is closed.")
    db.session.commit()
    assert "The hall is closed." in client.get(page, follow_redirects=True).get_data(as_text=True)
    service.withdraw(event, by=None)
    db.session.commit()
    assert client.get(page).status_code == 410


def test_hostile_text_is_only_text(client: FlaskClient, campaign: Campaign) -> None:
    bad = "</script><script>alert(1)</script>"
    event = publish(campaign, details(title=bad, description=bad * 4, venue=bad, address=bad, content_note=bad))
    db.session.commit()
    for path in (f"{HOME}e/{event.ref}", HOME, f"{HOME}events/", f"{HOME}events/2027/02/"):
        assert "<script>alert" not in client.get(path, follow_redirects=True).get_data(as_text=True)


def test_the_second_time_follows_the_visitor(client: FlaskClient, campaign: Campaign) -> None:
    publish(campaign, details("Berlin", starts=datetime(2027, 2, 26, 18)))
    db.session.commit()
    client.set_cookie("tz", "Asia/Baku")
    assert "21:00 in Baku" in client.get(HOME).get_data(as_text=True)


def test_a_busy_day_has_pages_an_honest_number_and_its_countries(
    client: FlaskClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "OF_A_DAY", 4)
    for number in range(9):
        publish(campaign, details(("Berlin", "Baku")[number % 3 > 0], title=f"Evening number {number}"))
    db.session.commit()
    path, seen = f"{HOME}events/2027/02/26/", []
    while path:
        body = client.get(path).get_data(as_text=True)
        assert "9 events" in body
        seen += re.findall(r"Evening number \d", body)
        following = re.search(r'href="([^"]+)" rel="next"', body)
        path = html.unescape(following[1]) if following else ""
    assert sorted(seen) == [f"Evening number {number}" for number in range(9)]
    assert re.search(r'day.*country.*country=AZ">Azerbaijan <b class="num">6</b>.*country=DE">Germany', body, re.DOTALL)
    body = client.get(f"{HOME}events/2027/02/26/?country=DE&type=nothing").get_data(as_text=True)
    assert "3 events" in body
    assert 'rel="next"' not in body
    assert "The filter “type” was not understood" in body
    assert "remove this filter" in body
