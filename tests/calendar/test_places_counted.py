"""The prepared counts by place: always what counting the listings would give."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from campaign.calendar.filters import Filter
from campaign.calendar.map import periods, queries
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events import service
from campaign.events.lifecycle import Duration, Mode, Type
from campaign.places.models import City
from tests.calendar.conftest import CITIES, details, publish

days = st.dates(date(2025, 1, 1), date(2029, 12, 31))


@given(st.one_of(st.none(), days), st.one_of(st.none(), days), days)
def test_periods_hold_every_day_of_a_span_once(first: date | None, last: date | None, day: date) -> None:
    ranges = periods.within(first, last)
    held = sum(low <= period <= high for period in periods.of(day) for low, high in ranges)
    assert held == ((first or day) <= day <= (last or day) and (first or day) <= (last or day))
    assert len(ranges) <= 3


def numbers(campaign: Campaign, **wanted: object) -> dict[str, int]:
    return {spot.key: spot.events for spot in queries.spots(campaign.id, Filter(**wanted))}  # type: ignore[arg-type]


def test_published_moved_and_cancelled(campaign: Campaign, session: Session) -> None:
    berlin, baku = publish(campaign, details("Berlin")), publish(campaign, details("Baku"))
    assert numbers(campaign) == {"de/berlin": 1, "az/baku": 1}
    publish(campaign, details("Berlin", title="Another evening in Berlin"))
    assert numbers(campaign, country="DE") == {"de/berlin": 2}
    service.cancel(berlin, by=None, reason="The hall is closed.")
    assert numbers(campaign, city="Berlin") == {"de/berlin": 1}
    service.withdraw(baku, by=None)
    assert numbers(campaign) == {"de/berlin": 1}
    assert session.query(queries.ListedCount).filter(queries.ListedCount.events <= 0).count() == 0


def test_what_is_only_online_is_nowhere(campaign: Campaign) -> None:
    publish(campaign, details("Berlin", mode=Mode.ONLINE, stream_url="https://example.org/s"))
    publish(campaign, details("Berlin", mode=Mode.HYBRID, stream_url="https://example.org/s"))
    assert numbers(campaign) == {"": 1, "de/berlin": 1}


def test_an_exhibition_counts_on_each_of_its_days(campaign: Campaign) -> None:
    run = details("Baku", duration=Duration.RUN, starts=datetime(2027, 2, 20), ends=datetime(2027, 3, 2))
    publish(campaign, run)
    assert [numbers(campaign, first=d, last=d) for d in (date(2027, 2, 19), date(2027, 3, 3))] == [{}, {}]
    for day in (date(2027, 2, 20), date(2027, 2, 26), date(2027, 3, 2)):
        assert numbers(campaign, first=day, last=day) == {"az/baku": 1}
    assert numbers(campaign, first=date(2027, 2, 21)) == {"az/baku": 1}


def test_a_place_stands_where_its_city_is(campaign: Campaign, session: Session) -> None:
    session.add(
        City(
            geoname_id=42, name="Berlin", country="DE", latitude=52.52, longitude=13.4, time_zone="Europe/Berlin",
            population=3_000_000,
        )
    )  # fmt: skip
    publish(campaign, details("Berlin", city_id=42, latitude=52.6, longitude=13.5))
    publish(campaign, details("Baku"))
    found = {spot.key: (spot.latitude, spot.longitude, spot.country) for spot in queries.spots(campaign.id, Filter())}
    assert found == {"de/berlin": (52.52, 13.4, "DE"), "az/baku": (None, None, "AZ")}


@pytest.mark.parametrize("since", [date(2027, 2, 1), date(2027, 2, 17), date(2027, 3, 1), date(2027, 4, 30)])
def test_prepared_and_counted_agree(campaign: Campaign, since: date) -> None:
    for number in range(40):
        starts = datetime(2027, 1, 20, 18) + timedelta(days=number * 3)
        length = timedelta(days=number % 5 * 9 if number % 3 == 0 else 0)
        lasting = {"duration": Duration.RUN} if length else {}
        city = list(CITIES)[number % 6]
        publish(campaign, details(city, title=f"No. {number}", starts=starts, ends=starts + length, **lasting))
    db.session.flush()
    for last in (None, since, since + timedelta(days=20), since + timedelta(days=75)):
        for where in ({}, {"country": "DE"}, {"city": "np/kathmandu"}):
            plain = Filter(first=since, last=last, **where)
            every_type = Filter(first=since, last=last, types=tuple(Type), **where)  # Nothing is prepared for types.
            assert queries.spots(campaign.id, plain) == queries.spots(campaign.id, every_type)
