"""An event that was called off or put off says so wherever it is named: pages, frames, fragments, feeds, files."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from flask.testing import FlaskClient

from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events import service
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Duration, Type
from campaign.events.models import Event
from tests.calendar.conftest import details, publish
from tests.conftest import Clock

ENDED: dict[str, Callable[..., None]] = {"Cancelled": service.cancel, "Postponed": service.postpone}
DAY = "/en/remembrance/events/2027/02/26/"
# Where one evening is named.
OF_AN_EVENING = (
    "/en/remembrance/events/",
    "/en/remembrance/events/2027/02/",
    DAY,
    "/en/remembrance/events/programme/",
    "/embed/remembrance/list",
    "/embed/remembrance/list.html",
    "/embed/remembrance/month",
    "/embed/remembrance/month.html",
    "/feeds/remembrance.rss",
    "/feeds/remembrance.atom",
    "/feeds/remembrance.json",
)
# Where an exhibition is: fragments of the month name single days only.
OF_AN_EXHIBITION = [path for path in OF_AN_EVENING if path != "/embed/remembrance/month.html"]


def exhibition(**changes: Any) -> EventDetails:
    changes = {"starts": datetime(2027, 2, 15), "ends": datetime(2027, 3, 5)} | changes
    hours = {str(day): "10:00-18:00" for day in range(7)}
    return details(
        duration=Duration.RUN, type=Type.EXHIBITION, is_time_known=False, opening_hours=hours, title="Faces", **changes
    )


def called_off(campaign: Campaign, wanted: EventDetails, word: str) -> Event:
    event = publish(campaign, wanted)
    ENDED[word](event, by=None, reason="The hall is closed.")
    db.session.commit()
    return event


@pytest.mark.parametrize("word", ENDED)
@pytest.mark.parametrize("path", OF_AN_EVENING)
def test_an_evening_says_it(client: FlaskClient, campaign: Campaign, path: str, word: str) -> None:
    called_off(campaign, details(), word)
    page = client.get(path).get_data(as_text=True)
    assert "Evening of remembrance" in page
    assert word in page


@pytest.mark.parametrize("path", OF_AN_EXHIBITION)
def test_an_exhibition_says_it(client: FlaskClient, campaign: Campaign, path: str) -> None:
    called_off(campaign, exhibition(), "Postponed")
    page = client.get(path).get_data(as_text=True)
    assert "Faces" in page
    assert "Postponed" in page


def test_what_takes_place_says_nothing_of_it(client: FlaskClient, campaign: Campaign) -> None:
    publish(campaign, details())
    db.session.commit()
    for path in OF_AN_EVENING:
        page = client.get(path).get_data(as_text=True)
        assert not [word for word in ("Cancelled", "Postponed", "Published") if word in page], path


def test_titles_of_news_say_it_first(client: FlaskClient, campaign: Campaign) -> None:
    called_off(campaign, details(), "Cancelled")
    [item] = client.get("/feeds/remembrance.json?lang=az").get_json(force=True)["items"]
    assert item["title"].startswith("Ləğv edilib: 26 fevral 2027")


@pytest.mark.parametrize("word", ENDED)
def test_a_calendar_file_says_it_in_the_title(client: FlaskClient, campaign: Campaign, word: str) -> None:
    called_off(campaign, details(), word)
    [entry] = icalendar.Calendar.from_ical(client.get("/feeds/remembrance.ics").data).walk("VEVENT")
    assert entry["SUMMARY"] == f"[{word}] Evening of remembrance in Berlin"


def test_an_exhibition_that_was_put_off_is_not_open_today(
    client: FlaskClient, campaign: Campaign, moved_clock: Clock
) -> None:
    moved_clock.shift(timedelta(days=20))
    event = called_off(campaign, exhibition(), "Postponed")
    page = client.get(f"/en/remembrance/e/{event.ref}-faces").get_data(as_text=True)
    assert "This event was postponed" in page
    assert "Open today" not in page
