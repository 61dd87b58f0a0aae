"""Pages of places and organisers: what is coming, the years before, and an honest 404 where there never was any."""

import json
import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.calendar import pages
from campaign.calendar.profiles import content
from campaign.campaigns.models import Campaign
from campaign.core import paging
from campaign.core.db import db
from campaign.core.folding import fold
from campaign.events.details import Host
from campaign.events.lifecycle import Duration, Mode, Type
from campaign.organizations.models import Kind, Organization
from campaign.places.models import City, CityName
from tests.calendar.conftest import details, publish
from tests.calendar.test_plans import statements

HOME = "/en/remembrance/"
POSITIONS = {"Berlin": (52.52, 13.41, "DE"), "Baku": (40.38, 49.89, "AZ"), "Potsdam": (52.4, 13.06, "DE")}


@pytest.fixture(autouse=True)
def gazetteer(session: Session) -> None:
    for number, (name, (latitude, longitude, country)) in enumerate(POSITIONS.items(), start=1):
        zone = {"DE": "Europe/Berlin", "AZ": "Asia/Baku"}[country]
        place: dict[str, Any] = {"latitude": latitude, "longitude": longitude, "time_zone": zone, "country": country}
        city = City(geoname_id=number, name=name, population=1_000_000, **place)
        session.add(city)
        session.flush()
        session.add(CityName(city_id=city.id, folded=name.lower(), population=1_000_000))


@pytest.fixture
def embassy(session: Session) -> Organization:
    return organization(session, "Embassy of X in Berlin", "embassy-of-x-in-berlin", website="https://x.example/")


def organization(session: Session, name: str, slug: str, **more: Any) -> Organization:
    made = Organization(name=name, slug=slug, search_name=fold(name), kind=Kind.EMBASSY, country="DE", **more)
    session.add(made)
    session.flush()
    return made


def known(name: str) -> int:
    return list(POSITIONS).index(name) + 1


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    db.session.commit()
    pages.forget()
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.location)
    return answer.get_data(as_text=True)


def facts(body: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)
    assert found
    return dict(json.loads(found.group(1)))


def past(**changes: Any) -> Any:
    return details(starts=datetime(2026, 2, 26, 18), ends=datetime(2026, 2, 26, 19), **changes)


def test_a_city_shows_what_is_coming_and_the_years_before(client: FlaskClient, campaign: Campaign) -> None:
    publish(campaign, details("Berlin", city_id=known("Berlin"), title="Coming evening"))
    publish(campaign, past(title="Last year's evening", city_id=known("Berlin")))
    publish(campaign, past(title="Another of last year", city_id=known("Berlin"), mode=Mode.ONLINE))
    run = {"duration": Duration.RUN, "type": Type.EXHIBITION, "ends": datetime(2025, 3, 20)}
    publish(campaign, details(title="Old exhibition", city_id=known("Berlin"), starts=datetime(2025, 3, 1), **run))
    publish(campaign, details("Baku", city_id=known("Baku")))
    publish(campaign, details().with_changes(city="Potsdam", city_id=known("Potsdam")))
    body = read(client, f"{HOME}places/de/berlin/")
    assert "<h1><bdi>Berlin</bdi></h1>" in body
    assert "Coming evening" in body
    assert "In 2026" in body
    assert "Last year&#39;s evening" in body
    years = re.findall(r'from=(\d{4})-01-01&amp;to=\1-12-31&amp;city=de/berlin">\1</a></th><td class="num">(\d+)', body)
    assert years == [("2026", "2"), ("2025", "1")]
    assert '<bdi>Potsdam</bdi></a> <span class="small muted">Germany ·</span>' in body
    assert '<span class="small muted num">27 km' in body
    assert "<bdi>Baku</bdi>" not in body
    assert f'{HOME}places/de/"' in body
    assert "/feeds/remembrance.ics?city=de/berlin&amp;lang=en" in body
    assert f"{HOME}follow/?city=de/berlin" in body
    assert '<link rel="alternate" hreflang="ar" href="http://localhost/ar/remembrance/places/de/berlin/">' in body
    said = facts(body)
    assert (said["@type"], said["name"], said["geo"]["latitude"]) == ("City", "Berlin", 52.52)
    assert said["containedInPlace"] == {"@type": "Country", "identifier": "DE", "name": "Germany"}
    assert f"{HOME}places/de/berlin/" in read(client, f"{HOME}places/de/")


