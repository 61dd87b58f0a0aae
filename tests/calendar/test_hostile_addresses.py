"""Whatever stands in an address, a public page answers with a page or a sentence, and never with a fault of ours."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from campaign.calendar import pages
from campaign.campaigns.models import Campaign
from campaign.core import paging
from campaign.core.db import db
from tests.calendar.conftest import details, publish

HOME = "/en/remembrance/"
PAGES = [
    HOME,
    *(HOME + name for name in ("events/", "events/programme/", "map/", "map/3/0/0.json", "now/", "feeds/")),
    *(HOME + name for name in ("events/2027/02/", "events/2027/02/26/")),
    *("/feeds/remembrance.ics", "/feeds/remembrance.json", "/embed/remembrance/month.html", "/api/v1/events"),
]
HUGE = "9" * 400
VALUES = {
    "a null": "%00",
    "no UTF-8": "%ff%fe%c0%80",
    "ten thousand letters": "x" * 10_000,
    "ten thousand words": "no+" * 3400,
    "a number without end": HUGE,
    "no number": "nan",
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "marks of SQL": quote("' OR 1=1; -- \" * NEAR(a b) %_\\"),
    "nowhere": "90.1,180.1",
    "the pole": "-90,-180",
    "other digits": quote("٢٠٢٧-٠٢-٢٦"),
    "a huge key": paging.encode(int(HUGE)),
    "a key before all": paging.encode(-(2**63)),
}

PATHS = ["/%ff/", "/en/%ff/", f"{HOME}%ff/", f"{HOME}e/%ff", "/e/%ff.ics", "/feeds/%ff.ics", "/embed/%ff/list"]
PATHS += [f"{HOME}e/%00", f"{HOME}events/0000/00/", f"{HOME}events/9999/12/31/", f"{HOME}events/2027/02/30/"]
PATHS += [f"{HOME}map/99/99999999999999999999/0.json", f"/feeds/{'x' * 5000}.ics", f"{HOME}places/xx/{'y' * 5000}/"]


@pytest.mark.parametrize("value", VALUES.values(), ids=list(VALUES))
def test_any_value_of_every_parameter(client: FlaskClient, campaign: Campaign, value: str) -> None:
    publish(campaign, details())
    db.session.commit()
    query = "&".join(f"{name}={value}" for name in sorted(pages.KNOWN - {"view", "text"}))
    for path in PAGES:
        _answers_with_sense(client, f"{path}?{query}")


@pytest.mark.parametrize("path", PATHS)
def test_any_path(client: FlaskClient, campaign: Campaign, path: str) -> None:
    _answers_with_sense(client, path)


def _answers_with_sense(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code < 500, address[:200]
    if answer.status_code >= 400:
        said = " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())
        assert re.search(r"\w+ \w+.*\w\.", said), address[:200]
