"""What programs read: JSON-LD, canonical addresses and translations, sitemaps, robots, the manifest."""

import gzip
import json
import re
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from PIL import Image

from campaign.calendar.sharing import sitemaps
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events import service
from campaign.events.details import Occasion
from campaign.events.lifecycle import Duration, Entry, Mode
from campaign.events.models import Event
from tests.calendar.conftest import CITIES, details, publish
from tests.calendar.test_event_page import STREAM, change, hybrid, shown
from tests.conftest import Clock

SITE = "http://localhost"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def facts(client: FlaskClient, event: Event) -> dict[str, Any]:
    body = shown(client, event)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)
    assert found
    read = json.loads(found.group(1))
    assert read["@context"] == "https://schema.org"
    return dict(read)


def test_an_event_with_a_public_address(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(
        campaign,
        details(
            address="Main street 1",
            latitude=52.52437,
            longitude=13.41053,
            capacity=120,
            entry=Entry.REGISTRATION,
            registration_url="https://example.org/register",
        ),
    )
    db.session.commit()
    read = facts(client, event)
    assert (read["startDate"], read["endDate"]) == ("2027-02-26T18:00+01:00", "2027-02-26T19:30+01:00")
    assert read["eventStatus"] == "https://schema.org/EventScheduled"
    assert read["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    [place] = read["location"]
    assert place["address"]["streetAddress"] == "Main street 1"
    assert place["geo"]["latitude"] == 52.52437
    assert read["offers"] == {
        "@type": "Offer",
        "url": "https://example.org/register",
        "price": 0,
        "priceCurrency": "EUR",
    }
    assert (read["isAccessibleForFree"], read["maximumAttendeeCapacity"], read["inLanguage"]) == (True, 120, ["en"])
    assert read["url"].startswith(f"{SITE}/en/remembrance/e/{event.ref}-")
    assert read["image"][-1].startswith(f"{SITE}/e/{event.ref}/picture.png?lang=en&v=")


def test_a_hidden_address_stays_hidden(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details(address="Main street 1", latitude=52.5, longitude=13.4, is_address_public=False))
    db.session.commit()
    [place] = facts(client, event)["location"]
    assert place == {
        "@type": "Place",
        "name": "Berlin",
        "address": {"@type": "PostalAddress", "addressLocality": "Berlin", "addressCountry": "DE"},
    }


def test_the_stream_stands_there_only_while_it_is_open(
    client: FlaskClient, campaign: Campaign, moved_clock: Clock
) -> None:
    event = publish(campaign, hybrid())
    db.session.commit()
    assert facts(client, event)["location"][1]["url"].startswith(f"{SITE}/en/remembrance/e/")
    moved_clock.set(datetime.fromisoformat("2027-02-26T17:30:00+00:00"))
    assert facts(client, event)["location"][1] == {"@type": "VirtualLocation", "url": STREAM}


def test_status_words(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details(entry=Entry.OPEN))
    db.session.commit()
    change(event, starts=datetime(2027, 2, 26, 17))
    read = facts(client, event)
    assert read["eventStatus"] == "https://schema.org/EventRescheduled"
    assert read["previousStartDate"] == "2027-02-26T18:00+01:00"
    service.postpone(event, by=None, reason="Snow")
    db.session.commit()
    assert facts(client, event)["eventStatus"] == "https://schema.org/EventPostponed"
    change(event, starts=datetime(2027, 3, 5, 17), ends=datetime(2027, 3, 5, 19))
    assert facts(client, event)["previousStartDate"] == "2027-02-26T17:00+01:00"
    service.cancel(event, by=None, reason="Snow")
    db.session.commit()
    assert facts(client, event)["eventStatus"] == "https://schema.org/EventCancelled"
    online = publish(campaign, details(entry=Entry.OPEN))
    change(online, mode=Mode.ONLINE, stream_url=STREAM)
    read = facts(client, online)
    assert read["eventStatus"] == "https://schema.org/EventMovedOnline"
    assert read["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert [place["@type"] for place in read["location"]] == ["VirtualLocation"]


def test_runs_and_series(client: FlaskClient, campaign: Campaign) -> None:
    run = publish(
        campaign,
        details(
            duration=Duration.RUN,
            starts=datetime(2027, 2, 14),
            ends=datetime(2027, 2, 28),
            is_time_known=False,
            opening_hours={"1": "10:00–18:00", "2": "by appointment"},
        ),
    )
    dates = tuple(Occasion(starts=datetime(2027, 2, day, 18)) for day in (25, 26))
    series = publish(campaign, details(duration=Duration.DATES, occasions=dates))
    db.session.commit()
    read = facts(client, run)
    assert (read["startDate"], read["endDate"]) == ("2027-02-14", "2027-02-28")
    [schedule] = read["eventSchedule"]
    assert (schedule["byDay"], schedule["startTime"]) == ("https://schema.org/Tuesday", "10:00")
    read = facts(client, series)
    starts = [part["startDate"] for part in read["subEvent"]]
    assert starts == ["2027-02-25T18:00+01:00", "2027-02-26T18:00+01:00"]
    assert all(part["location"] == read["location"] for part in read["subEvent"])


@pytest.mark.parametrize(
    "path", ["", "events/", "events/?country=DE", "events/2027/02/", "events/2027/02/26/", "feeds/"]
)
def test_public_pages_name_their_translations(client: FlaskClient, campaign: Campaign, path: str) -> None:
    body = client.get(f"/az/remembrance/{path}").get_data(as_text=True)
    canonical = path.partition("?")[0]
    assert f'<link rel="canonical" href="{SITE}/az/remembrance/{canonical}">' in body
    found = dict(re.findall(r'hreflang="([a-z-]+)" href="(http[^"]+)"', body))
    assert found == {
        **{code: f"{SITE}/{code}/remembrance/{canonical}" for code in ("en", "az", "ar")},
        "x-default": f"{SITE}/en/remembrance/{canonical}",
    }
    for name in ("og:title", "og:description", "og:image", "og:url"):
        assert f'<meta property="{name}" content="' in body
    assert 'type="application/rss+xml"' in body


def test_private_pages_name_nothing(client: FlaskClient, session: object) -> None:
    body = client.get("/account/sign-in").get_data(as_text=True)
    assert "og:title" not in body
    assert 'rel="canonical"' not in body


def test_sitemaps_lead_to_every_public_event(
    client: FlaskClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "BLOCK", 4)
    monkeypatch.setattr(sitemaps, "_BATCH", 3)
    events = [publish(campaign, details(city)) for city in CITIES for _twice in range(2)]
    service.withdraw(events[0], by=None)
    db.session.commit()
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    addresses = [loc.text or "" for loc in index.iter(f"{MAP}loc")]
    assert addresses[0] == f"{SITE}/sitemaps/remembrance/pages.xml"
    assert len(addresses) >= 4
    seen: set[str] = set()
    for address in addresses[1:]:
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        urls = list(ElementTree.fromstring(gzip.decompress(answer.data)).iter(f"{MAP}url"))
        for url in urls:
            languages = [link.get("hreflang") for link in url.iter(LINK)]
            assert languages == ["en", "az", "ar", "x-default"]
            assert url.findtext(f"{MAP}lastmod")
            seen.add(url.findtext(f"{MAP}loc") or "")
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert len(seen) == 11 * 3
    assert all(client.get(address).status_code == 200 for address in list(seen)[:3])
    assert not [address for address in seen if events[0].ref in address]
    assert client.get("/sitemaps/remembrance/events-999.xml").status_code == 404


def test_the_fixed_pages_are_there_and_open(client: FlaskClient, campaign: Campaign) -> None:
    publish(campaign, details())
    db.session.commit()
    pages = ElementTree.fromstring(client.get("/sitemaps/remembrance/pages.xml").data)
    addresses = [loc.text or "" for loc in pages.iter(f"{MAP}loc")]
    assert f"{SITE}/az/remembrance/events/2027/02/" in addresses
    assert {client.get(address).status_code for address in addresses} == {200}


def test_robots_and_security(client: FlaskClient, session: object) -> None:
    robots = client.get("/robots.txt").get_data(as_text=True)
    assert f"Sitemap: {SITE}/sitemap.xml" in robots
    for path in ("/my/", "/desk/", "/account/"):
        assert f"Disallow: {path}" in robots
    assert "Contact: mailto:" in client.get("/.well-known/security.txt").get_data(as_text=True)


def test_the_manifest_and_its_icons(client: FlaskClient, session: object) -> None:
    read = client.get("/site.webmanifest?lang=ar").get_json()
    assert read["dir"] == "rtl"
    for icon in [*read["icons"], {"src": "/favicon.ico", "sizes": "32x32"}]:
        answer = client.get(icon["src"])
        image = Image.open(BytesIO(answer.data))
        assert f"{image.width}x{image.height}" == icon["sizes"]
        assert len(image.convert("RGB").getcolors(1 << 20) or []) > 3
    assert client.get("/icon-33.png").status_code == 404