def test_a_year_without_events_says_so_and_shows_the_last(client: FlaskClient, campaign: Campaign) -> None:
    publish(campaign, past(title="Last year's evening"))
    body = read(client, f"{HOME}places/de/berlin/")
    assert "Nothing is listed for 2027 yet" in body
    assert "Last year&#39;s evening" in body


def test_a_country_names_its_cities_with_their_numbers(client: FlaskClient, campaign: Campaign) -> None:
    for city in ("Berlin", "Potsdam", "Potsdam"):
        publish(campaign, details().with_changes(city=city, city_id=known(city)))
    body = read(client, f"{HOME}places/de/")
    assert re.findall(r"<bdi>(Berlin|Potsdam)</bdi></a> <span[^>]*>(\d) event", body) == [
        ("Berlin", "1"),
        ("Potsdam", "2"),
    ]
    assert facts(body)["identifier"] == "DE"
    assert '<b class="num">3 events</b>' in body
    everywhere = read(client, f"{HOME}places/")
    assert re.search(r'href="/en/remembrance/places/de/">Germany</a> <span[^>]*>3<', everywhere)


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("places/DE/", "places/de/"),
        ("places/DE/Berlin/", "places/de/berlin/"),
        ("places/de/Berlin/", "places/de/berlin/"),
    ],
)
def test_other_spellings_lead_to_the_page(client: FlaskClient, campaign: Campaign, path: str, leads_to: str) -> None:
    answer = client.get(f"{HOME}{path}")
    assert (answer.status_code, answer.location) == (301, f"{HOME}{leads_to}")


def test_another_name_that_the_gazetteer_knows_leads_there(
    client: FlaskClient, campaign: Campaign, session: Session
) -> None:
    publish(campaign, details("Baku", city_id=known("Baku")))
    baku = session.scalars(select(City).where(City.name == "Baku")).one()
    session.add(CityName(city_id=baku.id, folded="bakou", population=1_000_000))
    db.session.commit()
    answer = client.get(f"{HOME}places/az/bakou/")
    assert (answer.status_code, answer.location) == (302, f"{HOME}places/az/baku/")


def test_where_nothing_is_the_nearest_places_are_named(client: FlaskClient, campaign: Campaign) -> None:
    publish(campaign, details("Berlin", city_id=known("Berlin")))
    publish(campaign, details("Baku", city_id=known("Baku")))
    body = read(client, f"{HOME}places/de/potsdam/", 404)
    assert "No event has been listed in this place so far." in body
    assert body.index("<bdi>Berlin</bdi>") < body.index("27 km") < body.index("<bdi>Baku</bdi>")
    assert 'content="noindex"' in body
    assert "<bdi>Berlin</bdi>" in read(client, f"{HOME}places/de/nowhere-at-all/", 404)
    assert "<bdi>Baku</bdi>" in read(client, f"{HOME}places/ch/", 404)
    for path in (
        "places/xx/",
        "organisers/%00/",
        f"organisers/{'a' * 3000}/",
        "places/xx/berlin/",
        "places/de/%00/",
        f"places/de/{'a' * 3000}/",
        "places/de/%ff/",
    ):
        assert client.get(HOME + path).status_code == 404, path


def test_an_organiser_with_all_it_holds(client: FlaskClient, campaign: Campaign, embassy: Organization) -> None:
    own = publish(campaign, details(title="Own evening"), embassy)
    publish(campaign, details("Baku", title="Held with others", hosts=(Host(id=embassy.id, name="E"),)))
    publish(campaign, past(title="Last year"), embassy)
    publish(campaign, details("Kathmandu", title="Of nobody"))
    body = read(client, f"{HOME}organisers/embassy-of-x-in-berlin/")
    assert ("Own evening" in body, "Held with others" in body, "Of nobody" in body) == (True, True, False)
    assert "Last year" in body
    assert "/feeds/remembrance.ics?org=embassy-of-x-in-berlin&amp;lang=en" in body
    assert f"{HOME}follow/?org=embassy-of-x-in-berlin" in body
    assert facts(body) == {
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "@id": "http://localhost/en/remembrance/organisers/embassy-of-x-in-berlin/",
        "url": "http://localhost/en/remembrance/organisers/embassy-of-x-in-berlin/",
        "name": "Embassy of X in Berlin",
        "sameAs": "https://x.example/",
        "address": {"@type": "PostalAddress", "addressCountry": "DE"},
    }
    page = read(client, client.get(f"/e/{own.ref}").location)
    assert f'<a href="{HOME}organisers/embassy-of-x-in-berlin/"><bdi>Embassy of X in Berlin</bdi></a>' in page
    assert f'href="{HOME}places/de/berlin/"' in page


