"""Finding: words in every script, nearness, every combination of filters; and counts that agree with counting."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from campaign.calendar import counts, listings, queries
from campaign.calendar.conditions import matching, resolved, within
from campaign.calendar.filters import Filter
from campaign.calendar.models import Listing, listing_terms, listing_texts, listing_vevents, term_counts
from campaign.calendar.searching import Search
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.demonstration import seeding
from campaign.events import service
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Duration, Entry, Mode, Type
from campaign.places.models import City, CityName
from tests.calendar.conftest import CITIES, details, publish

TITLES = {
    "az": "Xocalı: Üzeyir Hacıbəyli adına ixtiyar çıxışı",
    "tr": "İstanbul'da anma töreni ve ŞIŞLI",
    "ru": "Вечер памяти в Берлине, 50% мест",
    "de": "Straße der Erinnerung, UN-Haus",
    "ar": "أمسية إحياء ذكرى الضحايا",
    "ja": "東京追悼式典",
    "ko": "한국 추모의 밤",
    "he": "ערב זיכרון",
}


@pytest.fixture
def titles(campaign: Campaign) -> Campaign:
    for language, title in TITLES.items():
        publish(campaign, details(title=title, language=language, venue="Hall", description="x" * 90))
    return campaign


def found(campaign: Campaign, **query: str) -> set[str]:
    wanted = Filter.read(MultiDict({name.rstrip("_"): value for name, value in query.items()}))
    rows = db.session.scalars(Search(campaign.id, wanted).rows(Listing)).all()
    assert [row.id for row in rows] == sorted(
        db.session.scalars(select(Listing.id).where(*matching(campaign.id, wanted))),
        key=[row.id for row in rows].index,
    )
    return {row.card["language"] for row in rows}


WORDS: dict[str, set[str]] = {
    "xocali": {"az"}, "XOCALI": {"az"}, "Xocalı uzeyir": {"az"}, "ixtiyar cixis": {"az"},
        "hacibeyli": {"az"}, "istanbul": {"tr"}, "İSTANBUL": {"tr"}, "şişli": {"tr"}, "берлин": {"ru"},
        "ПАМЯТИ": {"ru"}, "50%": {"ru"}, "50_": set(), "strasse": {"de"}, "Straße": {"de"}, "ذكري": {"ar"},
        "احياء": {"ar"}, "東京追悼": {"ja"}, "東京": {"ja"}, "悼": {"ja"}, "추모": {"ko"}, "זיכרון": {"he"},
        "un": {"de"}, "UN haus": {"de"}, "xocali berlin hall": {"az"}, "germany": set(TITLES),
        "almaniya": set(TITLES), "'\" OR 1=1 --": set(), '"': set(), "*": set(), "a OR b": set(),
        "qqq": set(), "京都": set(), "東 京": {"ja"},
}  # fmt: skip


def test_words_are_found_in_every_script(titles: Campaign) -> None:
    assert {words: found(titles, q=words) for words in WORDS} == WORDS


def test_what_many_contain_is_found_in_order_too(titles: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaign.calendar.asked.FEW", 2)
    assert found(titles, q="hall") == set(TITLES)
    assert found(titles, q="hall berlin istanbul") == {"tr"}
    assert found(titles, q="germany", type="ceremony", near="52.5,13.4") == set()


def test_a_hidden_address_cannot_be_guessed(campaign: Campaign) -> None:
    for language, venue, is_public in (("az", "Zu Residence", False), ("ru", "Xu Hall", True)):
        publish(campaign, details(language=language, venue=venue, is_address_public=is_public))
    assert found(campaign, q="residence") == found(campaign, q="zu") == set()
    assert found(campaign, q="hall") == found(campaign, q="xu") == {"ru"}


def test_withdrawn_texts_are_forgotten(campaign: Campaign, session: Session) -> None:
    event = publish(campaign, details(title="Silent walk"))
    service.withdraw(event, by=None)
    assert found(campaign, q="silent") == set()
    assert session.scalar(select(func.count()).select_from(listing_texts)) == 0
    assert session.scalar(select(func.count()).select_from(listing_terms)) == 0


@pytest.fixture
def cities(session: Session) -> dict[str, City]:
    """A small gazetteer: two places called Berlin, one with a name in another script, one at the date line."""
    rows = {
        "Berlin": ("DE", 52.524, 13.411, 3_426_354, ("berlin", "берлин", "برلين")),
        "Berlin NH": ("US", 44.469, -71.185, 9_367, ("berlin",)),
        "Potsdam": ("DE", 52.399, 13.066, 145_292, ("potsdam",)),
        "Leipzig": ("DE", 51.339, 12.371, 504_971, ("leipzig",)),
        "Suva": ("FJ", -18.142, 178.442, 77_366, ("suva",)),
        "Apia": ("WS", -13.833, -171.767, 40_407, ("apia",)),
    }
    made = {}
    for number, (name, (country, lat, lon, people, names)) in enumerate(rows.items(), start=1):
        city = City(
            geoname_id=number, name=name.removesuffix(" NH"), country=country, latitude=lat, longitude=lon,
            time_zone="UTC", population=people,
        )  # fmt: skip
        session.add(city)
        session.flush()
        session.add_all(CityName(city_id=city.id, folded=n, population=people) for n in names)
        made[name] = city
    session.flush()
    return made


def at(city: City, **changes: Any) -> EventDetails:
    place = {"city": city.name, "country": city.country, "city_id": city.geoname_id, "venue": "Hall"}
    where = {"latitude": city.latitude, "longitude": city.longitude, "time_zone": "UTC"}
    return details().with_changes(title=f"In {city.name} {city.country}", **place, **where, **changes)


def places(campaign: Campaign, query: str) -> list[str]:
    wanted = Filter.read(MultiDict(part.split("=", 1) for part in query.split("&")))
    rows = db.session.scalars(Search(campaign.id, wanted).rows(Listing))
    return sorted(row.city_key for row in rows)


def test_near_a_place_in_any_script_within_the_exact_distance(campaign: Campaign, cities: dict[str, City]) -> None:
    for city in cities.values():
        publish(campaign, at(city))
    publish(campaign, details(mode=Mode.ONLINE).with_changes(city="", country="", stream_url="https://example.org/s"))
    assert places(campaign, "near=берлин&r=10") == ["de/berlin"]
    assert places(campaign, "near=berlin") == ["de/berlin", "de/potsdam"]
    assert places(campaign, "near=berlin&r=200") == ["de/berlin", "de/leipzig", "de/potsdam"]
    assert places(campaign, "near=berlin, us") == ["us/berlin"]
    for typed in ("Berlin, Germany", "Berlin,Almaniya", "برلين، ألمانيا"):
        assert places(campaign, f"near={typed}&r=10") == ["de/berlin"], typed
    assert places(campaign, "near=Berlin, United States") == ["us/berlin"]
    assert resolved(Filter.read(MultiDict({"near": "Berlin, Atlantis"}))).unknown == ("near",)
    assert places(campaign, "near=52.6,13.1&country=DE") == ["de/berlin", "de/potsdam"]
    # The corner of the box around 52.5, 13.4 is farther away than its side.
    assert places(campaign, "near=-18.1,178.4") == ["fj/suva"]
    nowhere = resolved(Filter.read(MultiDict({"near": "Atlantis", "q": "evening"})))
    assert (nowhere.unknown, nowhere.near, nowhere.words) == (("near",), "", "evening")


def test_near_reaches_over_the_date_line(campaign: Campaign, cities: dict[str, City]) -> None:
    publish(campaign, at(cities["Suva"]).with_changes(latitude=-16.8, longitude=-179.95))
    assert places(campaign, "near=-16.8,179.9") == ["fj/suva"]


def test_a_box_is_not_a_circle(campaign: Campaign, cities: dict[str, City]) -> None:
    publish(campaign, at(cities["Berlin"]).with_changes(latitude=52.524 + 0.42, longitude=13.411 + 0.69))
    assert places(campaign, "near=berlin") == []


def test_a_city_is_one_place_however_it_is_spelled(campaign: Campaign, cities: dict[str, City]) -> None:
    publish(campaign, at(cities["Berlin"]).with_changes(city="Берлин"))
    publish(campaign, at(cities["Berlin NH"]))
    publish(campaign, details().with_changes(city="Neustadt"))
    assert places(campaign, "city=de/berlin") == ["de/berlin"]
    assert places(campaign, "city=berlin") == ["de/berlin", "us/berlin"]
    assert places(campaign, "city=برلين") == ["de/berlin"]
    assert places(campaign, "city=neustadt") == ["de/neustadt"]
    assert places(campaign, "city=Nowhere") == []


def test_a_hidden_address_is_found_at_its_city_only(campaign: Campaign, cities: dict[str, City]) -> None:
    hidden = {"is_address_public": False, "latitude": 52.6, "longitude": 13.5}
    publish(campaign, at(cities["Berlin"]).with_changes(**hidden))
    row = db.session.scalars(select(Listing)).one()
    assert (row.latitude, row.longitude) == (52.524, 13.411)


def numbers(campaign: Campaign) -> dict[tuple[str, date], tuple[int, int]]:
    rows = db.session.execute(select(term_counts).where(term_counts.c.campaign_id == campaign.id))
    return {(row.term, row.day): (row.events, row.cities) for row in rows}


def test_counts_follow_every_change(campaign: Campaign) -> None:
    events = [publish(campaign, details(city)) for city in CITIES]
    events.append(publish(campaign, details(duration=Duration.RUN, ends=datetime(2027, 3, 9, 18))))
    second = datetime(2027, 2, 27, 18)
    events.append(publish(campaign, details(starts=second, ends=None, mode=Mode.HYBRID, stream_url="https://e.org/s")))
    service.cancel(events[0], by=None, reason="Storm")
    service.withdraw(events[1], by=None)
    before = numbers(campaign)
    assert before["*", date(2027, 2, 26)] == (5, 5)
    assert before["event", date(2027, 2, 26)][0] == 5
    assert before["event:online", date(2027, 2, 27)][0] == 1
    counts.recount(campaign.id)
    assert numbers(campaign) == before


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "from": st.dates(date(2027, 1, 20), date(2027, 4, 1)).map(str),
        "to": st.dates(date(2027, 2, 1), date(2027, 4, 9)).map(str),
        "country": st.sampled_from(["DE", "CN", "JP", "TR"]),
        "type": st.lists(st.sampled_from([t.value for t in Type]), max_size=3),
        "spoken": st.lists(st.sampled_from(["az", "en", "de", "ar"]), max_size=2),
        "mode": st.sampled_from([m.value for m in Mode]),
        "access": st.lists(st.sampled_from(["step_free", "sign_language"]), max_size=2),
        "free": st.just("1"),
        "entry": st.sampled_from([e.value for e in Entry]),
        "q": st.sampled_from(["axsam", "вечер", "no", "追悼", "tokyo", "no. 1"]),
        "near": st.sampled_from(["35.7,139.7", "41.0,29.0", "0,0"]),
        "r": st.sampled_from(["10", "200"]),
    },
)


@pytest.fixture
def seeded(campaign: Campaign, session: Session) -> Campaign:
    """Four hundred events in thirty cities of many countries."""
    around = [("Tokyo", "JP", 35.69, 139.69), ("Istanbul", "TR", 41.01, 28.95), ("Beijing", "CN", 39.91, 116.4)]
    around += [(f"Town {n}", "DE" if n % 2 else "FR", 48.0 + n / 9, 9.0 + n / 7) for n in range(27)]
    for number, (name, country, lat, lon) in enumerate(around):
        session.add(
            City(
                geoname_id=number + 1, name=name, country=country, latitude=lat, longitude=lon, time_zone="Etc/UTC",
                population=number,
            )
        )  # fmt: skip
    session.flush()
    assert seeding.seed(campaign, seeding.cities(), 0, 400) == 400
    assert seeding.seed(campaign, seeding.cities(), 0, 400) == 0
    listings.recount(campaign.id)
    return campaign


@pytest.mark.parametrize("few", [1000, 3])
def test_any_filter_finds_what_testing_every_row_finds(
    seeded: Campaign, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.calendar.asked.FEW", few)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(FILTERS)
    def check(query: dict[str, Any]) -> None:
        wanted = resolved(Filter.read(MultiDict(query)))
        search = Search(seeded.id, wanted)
        dated = [*matching(seeded.id, wanted), Listing.is_run.is_(False), *within(wanted.first, wanted.last)]
        plain = select(Listing).where(*dated).order_by(Listing.starts_local, Listing.event_id)
        expected = [row for row in db.session.scalars(plain) if not wanted.first or row.starts_on >= wanted.first]
        assert [row.id for row in db.session.scalars(search.rows(Listing))] == [row.id for row in expected]
        files = search.vevents(listing_vevents.c.listing_id)
        assert list(db.session.scalars(files)) == [row.id for row in expected]
        assert search.count(10_000).number == len(expected)
        runs = [*matching(seeded.id, wanted), Listing.is_run.is_(True), *within(date(2027, 2, 10), date(2027, 3, 1))]
        on_view = search.on_view(date(2027, 2, 10), date(2027, 3, 1), limit=100)
        plain_runs = select(Listing.id).where(*runs).order_by(Listing.ends_on, Listing.id)
        assert [run.id for run in on_view] == list(db.session.scalars(plain_runs))
        open_runs = [*matching(seeded.id, wanted), Listing.is_run.is_(True), *within(wanted.first, wanted.last)]
        in_order = select(Listing.id).where(*open_runs).order_by(Listing.sort_key)
        assert list(db.session.scalars(search.runs(Listing.id))) == list(db.session.scalars(in_order))
        everything = [*matching(seeded.id, search.wanted), Listing.position == 0, *within(wanted.first, wanted.last)]
        newest = select(Listing.id).where(*everything).order_by(Listing.changed_at.desc(), Listing.id.desc())
        assert list(db.session.scalars(search.changed())) == list(db.session.scalars(newest))
        span = (date(2027, 1, 25), date(2027, 4, 4))
        whole = Search(seeded.id, wanted.without("on"))
        monthly = queries.month(Search(seeded.id, replace(wanted, first=span[0], last=span[1])))[0]
        assert sum(day.events for day in monthly.values()) == whole.count(10_000).number

    check()


def test_a_deep_page_begins_where_the_last_one_ended(campaign: Campaign) -> None:
    """Of two lower bounds SQLite takes the first: it would read everything from the first day on."""
    search = Search(campaign.id, Filter(first=date(2027, 2, 1)))
    assert str(search.rows(Listing.id, after=2**62)).count("sort_key >") == 1


def test_pages_follow_one_another(seeded: Campaign) -> None:
    wanted, after, seen = Filter.read(MultiDict({"free": "1"})), None, []
    while True:
        page = queries.page_of(seeded.id, wanted, after=after, limit=50)
        seen += [row.sort_key for row in page.rows]
        after = page.next_key
        if after is None:
            break
    assert seen == sorted(set(seen))
    assert len(seen) == Search(seeded.id, wanted).count(0).number


def test_the_month_shows_a_few_of_quiet_days_and_the_number_of_busy_ones(seeded: Campaign) -> None:
    numbers, rows = queries.month(Search(seeded.id, Filter(first=date(2027, 2, 1), last=date(2027, 2, 28))))
    key = date(2027, 2, 26)
    assert numbers[key].events > queries.QUIET
    assert numbers[key].cities > 10
    shown = {day: sum(row.starts_on == day for row in rows) for day in numbers}
    for day, number in numbers.items():
        expected = 0 if number.events > queries.QUIET else min(number.events, queries.SHOWN)
        assert shown[day] == expected
    assert max(numbers) - min(numbers) < timedelta(days=28)
