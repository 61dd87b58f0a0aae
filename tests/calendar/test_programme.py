"""The list on paper: by country and city, in order, with the filters of the list."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from campaign.calendar import programme
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events import service
from campaign.events.lifecycle import Duration, Mode
from tests.calendar.conftest import CITIES, details, publish
from tests.calendar.test_pages import HOME, counted

SHEET = f"{HOME}events/programme/"


def headings(body: str) -> list[str]:
    return re.findall(r"<h[23]>(?:<bdi>)?([^<]+)", body.partition('<main id="main"')[2])


def test_events_stand_under_their_cities(client: FlaskClient, campaign: Campaign) -> None:
    late = publish(campaign, details("Berlin", title="Late", starts=datetime(2027, 2, 26, 20), ends=None))
    early = publish(campaign, details("Berlin", title="Early", starts=datetime(2027, 2, 26, 9), ends=None))
    publish(campaign, details("Baku"))
    online = details("Baku", title="Hour online", mode=Mode.ONLINE, stream_url="https://example.org/s")
    publish(campaign, online.with_changes(city="", country="", venue=""))
    run = details("Berlin", title="Faces", duration=Duration.RUN, is_time_known=False)
    publish(campaign, run.with_changes(starts=datetime(2027, 2, 14), ends=datetime(2027, 3, 9)))
    service.cancel(late, by=None, reason="Storm")
    db.session.commit()
    body = client.get(SHEET).get_data(as_text=True)
    assert headings(body) == ["Azerbaijan", "Baku", "Germany", "Berlin", "Online"]
    order = [body.index(title) for title in ("Early", "Late", "Faces", "Hour online")]
    assert order == sorted(order)
    assert f"localhost/e/{early.ref}" in body
    assert "<strong>(Cancelled)</strong>" in body
    assert "14 February to 9 March" in body
    assert re.search(r"Fri 26 Feb, 09:00|Fri, 26 Feb, 09:00", body)


def test_the_filters_of_the_list_work_here(client: FlaskClient, campaign: Campaign) -> None:
    for city in CITIES:
        publish(campaign, details(city))
    db.session.commit()
    assert headings(client.get(f"{SHEET}?country=NP").get_data(as_text=True)) == ["Nepal", "Kathmandu"]
    listed = client.get(f"{HOME}events/?country=NP").get_data(as_text=True)
    assert f'href="{SHEET}?country=NP"' in listed
    assert client.get(f"{SHEET}?from=x&near=%00&page=!").status_code == 200
    empty = client.get(f"{SHEET}?q=nothing-like-it").get_data(as_text=True)
    assert "No event was found" in empty


def test_a_long_programme_says_that_it_ends(
    client: FlaskClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programme, "MOST", 2)
    for city in CITIES:
        publish(campaign, details(city))
    db.session.commit()
    body = client.get(SHEET).get_data(as_text=True)
    assert "These are the first events only" in body
    assert len(headings(body)) == 4


def test_the_sheet_asks_few_questions(client: FlaskClient, campaign: Campaign) -> None:
    counts = []
    for number in (3, 30):
        for index in range(number):
            publish(campaign, details(list(CITIES)[index % 6], title=f"Evening {number} {index}"))
        db.session.commit()
        with counted() as asked:
            assert client.get(SHEET).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


def test_names_are_those_of_the_readers_language(client: FlaskClient, campaign: Campaign) -> None:
    publish(campaign, details("Berlin"))
    db.session.commit()
    assert headings(client.get("/az/remembrance/events/programme/").get_data(as_text=True))[0] == "Almaniya"
