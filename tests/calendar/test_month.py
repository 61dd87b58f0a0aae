"""The month grid: exhibitions by city and with their days, a day with many events, and what does not fit."""

import re
from datetime import date, datetime, timedelta

import pytest

from campaign.calendar import months
from campaign.calendar.filters import Filter
from campaign.events.lifecycle import Duration, Type
from tests.calendar.conftest import details, publish


def exhibition(first: date, last: date, **changes):
    return details(
        type=Type.EXHIBITION,
        duration=Duration.RUN,
        is_time_known=False,
        title="Faces and letters",
        starts=datetime.combine(first, datetime.min.time()),
        ends=datetime.combine(last, datetime.min.time()),
        **changes,
    )


@pytest.fixture
def grid(app, campaign):
    def make(wanted=Filter()):  # noqa: B008 - frozen
        with app.test_request_context("/en/remembrance/events/2027/02/"):
            return months.grid(campaign, wanted, "en", date(2027, 2, 1), date(2027, 2, 1))

    return make


def test_a_lane_says_where_and_how_long(grid, campaign):
    publish(campaign, exhibition(date(2027, 2, 10), date(2027, 2, 28)))
    weeks = grid().weeks
    assert [[lane.period for lane in week.lanes] for week in weeks] == [
        [],
        ["10–28 Feb"],
        ["until 28 Feb"],
        ["until 28 Feb"],
    ]
    assert [(lane.start, lane.span, lane.is_begun, lane.goes_on) for week in weeks for lane in week.lanes] == [
        (3, 5, False, True),
        (1, 7, True, True),
        (1, 7, True, False),
    ]
    assert {lane.event.place for week in weeks for lane in week.lanes} == {"Berlin"}


def test_three_lanes_a_week_then_a_link_to_all_of_them(grid, campaign, client, session):
    for day in range(1, 6):
        publish(campaign, exhibition(date(2027, 2, 22), date(2027, 3, day)))
    session.commit()
    (week,) = [week for week in grid().weeks if week.lanes]
    assert [lane.period[-5:] for lane in week.lanes] == ["1 Mar", "2 Mar", "3 Mar"]
    assert (week.more, week.is_least) == (2, False)
    page = client.get("/en/remembrance/events/2027/02/").text
    assert "2 more exhibitions on view this week" in page
    assert client.get(week.url).text.count("Faces and letters</bdi>") == 5


def test_a_busy_day_is_a_number_and_a_quiet_one_names_three(grid, campaign, client, session):
    for hour in range(5):
        publish(campaign, details(starts=datetime(2027, 2, 25, 10 + hour), ends=None))
    for hour in range(9):
        publish(campaign, details("Baku" if hour % 2 else "Berlin", starts=datetime(2027, 2, 26, 9 + hour), ends=None))
    session.commit()
    month = grid()
    cells = {cell.date: cell for week in month.weeks for cell in week.cells}
    quiet, busy = cells[date(2027, 2, 25)], cells[date(2027, 2, 26)]
    assert month.events == 14
    assert [one.time for one in quiet.events] == ["10:00", "11:00", "12:00"]
    assert (quiet.more, quiet.busy) == (2, None)
    assert (busy.events, busy.more, busy.busy.events, busy.busy.cities) == ((), 0, 9, 2)
    page = client.get("/en/remembrance/events/2027/02/").text
    assert re.search(r"9 events</span>\s*<span[^>]*>in 2 cities<", page)
    assert "See all on 26 February" in page
    assert "14 events. Times are local to each event." in page


def test_neighbouring_months_are_named_and_the_last_has_none(client, campaign, session):
    session.commit()
    page = client.get("/en/remembrance/events/2027/01/").text
    assert "December 2026" in page
    assert ">February<" in page
    assert "January 2101" not in client.get("/en/remembrance/events/2100/12/").text


def test_only_so_many_exhibitions_are_looked_at(grid, campaign, monkeypatch):
    monkeypatch.setattr(months, "MOST_RUNS", 4)
    for days in range(6):
        publish(campaign, exhibition(date(2027, 2, 8), date(2027, 2, 9) + timedelta(days=days)))
    week = grid().weeks[1]
    assert (len(week.lanes), week.more, week.is_least) == (3, 1, True)
