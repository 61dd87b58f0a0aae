"""Feeds as two independent calendar parsers read them."""

from datetime import UTC, date, datetime

import icalendar
import pytest
import vobject
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaign.calendar import contents, pages
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events import service
from campaign.events.lifecycle import Duration
from tests.calendar.conftest import CITIES, details, publish

EXPECTED = {city: datetime.fromisoformat(instant) for city, (_c, _z, instant) in CITIES.items()}


@pytest.fixture
def feed(client: FlaskClient, campaign: Campaign) -> bytes:
    for city in CITIES:
        publish(campaign, details(city))
    db.session.commit()
    answer = client.get("/feeds/remembrance.ics")
    assert answer.mimetype == "text/calendar"
    return answer.data


def test_times_are_right_everywhere_in_icalendar(feed: bytes) -> None:
    read = icalendar.Calendar.from_ical(feed)
    found = {str(e["LOCATION"]).split(", ")[1]: e["DTSTART"].dt.astimezone(UTC) for e in read.walk("VEVENT")}
    assert found == EXPECTED
    zones = {str(z["TZID"]) for z in read.walk("VTIMEZONE")}
    assert zones == {str(e["DTSTART"].params["TZID"]) for e in read.walk("VEVENT")}


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_times_are_right_everywhere_in_vobject(feed: bytes) -> None:
    read = vobject.readOne(feed.decode())
    found = {e.location.value.split(", ")[1]: e.dtstart.value.astimezone(UTC) for e in read.vevent_list}
    assert found == EXPECTED


def test_programs_that_ask_by_date_are_told_when_nothing_changed(client: FlaskClient, campaign: Campaign) -> None:
    publish(campaign, details())
    db.session.commit()
    changed = client.get("/feeds/remembrance.ics").headers["Last-Modified"]
    assert client.get("/feeds/remembrance.ics", headers={"If-Modified-Since": changed}).status_code == 304
    assert "Last-Modified" not in client.get("/en/remembrance/events/").headers


def test_lines_are_folded_and_end_as_they_should(client: FlaskClient, campaign: Campaign) -> None:
    publish(campaign, details(title="أمسية تذكارية " * 6, description="Üzlər, məktublar; xatirələr\nikinci sətir " * 9))
    db.session.commit()
    lines = client.get("/feeds/remembrance.ics").data.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    event = icalendar.Calendar.from_ical(b"\r\n".join(lines)).walk("VEVENT")[0]
    assert "أمسية تذكارية" in str(event["SUMMARY"])
    assert "Üzlər, məktublar; xatirələr\nikinci sətir" in str(event["DESCRIPTION"])


def test_a_cancelled_event_stays_and_counts_up(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details())
    first = icalendar.Calendar.from_ical(client.get(f"/e/{event.ref}.ics").data).walk("VEVENT")[0]
    service.cancel(event, by=None, reason="The hall is closed.")
    db.session.commit()
    second = icalendar.Calendar.from_ical(client.get(f"/e/{event.ref}.ics").data).walk("VEVENT")[0]
    assert str(second["STATUS"]) == "CANCELLED"
    assert first["UID"] == second["UID"]
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])
    assert "LAST-MODIFIED" in second


def test_an_exhibition_is_whole_days(client: FlaskClient, campaign: Campaign, session: Session) -> None:
    run = details(duration=Duration.RUN, starts=datetime(2027, 2, 20), ends=datetime(2027, 3, 2))
    event = publish(campaign, run)
    read = icalendar.Calendar.from_ical(client.get(f"/e/{event.ref}.ics").data).walk("VEVENT")[0]
    assert (read["DTSTART"].dt, read["DTEND"].dt) == (date(2027, 2, 20), date(2027, 3, 3))


def test_a_feed_is_read_in_pieces_and_whole_all_the_same(
    client: FlaskClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "AT_ONCE", 2)
    run = {"duration": Duration.RUN, "starts": datetime(2027, 2, 1), "ends": datetime(2027, 3, 1)}
    events = [publish(campaign, details(city)) for city in CITIES]
    events += [publish(campaign, details("Baku", title=f"Exhibition {number}", **run)) for number in range(3)]
    db.session.commit()
    whole = client.get("/feeds/remembrance.ics").get_data(as_text=True)
    assert whole.count("BEGIN:VEVENT") == len(events)
    assert all(f"/e/{event.ref}\r\n" in whole for event in events)
    assert whole.index("Exhibition 0") < whole.index("Evening of remembrance")


def test_a_file_that_cannot_hold_all_says_so_and_begins_with_the_day(
    client: FlaskClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = {"duration": Duration.RUN, "starts": datetime(2027, 2, 1), "ends": datetime(2027, 3, 1)}
    for number in range(3):
        publish(campaign, details("Baku", title=f"Exhibition {number}", **run))
    for day in (10, 18, 20, 24, 26, 27, 28):
        there = "Auckland" if day == 18 else "Berlin"
        publish(campaign, details(there, title=f"On the {day}th.", starts=datetime(2027, 2, day, 18), ends=None))
    db.session.commit()

    def held(query: str = "") -> tuple[list[str], str]:
        pages.forget()
        (read,) = icalendar.Calendar.from_ical(client.get(f"/feeds/remembrance.ics?{query}").data, multiple=True)
        zones = {event["DTSTART"].params.get("TZID", "Asia/Baku") for event in read.walk("VEVENT")}
        assert {str(zone["TZID"]) for zone in read.walk("VTIMEZONE")} == zones
        assert ("DESCRIPTION" in read) == ("X-WR-CALDESC" in read)
        return [str(event["SUMMARY"]) for event in read.walk("VEVENT")], str(read.get("DESCRIPTION", ""))

    monkeypatch.setattr(contents, "MOST", 7)
    monkeypatch.setattr(contents, "MOST_RUNS", 3)
    titles, about = held()
    assert (len(titles), about) == (10, "")
    assert "Some events are left out" not in client.get("/en/remembrance/feeds/").get_data(as_text=True)
    monkeypatch.setattr(contents, "MOST", 6)
    titles, about = held("type=ceremony")
    days = ["26", "27", "28", "20", "24", "10"]
    assert titles == [*(f"Exhibition {number}" for number in range(3)), *(f"On the {day}th." for day in days)]
    assert "up to 3 exhibitions, and of other events the 6 nearest to 26 February 2027" in about
    assert about.endswith("http://localhost/en/remembrance/feeds/?type=ceremony")
    assert "Some events are left out" in client.get("/en/remembrance/feeds/?type=ceremony").get_data(as_text=True)
    assert held("to=2027-02-20") == (
        ["Exhibition 0", "Exhibition 1", "Exhibition 2"] + [f"On the {d}th." for d in (10, 18, 20)],
        "",
    )


@pytest.mark.parametrize("last", [None, date(2027, 2, 26), date(2027, 3, 2), date(2027, 3, 9), date(2028, 1, 1)])
@pytest.mark.parametrize("first", [date(2027, 1, 1), date(2027, 2, 18), date(2027, 2, 19), date(2027, 2, 26)])
def test_spans_around_a_day_hold_every_day_once(first: date, last: date | None) -> None:
    spans = contents.around(date(2027, 2, 26), first, last)
    assert spans[0] == (date(2027, 2, 26), date(2027, 2, 26))
    end = last or date(2027, 6, 1)
    held = [day for a, b in spans for day in range(a.toordinal(), (b or end).toordinal() + 1)]
    assert sorted(held) == list(range(first.toordinal(), end.toordinal() + 1))
