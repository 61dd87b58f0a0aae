"""The calendar as JSON: what a list holds, filters, pages, states, and what must never be in it."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from campaign.calendar import listings, pages
from campaign.calendar.api import parameters, queries
from campaign.calendar.filters import NAMES, Filter
from campaign.campaigns.models import Campaign
from campaign.events import service
from campaign.events.consequences import Change, Happening
from campaign.events.details import Host, Occasion, Wording
from campaign.events.lifecycle import Duration, Mode, Status, Type
from campaign.events.models import Event
from campaign.organizations import service as organizations
from campaign.organizations.models import Kind
from tests.calendar.conftest import CITIES, details, publish
from tests.calendar.test_pages import counted
from tests.conftest import Clock

ROOT = "/api/v1/campaigns/remembrance"
STREET, VENUE = "Hidden street 7", "A house that nobody must find"


def get(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/json"
    found: dict[str, Any] = answer.get_json()
    return found


def names(client: FlaskClient, query: str = "", noun: str = "events") -> list[str]:
    return [item["name"].rpartition(" in ")[2] for item in get(client, f"{ROOT}/{noun}?{query}")["items"]]


def test_times_are_those_of_the_place(client: FlaskClient, campaign: Campaign) -> None:
    for city in CITIES:
        publish(campaign, details(city))
    items = get(client, f"{ROOT}/events?on=2027-02-26")["items"]
    assert {item["starts_local"] for item in items} == {"2027-02-26T18:00:00"}
    found = {i["location"]["address"]["addressLocality"]: (i["zone"], i["starts_utc"]) for i in items}
    assert found == {city: (zone, instant.replace("+00:00", "Z")) for city, (_c, zone, instant) in CITIES.items()}


def test_an_exhibition_and_an_unknown_hour_are_plain_dates(client: FlaskClient, campaign: Campaign) -> None:
    run = {"duration": Duration.RUN, "starts": datetime(2027, 2, 20), "ends": datetime(2027, 3, 2)}
    publish(campaign, details("Berlin", **run))
    publish(campaign, details("Baku", starts=datetime(2027, 2, 26), ends=None, is_time_known=False))
    exhibition, evening = get(client, f"{ROOT}/events?on=2027-02-26")["items"]
    assert (exhibition["starts_local"], exhibition["ends_local"]) == ("2027-02-20", "2027-03-02")
    assert exhibition["ends_utc"] == "2027-03-02T23:00:00Z"
    assert (evening["starts_local"], evening["ends_local"], evening["is_all_day"]) == ("2027-02-26", "2027-02-26", True)


def test_the_filters_are_those_of_the_pages(client: FlaskClient, campaign: Campaign) -> None:
    for city in CITIES:
        publish(campaign, details(city, type=Type.LECTURE if city == "Baku" else Type.CEREMONY))
    assert names(client, "country=de") == ["Berlin"]
    assert names(client, "type=lecture&type=vigil") == ["Baku"]
    assert names(client, "q=kathmandu&on=2027-02-26") == ["Kathmandu"]
    assert names(client, "on=2027-02-25") == []
    assert set(names(client, noun="occurrences")) == set(CITIES)
    answer = get(client, f"{ROOT}/events?on=2027-02-31&contry=DE&country=NZ&lang=xx&type=nonsense&type=ceremony")
    assert answer["ignored_filters"] == ["on", "type", "lang", "contry"]
    assert answer["filter"] == {"from": ["2027-02-01"], "country": ["NZ"], "type": ["ceremony"]}
    assert [item["name"] for item in answer["items"]] == ["Evening of remembrance in Auckland"]


def test_every_filter_is_described_and_every_value_works() -> None:
    assert tuple(parameters.ALL)[: len(NAMES)] == NAMES
    near = {"r": [("near", "Berlin")]}
    for name in NAMES:
        described = parameters.ALL[name]
        for value in (described.example, *described.values):
            read = Filter.read(MultiDict([(name, value), *near.get(name, [])]))
            assert read.unknown == (), (name, value)
            assert read != Filter(), (name, value)


def test_an_event_stands_once_and_its_dates_each(client: FlaskClient, campaign: Campaign) -> None:
    evenings = tuple(Occasion(starts=datetime(2027, 2, day, 18)) for day in (20, 26, 27))
    publish(campaign, details("Berlin", duration=Duration.DATES, occasions=evenings, starts=evenings[0].starts))
    publish(campaign, details("Baku", starts=datetime(2027, 2, 22, 18), ends=None))
    assert names(client) == ["Berlin", "Baku"]
    assert names(client, noun="occurrences") == ["Berlin", "Baku", "Berlin", "Berlin"]
    assert names(client, "from=2027-02-21") == ["Baku", "Berlin"]
    [event] = get(client, f"{ROOT}/events?from=2027-02-25")["items"]
    assert event["starts_local"] == "2027-02-26T18:00:00"
    dates = get(client, f"/api/v1/events/{event['id']}")["dates"]
    assert [one["starts_local"][8:10] for one in dates] == ["20", "26", "27"]
    occurrences = get(client, f"{ROOT}/occurrences?city=berlin")["items"]
    assert [one["id"] for one in occurrences] == [f"{event['id']}-{number}" for number in range(3)]


@pytest.mark.parametrize("noun", ["events", "occurrences"])
def test_pages_lose_and_repeat_nothing(client: FlaskClient, campaign: Campaign, noun: str) -> None:
    for number in range(11):
        publish(campaign, details(list(CITIES)[number % 6], title=f"No. {number} in {number}"))
    address, seen = f"{ROOT}/{noun}?limit=4&lang=az&on=2027-02-26", []
    while address:
        answer = client.get(address)
        body = answer.get_json()
        seen += [item["name"] for item in body["items"]]
        again = client.get(address)
        assert answer.headers["Link"] == again.headers["Link"]
        assert (f'<{body["next"]}>; rel="next"' in answer.headers["Link"]) is bool(body["next"])
        address = body["next"] and body["next"].removeprefix("http://localhost")
        if len(seen) == 4:
            publish(campaign, details("Berlin", title="New in front", starts=datetime(2027, 2, 26, 7), ends=None))
    assert len(seen) == len(set(seen)) == 11


def test_a_key_that_nobody_gave_out_is_no_page(client: FlaskClient, campaign: Campaign) -> None:
    for page in ("x", "bm9uc2Vuc2U", "WyJ4IiwxXQ", "W10"):
        for noun in ("events", "occurrences", "organisations"):
            answer = client.get(f"{ROOT}/{noun}?page={page}")
            assert (answer.status_code, answer.mimetype) == (404, "application/problem+json"), (noun, page)
            assert "next" in answer.get_json()["detail"]


def test_who_has_it_gets_304_and_asks_the_database_little(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details())
    for address in (f"{ROOT}/events", f"{ROOT}/places", f"{ROOT}/statistics", f"/api/v1/events/{event.ref}"):
        first = client.get(address)
        with counted() as asked:
            again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert len(asked) <= 2, asked
        assert first.headers["Vary"] == "Accept-Encoding"
        assert "Set-Cookie" not in first.headers
    service.cancel(event, by=None, reason="The hall is closed.")
    changed = client.get(f"{ROOT}/events", headers={"If-None-Match": first.headers["ETag"]})
    [item] = changed.get_json()["items"]
    assert (item["status"], item["status_note"]) == ("cancelled", "The hall is closed.")


@pytest.mark.parametrize("noun", ["events", "occurrences", "places", "organisations", "statistics"])
def test_query_counts_do_not_grow(client: FlaskClient, campaign: Campaign, noun: str) -> None:
    counts = []
    for number in (2, 30):
        for index in range(number):
            host = organizations.found(
                name=f"Example {number} {index}", kind=Kind.DIASPORA, country="DE", city="Berlin"
            )
            publish(campaign, details(list(CITIES)[index % 6], title=f"Evening {number} {index}"), host)
        with counted() as asked:
            get(client, f"{ROOT}/{noun}")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


def test_an_address_that_is_not_public_is_nowhere(client: FlaskClient, campaign: Campaign) -> None:
    hidden = {"venue": VENUE, "address": STREET, "room": "Room 3", "latitude": 52.123456, "longitude": 13.654321}
    event = publish(campaign, details("Berlin", **hidden, is_address_public=False))
    shown = publish(campaign, details("Berlin", venue="City hall", address="Open street 1"))
    for address in (f"{ROOT}/events", f"{ROOT}/occurrences", f"{ROOT}/places", f"/api/v1/events/{event.ref}"):
        text = client.get(address).get_data(as_text=True)
        assert "Berlin" in text
        for secret in (STREET, VENUE, "Room 3", "52.123", "13.654"):
            assert secret not in text, (address, secret)
    whole = get(client, f"/api/v1/events/{shown.ref}")["location"]
    assert (whole["name"], whole["address"]["streetAddress"]) == ("City hall", "Open street 1")


def test_a_stream_is_told_when_it_opens(client: FlaskClient, campaign: Campaign, moved_clock: Clock) -> None:
    stream = "https://example.org/stream-of-the-evening"
    event = publish(campaign, details("Berlin", mode=Mode.ONLINE, stream_url=stream))
    before = get(client, f"/api/v1/events/{event.ref}")
    assert stream not in str(before)
    assert before["location"] is None
    assert before["stream"] == {"state": "waiting", "opens_local": "2027-02-26T17:45:00", "url": None}
    moved_clock.set(datetime.fromisoformat("2027-02-26T16:50:00+00:00"))
    assert get(client, f"/api/v1/events/{event.ref}")["stream"]["url"] == stream


def test_texts_name_who_wrote_them_and_in_which_language(client: FlaskClient, campaign: Campaign) -> None:
    host = organizations.found(name="Verein der Freunde", kind=Kind.DIASPORA, country="DE", city="Berlin")
    wording = {"en": Wording(title="An evening", description="Music and testimony.")}
    event = publish(campaign, details("Berlin", language="de", title="Ein Abend", translations=wording), host)
    whole = get(client, f"/api/v1/events/{event.ref}")
    assert (whole["language"], whole["name"], whole["creditText"]) == ("de", "Ein Abend", "Verein der Freunde")
    assert whole["translations"] == [{"language": "en", "name": "An evening", "description": "Music and testimony."}]
    [item] = get(client, f"{ROOT}/events?org={host.slug}")["items"]
    assert item["translations"] == [{"language": "en", "name": "An evening"}]
    assert urlsplit(item["url"]).path == urlsplit(whole["url"]).path == f"/en/remembrance/e/{event.ref}-ein-abend"


def test_what_is_not_public_is_not_there(client: FlaskClient, campaign: Campaign) -> None:
    draft = service.draft(details(), campaign=campaign, by=None, organization_id=None)
    event = publish(campaign, details())
    quiet = organizations.found(name="Nothing public", kind=Kind.OTHER, country="DE", city="Berlin")
    assert client.get(f"/api/v1/events/{draft.ref}").status_code == 404
    assert client.get(f"/api/v1/organisations/{quiet.slug}").status_code == 404
    assert get(client, f"{ROOT}/organisations")["items"] == []
    service.withdraw(event, by=None)
    gone = client.get(f"/api/v1/events/{event.ref}")
    assert (gone.status_code, gone.mimetype) == (410, "application/problem+json")
    assert gone.get_json()["detail"].endswith("Remove it from what you keep.")
    assert get(client, f"{ROOT}/events")["items"] == []


def test_organisations_with_what_they_hold(client: FlaskClient, campaign: Campaign) -> None:
    made = [organizations.found(name=f"Example {n}", kind=Kind.MUSEUM, country="DE", city="Berlin") for n in range(3)]
    for host in made:
        others = (Host(id=made[0].id, name=made[0].name),) if host is made[2] else ()
        publish(campaign, details(hosts=others), host)
    first = get(client, f"{ROOT}/organisations?limit=2&country=de")
    assert [(one["id"], one["events"]) for one in first["items"]] == [("example-0", 2), ("example-1", 1)]
    rest = get(client, first["next"].removeprefix("http://localhost"))
    assert [one["id"] for one in rest["items"]] == ["example-2"]
    assert rest["next"] is None
    assert get(client, f"{ROOT}/organisations?country=NZ")["items"] == []
    assert get(client, "/api/v1/organisations/example-0")["type"] == "museum"


def test_counts_of_an_edition(client: FlaskClient, campaign: Campaign) -> None:
    evenings = tuple(Occasion(starts=datetime(2027, month, 20, 18)) for month in (2, 3, 4))
    publish(campaign, details("Berlin", duration=Duration.DATES, occasions=evenings, starts=evenings[0].starts))
    publish(campaign, details("Baku", spoken=("az", "en"), type=Type.VIGIL))
    publish(campaign, details("Berlin", title="Last year", starts=datetime(2026, 2, 26, 18), ends=None))
    off: Event = publish(campaign, details("Auckland"))
    service.cancel(off, by=None, reason="Storm")
    numbers = get(client, f"{ROOT}/statistics?year=2027")
    assert numbers["edition"] == {"year": 2027, "day": "2027-02-26", "first": "2027-02-01", "last": "2027-03-31"}
    assert (numbers["events"], numbers["demonstration_events"]) == (2, 0)
    assert numbers["by_country"] == [{"country": "AZ", "events": 1}, {"country": "DE", "events": 1}]
    assert numbers["by_type"] == [{"type": "ceremony", "events": 1}, {"type": "vigil", "events": 1}]
    assert numbers["by_language"] == [{"language": "en", "events": 2}, {"language": "az", "events": 1}]
    assert numbers["by_month"] == [{"month": "2027-02", "dates": 2}, {"month": "2027-03", "dates": 1}]
    assert get(client, f"{ROOT}/statistics")["edition"]["year"] == 2027
    assert get(client, f"{ROOT}/statistics?year=2026")["events"] == 1


def test_counts_follow_every_change_and_are_those_of_a_fresh_count(client: FlaskClient, campaign: Campaign) -> None:
    evenings = tuple(Occasion(starts=datetime(2027, 2, day, 18)) for day in (20, 21))
    moved = publish(campaign, details("Berlin", duration=Duration.DATES, occasions=evenings, starts=evenings[0].starts))
    publish(campaign, details("Baku", type=Type.EXHIBITION, duration=Duration.RUN, ends=datetime(2027, 5, 1)))
    gone = publish(campaign, details("Auckland", spoken=("mi",)))
    invented = service.draft(details("Kathmandu", mode=Mode.ONLINE), campaign=campaign, by=None, organization_id=None)
    invented.is_demonstration = True
    invented.move_to(Status.SUBMITTED)
    service.publish(invented, by=None)
    service.cancel(gone, by=None, reason="Storm")
    moved.details = moved.details.with_changes(country="FR", type=Type.VIGIL, occasions=evenings[1:])
    listings.follow(Happening(event=moved, change=Change.CHANGED))
    numbers = get(client, f"{ROOT}/statistics")
    assert (numbers["events"], numbers["demonstration_events"]) == (3, 1)
    assert [row["country"] for row in numbers["by_country"]] == ["AZ", "FR", "NP"]
    assert [row["type"] for row in numbers["by_type"]] == ["ceremony", "exhibition", "vigil"]
    assert numbers["by_language"] == [{"language": "en", "events": 3}]
    assert numbers["by_month"] == [{"month": "2027-02", "dates": 3}]
    in_part = queries.counts(campaign.id, date(2027, 2, 21), date(2027, 2, 26)).months
    assert in_part == queries.counts(campaign.id, date(2027, 2, 21), date(2027, 3, 31)).months == [("2027-02", 3)]
    listings.recount(campaign.id)
    pages.forget()
    again = get(client, f"{ROOT}/statistics")
    assert {name: value for name, value in again.items() if name != "updated"} == {
        name: value for name, value in numbers.items() if name != "updated"
    }


def test_places_add_up(client: FlaskClient, campaign: Campaign) -> None:
    for city in ("Berlin", "Berlin", "Baku"):
        publish(campaign, details(city))
    publish(campaign, details("Berlin", mode=Mode.ONLINE, stream_url="https://example.org/s"))
    found = get(client, f"{ROOT}/places")
    assert (found["events"], found["online"]) == (4, 1)
    assert [(c["id"], c["name"], c["events"]) for c in found["countries"]] == [
        ("AZ", "Azerbaijan", 1),
        ("DE", "Germany", 2),
    ]
    assert get(client, f"{ROOT}/places?country=DE&lang=az")["countries"][0]["name"] == "Almaniya"
    later = (date(2027, 2, 26) + timedelta(days=1)).isoformat()
    assert get(client, f"{ROOT}/places?from={later}")["events"] == 0


def test_a_campaign_tells_its_day_and_its_ways_in(client: FlaskClient, campaign: Campaign) -> None:
    [one] = get(client, get(client, "/api/v1/")["campaigns_url"].removeprefix("http://localhost"))["items"]
    assert one == get(client, ROOT)
    assert (one["id"], one["day"], one["names"]["az"]) == ("remembrance", {"month": 2, "day": 26}, "Anım")
    for address in (one["url"], one["events_url"], one["calendar_url"]):
        assert client.get(address.removeprefix("http://localhost")).status_code == 200
