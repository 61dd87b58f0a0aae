"""Whether an exhibition is open today: by its own clocks in every list, and of another day only what is true of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from campaign.calendar import timing
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events.lifecycle import Duration, Type
from tests.calendar.conftest import details, publish
from tests.conftest import Clock

# Pages that list exhibitions beside days.
LISTS = (
    "/en/remembrance/",
    "/en/remembrance/events/",
    "/en/remembrance/places/{}",
    "/embed/remembrance/list",
)


@pytest.fixture
def exhibition(campaign: Campaign) -> Any:
    """Open from Tuesday to Sunday, from 16 February to 2 March 2027."""

    def publish_in(city: str, **changes: Any) -> None:
        hours = {str(day): "11:00-19:00" for day in range(1, 7)}
        changes = {"starts": datetime(2027, 2, 16), "ends": datetime(2027, 3, 2), "opening_hours": hours} | changes
        publish(campaign, details(city, duration=Duration.RUN, type=Type.EXHIBITION, is_time_known=False, **changes))
        db.session.commit()

    return publish_in


def said(client: FlaskClient, path: str) -> list[str]:
    """The marks of exhibitions on a page."""
    parts = client.get(path).get_data(as_text=True).partition('class="onview"')[2].split("</ul>")[0].split('class="tag')
    return [part.partition(">")[2].partition("<")[0] for part in parts[1:]]


@pytest.mark.parametrize("path", LISTS)
def test_today_is_today_there(client: FlaskClient, exhibition: Any, moved_clock: Clock, path: str) -> None:
    """At ten in the morning it is Tuesday in Berlin and still Monday at the end of the world."""
    exhibition("Berlin", ends=datetime(2027, 2, 23))
    moved_clock.set(datetime(2027, 2, 16, 10, 5, tzinfo=UTC))
    assert said(client, path.format("de/berlin/")) == ["Open today 11:00-19:00"]
    moved_clock.set(datetime(2027, 2, 23, 10, 5, tzinfo=UTC))
    assert said(client, path.format("de/berlin/")) == ["Last day: open 11:00-19:00"]


def test_two_places_may_have_two_dates(client: FlaskClient, exhibition: Any, moved_clock: Clock) -> None:
    exhibition("Auckland")
    exhibition("Los Angeles")
    moved_clock.set(datetime(2027, 2, 22, 20, 0, tzinfo=UTC))
    assert said(client, "/en/remembrance/events/") == ["Open today 11:00-19:00", "Closed today"]


def test_a_kept_list_turns_at_a_midnight_between_hours(
    client: FlaskClient, exhibition: Any, moved_clock: Clock
) -> None:
    """In Kathmandu days begin at 18:15 UTC."""
    exhibition("Kathmandu", opening_hours={"1": "10:00-17:00"})
    told = []
    for minute in (5, 14, 16, 59):
        moved_clock.set(datetime(2027, 2, 22, 18, minute, tzinfo=UTC))
        told += said(client, "/en/remembrance/events/")
    assert told == ["Closed today"] * 2 + ["Open today 10:00-17:00"] * 2


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        ("15", []),
        ("22", ["Closed on this day"]),
        ("26", ["Open 11:00-19:00"]),
        ("23", ["Open today 11:00-19:00"]),
    ],
)
def test_the_page_of_a_day_speaks_of_that_day(
    client: FlaskClient, exhibition: Any, moved_clock: Clock, day: str, mark: list[str]
) -> None:
    exhibition("Berlin")
    moved_clock.set(datetime(2027, 2, 23, 10, 5, tzinfo=UTC))
    assert said(client, f"/en/remembrance/events/2027/02/{day}/") == mark


def test_without_hours_a_day_says_that_it_is_open(client: FlaskClient, exhibition: Any, moved_clock: Clock) -> None:
    exhibition("Berlin", opening_hours={})
    moved_clock.set(datetime(2027, 2, 23, 10, 5, tzinfo=UTC))
    assert said(client, "/en/remembrance/events/2027/02/26/") == ["Open on this day"]
    assert said(client, "/en/remembrance/events/2027/02/23/") == ["On view today"]


@pytest.mark.usefixtures("campaign")
def test_the_month_marks_the_day_of_the_visitor(client: FlaskClient, moved_clock: Clock) -> None:
    moved_clock.set(datetime(2027, 2, 22, 20, 0, tzinfo=UTC))
    page = "/en/remembrance/events/2027/02/"
    assert 'class="num today">22<' in client.get(page).get_data(as_text=True)
    client.set_cookie("tz", "Pacific/Auckland")
    assert 'class="num today">23<' in client.get(page).get_data(as_text=True)
    frame = client.get("/embed/remembrance/month?month=2027-02").get_data(as_text=True)
    assert 'class="num today">22<' in frame


def test_few_days_begin_within_an_hour() -> None:
    """Whatever is kept is made anew so often: more turns are more work for every page."""
    day = [timing.midnights(datetime(2027, 2, 22, hour, 30, tzinfo=UTC)) for hour in range(24)]
    assert datetime(2027, 2, 22, 18, 30, tzinfo=UTC) in day[18]  # India
    assert sum(map(len, day)) < 15