def test_organisers_stand_in_an_index_with_their_numbers(
    client: FlaskClient, campaign: Campaign, embassy: Organization, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "NAMES", 2)
    for number, name in enumerate(("Zeta House", "Ədəbiyyat Evi", "Ədəbiyyat Evi")):
        publish(campaign, details(title=name), organization(session, name, f"house-{number}"))
    organization(session, "Embassy of the silent", "embassy-of-the-silent")
    run = {"duration": Duration.RUN, "type": Type.EXHIBITION, "ends": datetime(2027, 3, 20)}
    for more in ({}, run):
        publish(campaign, details(title="Of the embassy", **more), embassy)
    publish(campaign, past(), embassy)
    path, seen = f"{HOME}organisers/", []
    for _page in range(2):
        body = read(client, path)
        seen += re.findall(r'organisers/([a-z0-9-]+)/"><bdi>([^<]+)</bdi></a>.*?>(\d) event', body)
        following = re.search(r'href="([^"]+)" rel="next"', body)
        path = following[1] if following else ""
    assert seen == [
        ("house-1", "Ədəbiyyat Evi", "1"),
        ("house-2", "Ədəbiyyat Evi", "1"),
        ("embassy-of-x-in-berlin", "Embassy of X in Berlin", "3"),
        ("house-0", "Zeta House", "1"),
    ]
    assert path == ""
    for bad in ("nonsense", paging.encode(2**70), paging.encode(-1), paging.encode(10**9)):
        assert "house-1" in read(client, f"{HOME}organisers/?page={bad}")
    assert f'href="{HOME}organisers/"' in read(client, HOME)


def test_an_unknown_organiser_is_nobody_and_those_like_it_are_named(
    client: FlaskClient, campaign: Campaign, embassy: Organization, session: Session
) -> None:
    publish(campaign, details(), embassy)
    organization(session, "Embassy of the silent", "embassy-of-the-silent")
    for slug in ("embassy-of-y-in-berlin", "house-berlin", "embassy-of-the-silent"):
        body = read(client, f"{HOME}organisers/{slug}/", 404)
        assert "Embassy of X in Berlin" in body
        assert "Embassy of the silent" not in body
    assert "events/?q=house+berlin" in read(client, f"{HOME}organisers/house-berlin/", 404)


def test_every_page_stands_in_the_sitemap(client: FlaskClient, campaign: Campaign, embassy: Organization) -> None:
    publish(campaign, details(), embassy)
    tree = ElementTree.fromstring(read(client, "/sitemaps/remembrance/pages.xml"))
    listed = {element.text for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    for path in ("places/", "places/de/", "places/de/berlin/", "organisers/embassy-of-x-in-berlin/"):
        for language in ("en", "az", "ar"):
            address = f"http://localhost/{language}/remembrance/{path}"
            assert address in listed
            assert read(client, address.removeprefix("http://localhost"))


def test_the_number_of_questions_does_not_grow(client: FlaskClient, campaign: Campaign, embassy: Organization) -> None:
    paths = [
        f"{HOME}{path}"
        for path in ("places/", "places/de/", "places/de/berlin/", "organisers/", f"organisers/{embassy.slug}/")
    ]

    def asked() -> list[int]:
        numbers = []
        for path in paths:
            with statements() as said:
                read(client, path)
            numbers.append(len(said))
        return numbers

    def add(number: int) -> None:
        run = {"duration": Duration.RUN, "type": Type.EXHIBITION, "ends": datetime(2027, 3, 20)}
        publish(campaign, details(title=f"Evening {number}", city_id=known("Berlin")), embassy)
        publish(campaign, past(title=f"Past {number}", city_id=known("Berlin")), embassy)
        publish(campaign, details(title=f"Exhibition {number}", starts=datetime(2027, 2, 1), **run), embassy)

    add(0)
    before = asked()
    for number in range(1, 9):
        add(number)
    assert asked() == before
    assert max(before) <= 16
