"""The day around the world under a moved clock: every zone, every hour, before, during and after."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from campaign.calendar.now import moments
from campaign.calendar.now.moments import Phase, Place, State
from campaign.campaigns import silence
from campaign.campaigns.models import Campaign
from campaign.campaigns.silence import Silence
from campaign.core.db import db
from campaign.events.lifecycle import Duration, Mode, Type
from campaign.places import zones
from tests.calendar.conftest import CITIES, details, publish
from tests.calendar.test_pages import counted
from tests.conftest import Clock

DAY = date(2027, 2, 26)
NOW = "/en/remembrance/now/"
# At 07:30 UTC. Southern summer time, half and quarter hours, the day before in the far west, both sides of the line.
STATES = {
    "Pacific/Kiritimati": ("+14", "kept"),
    "Pacific/Chatham": ("+13:45", "kept"),
    "Pacific/Auckland": ("+13", "kept"),
    "Pacific/Apia": ("+13", "kept"),
    "Australia/Lord_Howe": ("+11", "kept"),
    "Australia/Sydney": ("+11", "kept"),
    "Australia/Adelaide": ("+10:30", "kept"),
    "Australia/Brisbane": ("+10", "kept"),
    "Australia/Darwin": ("+9:30", "keeping"),
    "Asia/Tokyo": ("+9", "next"),
    "Asia/Seoul": ("+9", "next"),
    "Australia/Eucla": ("+8:45", "coming"),
    "Asia/Kathmandu": ("+5:45", "coming"),
    "Asia/Kolkata": ("+5:30", "coming"),
    "Asia/Baku": ("+4", "coming"),
    "Europe/Berlin": ("+1", "coming"),
    "America/Santiago": ("−3", "coming"),
    "America/St_Johns": ("−3:30", "coming"),
    "America/Los_Angeles": ("−8", "coming"),
    "Pacific/Pago_Pago": ("−11", "coming"),
    "Etc/GMT+12": ("−12", "coming"),
}
every_zone = st.sampled_from(sorted(zones.names() - {"UTC"}))


def local(at: str = "17:00") -> Silence:
    read = silence.read({"mode": "local", "at": at})
    assert read is not None
    return read


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_twenty_one_zones_half_an_hour_before_tokyo() -> None:
    row = moments.flames(local(), DAY, [Place(zone=zone, name="") for zone in STATES], at("2027-02-26T07:30:20"))
    found = {p.zone: (zones.written(f.offset).removeprefix("UTC"), f.state.value) for f in row for p in f.places}
    assert {zone: found[zone] for zone in STATES} == STATES
    assert [f.at for f in row] == sorted(f.at for f in row)
    assert found.keys() >= set(moments.RING)


@given(every_zone, st.datetimes(datetime(2027, 2, 24), datetime(2027, 3, 1), timezones=st.just(UTC)))
def test_every_zone_at_every_hour(zone: str, now: datetime) -> None:
    """Against the clock on the wall, which knows nothing of the row."""
    row = moments.flames(local(), DAY, [Place(zone=zone, name="")], now)
    state = next(f.state for f in row for p in f.places if p.zone == zone)
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if wall < datetime.combine(DAY, time(17)):
        assert state in (State.NEXT, State.COMING)
    else:
        assert state is (State.KEEPING if wall < datetime.combine(DAY, time(17, 1)) else State.KEPT)


@given(st.datetimes(datetime(2027, 2, 24), datetime(2027, 3, 1), timezones=st.just(UTC)))
def test_the_line_lies_where_clocks_show_midnight(now: datetime) -> None:
    line = moments.date_line(now)
    assert -180 <= line.longitude <= 180
    shown = now + line.offset
    assert timedelta() <= shown - datetime.combine(line.east, time(), UTC) < timedelta(minutes=30)
    assert line.east - line.west == timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "expected"),
    [
        ("Europe/Berlin", date(2027, 3, 28), "02:30", "2027-03-28T01:30:00"),  # The clock skips it: it moves forward.
        ("Europe/Berlin", date(2027, 10, 31), "02:30", "2027-10-31T00:30:00"),  # It comes twice: the first.
        ("Australia/Lord_Howe", date(2027, 4, 4), "01:45", "2027-04-03T14:45:00"),  # Half an hour, twice.
        ("America/Santiago", date(2027, 9, 5), "00:15", "2027-09-05T04:15:00"),  # Midnight itself is skipped.
    ],
)
def test_clock_changes_on_the_day(zone: str, day: date, hour: str, expected: str) -> None:
    row = moments.flames(local(hour), day, [Place(zone=zone, name="")], at("2027-01-01T00:00:00"))
    assert next(f.at for f in row for p in f.places if p.zone == zone) == at(expected)


def test_the_day_begins_at_utc_plus_14_and_ends_at_utc_minus_12() -> None:
    phases = {
        "2027-02-25T09:59:59": Phase.BEFORE, "2027-02-25T10:00:00": Phase.DURING,
        "2027-02-27T11:59:59": Phase.DURING, "2027-02-27T12:00:00": Phase.AFTER,
    }  # fmt: skip
    assert {text: moments.phase(DAY, at(text)) for text in phases} == phases
    days = [date(2026, 2, 26), DAY, date(2028, 2, 26)]
    assert moments.day_to_show(days, at("2027-03-20T00:00:00")) == DAY
    assert moments.day_to_show(days, at("2027-04-01T00:00:00")) == days[2]


@pytest.fixture
def world(campaign: Campaign) -> Campaign:
    """An event at 18:00 in each of six cities, and one that can be joined online."""
    campaign.settings = {**campaign.settings, "source": {"silence": {"mode": "local", "at": "17:00"}}}
    for city in CITIES:
        publish(campaign, details(city))
    publish(campaign, details("Baku", title="Vigil on air", mode=Mode.HYBRID, stream_url="https://example.org/s"))
    db.session.commit()
    return campaign


def show(client: FlaskClient, clock: Clock, moment: str, path: str = NOW) -> str:
    clock.set(at(moment))
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def part(body: str, name: str) -> str:
    """The section that a heading with this id begins."""
    return body.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_now_soon_and_over(client: FlaskClient, world: Campaign, moved_clock: Clock) -> None:
    body = show(client, moved_clock, "2027-02-26T12:30:00")
    assert "Evening of remembrance in Kathmandu" in part(body, "under-way")
    assert "Vigil on air" in part(body, "soon")
    assert "Join online" in part(body, "soon")
    assert "in 1 hour and 30 minutes" in part(body, "soon")
    assert "Evening of remembrance in Auckland" in part(body, "concluded")
    assert "Los Angeles" not in part(body, "under-way") + part(body, "soon") + part(body, "concluded")
    assert "1 event is under way." in body


def test_the_row_is_a_list_that_says_everything_in_words(
    client: FlaskClient, world: Campaign, moved_clock: Clock
) -> None:
    client.set_cookie("tz", "Asia/Baku")
    body = show(client, moved_clock, "2027-02-26T12:30:00")
    items = re.findall(r"<li class=\"tz (\w+)\">(.*?)</li>", body, re.DOTALL)
    said = [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for _state, text in items]
    assert len(said) >= 28
    assert any("Kathmandu" in s and "11:15 UTC" in s and "UTC+5:45" in s and "kept" in s for s in said)
    assert any(s.startswith("Baku (you)") and "13:00 UTC" in s and "next" in s for s in said)
    assert any("Los Angeles" in s and "01:00 UTC" in s and "27 Feb" in s and "to come" in s for s in said)
    assert "Next: Baku, in 30 minutes (13:00 UTC, 17:00 in Baku)." in body
    assert "It is 26 February from UTC+11:30 eastwards" not in body
    assert "It is 27 February from UTC+11:30 eastwards; further west it is still 26 February." in body


def test_before_and_after(client: FlaskClient, world: Campaign, moved_clock: Clock) -> None:
    before = show(client, moved_clock, "2027-02-20T12:00:00")
    assert "First: Kiritimati, on 26 February (03:00 UTC)." in before
    order = [before.index(f"remembrance in {city}<") for city in ("Auckland", "Kathmandu", "Los Angeles")]
    assert order == sorted(order)
    after = show(client, moved_clock, "2027-02-27T12:30:00")
    assert "The day is over everywhere" in after
    assert "7 events in 6 cities took place." in after
    assert re.search(r"/events/2027/0?2/26/", after)
    assert "began in Kiritimati and ended in Pago Pago" in after


def test_one_instant_and_none(client: FlaskClient, world: Campaign, moved_clock: Clock) -> None:
    world.settings = {**world.settings, "source": {"silence": {"mode": "instant", "at": "13:00Z"}}}
    db.session.commit()
    body = show(client, moved_clock, "2027-02-26T12:30:10")
    assert body.count('<li class="tz next">') >= 28
    assert "Kept at one moment everywhere, at 13:00 UTC." in body
    assert "Next: everywhere, in 30 minutes (13:00 UTC)." in body
    world.settings = {**world.settings, "source": {"silence": {"mode": False}}}
    world.calendar_version += 1
    db.session.commit()
    body = show(client, moved_clock, "2027-02-26T12:30:20")
    assert "tzrow" not in body
    assert "Happening now" in body


def test_kept_for_half_a_minute(client: FlaskClient, world: Campaign, moved_clock: Clock) -> None:
    moved_clock.set(at("2027-02-26T12:30:02"))
    first = client.get(NOW)
    assert "max-age=0" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers
    again = client.get(NOW, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    moved_clock.shift(timedelta(seconds=30))
    assert client.get(NOW, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("moment", ["2027-02-20T12:00:00", "2027-02-26T12:30:00"])
def test_query_counts_do_not_grow(client: FlaskClient, world: Campaign, moved_clock: Clock, moment: str) -> None:
    counts = []
    for number in (1, 40):
        for index in range(number):
            publish(world, details(list(CITIES)[index % 6], title=f"Evening {number} {index}"))
        db.session.commit()
        with counted() as asked:
            show(client, moved_clock, moment)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5


def test_a_mistake_can_be_reported_from_the_page_of_the_day(
    client: FlaskClient, world: Campaign, moved_clock: Clock
) -> None:
    event = publish(world, details("Berlin", title="An evening"))
    db.session.commit()
    page = show(client, moved_clock, "2027-02-26T16:30:00")
    assert f'href="/e/{event.ref}/report?lang=en"' in page
    assert client.get(f"/e/{event.ref}/report?lang=en").status_code == 200


@pytest.mark.parametrize(("hour", "is_on"), [("20:30", True), ("21:30", False)])
def test_an_end_that_was_not_given_is_the_same_everywhere(
    client: FlaskClient, campaign: Campaign, moved_clock: Clock, hour: str, is_on: bool
) -> None:
    evening = details(
        starts=datetime(2027, 2, 26, 17), ends=None, mode=Mode.HYBRID, stream_url="https://example.org/stream"
    )
    event = publish(campaign, evening)
    db.session.commit()
    moved_clock.set(datetime.fromisoformat(f"2027-02-26T{hour}:00+01:00"))
    page = client.get(f"/en/remembrance/e/{event.ref}", follow_redirects=True).get_data(as_text=True)
    day = client.get("/en/remembrance/now/").get_data(as_text=True)
    assert ("Open the stream" in page) is is_on
    assert ("Join online" in day) is is_on
    assert ('<h2 id="concluded">' in day) is not is_on


def test_after_the_day_exhibitions_are_named_among_what_took_place(
    client: FlaskClient, world: Campaign, moved_clock: Clock
) -> None:
    days = {"starts": datetime(2027, 2, 20), "ends": datetime(2027, 3, 5), "is_time_known": False}
    publish(world, details("Berlin", title="Faces", duration=Duration.RUN, type=Type.EXHIBITION, **days))
    db.session.commit()
    after = show(client, moved_clock, "2027-02-27T12:30:00")
    assert "Together with exhibitions, 8 events in 6 cities took place." in after
