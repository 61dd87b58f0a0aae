"""Events at the hours when clocks change: every way out of the calendar names the same instant."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.calendar.models import Listing
from campaign.calendar.sharing import links
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events.lifecycle import Duration
from campaign.places import moments
from tests.calendar import generated
from tests.calendar.conftest import details, publish

ZONES = (
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Asia/Beirut",
    "Antarctica/Troll",
)
SAID = links.Said(title="Evening", address="http://localhost/e/1")
pytestmark = pytest.mark.any_engine


@pytest.fixture
def listed(client: FlaskClient, campaign: Campaign) -> list[Listing]:
    """One date a row, with and without an end."""
    for zone in ZONES:
        dates, *_others = generated.events(zone, details())
        publish(campaign, dates)
        for wall, _by in generated.changes(zone):
            publish(campaign, details(starts=wall, ends=None, time_zone=zone))
    db.session.commit()
    return list(db.session.scalars(select(Listing).order_by(Listing.id)))


def instants(text: str, zone: str) -> Iterator[datetime]:
    """The instants of `20270226T180000/20270226T193000`, by the clocks of a zone or in UTC."""
    for part in text.split("/"):
        if part.endswith("Z"):
            yield datetime.strptime(part, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        else:
            wall = datetime.strptime(part, "%Y%m%dT%H%M%S")
            assert not moments.is_gap(wall, zone)
            assert not moments.is_fold(wall, zone)
            yield moments.instant(wall, zone)


def test_links_into_other_calendars(listed: list[Listing]) -> None:
    assert len(listed) > 100
    for one in listed:
        [made] = links.calendars([one], SAID)
        google, outlook = (parse_qs(urlsplit(link).query) for link in (made.google, made.outlook))
        assert google["ctz"] == [one.time_zone]
        assert [*instants(google["dates"][0], one.time_zone)] == [one.starts_at, one.ends_at], one.starts_local
        named = [datetime.fromisoformat(outlook[name][0]) for name in ("startdt", "enddt")]
        assert named == [one.starts_at, one.ends_at]


def test_facts_for_machines_and_the_api(client: FlaskClient, listed: list[Listing]) -> None:
    by_ref: dict[str, list[Listing]] = {}
    for one in listed:
        by_ref.setdefault(one.ref, []).append(one)
    for ref, dates in by_ref.items():
        dates.sort(key=lambda one: one.sort_key)
        body = client.get(client.get(f"/e/{ref}").location).get_data(as_text=True)
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)
        assert found
        said = json.loads(found.group(1))
        parts = said["subEvent"] if dates[0].duration is Duration.DATES else [said]
        assert [datetime.fromisoformat(part["startDate"]) for part in parts] == [one.starts_at for one in dates]
        ends = [datetime.fromisoformat(part["endDate"]) for part in parts if "endDate" in part]
        assert ends == [one.ends_at for one in dates if one.card["ends"]]
        answer = client.get(f"/api/v1/events/{ref}").get_json()
        assert [datetime.fromisoformat(date["starts_utc"]) for date in answer["dates"]] == [d.starts_at for d in dates]
        walls = [(datetime.fromisoformat(date["starts_local"]), date["zone"]) for date in answer["dates"]]
        assert [moments.instant(*wall) for wall in walls] == [one.starts_at for one in dates]
