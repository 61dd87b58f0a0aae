"""The page for developers; that its examples run is shown in tests/browser/test_partners.py."""

import re

from flask.testing import FlaskClient

from campaign.calendar.api import parameters
from campaign.campaigns.models import Campaign
from campaign.core import problems
from campaign.core.db import db


def test_everything_that_is_offered_is_named(client: FlaskClient, campaign: Campaign) -> None:
    db.session.commit()
    body = client.get("/developers/").get_data(as_text=True)
    document = client.get("/api/v1/openapi.json").get_json()
    named = set(re.findall(r"<code>(/[^<]*)</code>", body))
    assert {path.removeprefix("/api/v1") for path in document["paths"]} - {"/"} == named
    for name in parameters.LIST:
        assert f"<code>{name}={parameters.ALL[name].example}" in body
    for code in problems.explained():
        assert f'id="problem-{code}"' in body
    assert "/api/v1/campaigns/remembrance/events?on=2027-02-26" in body


def test_it_is_kept_by_who_has_it_and_stands_without_a_calendar(client: FlaskClient) -> None:
    first = client.get("/developers/?lang=az")
    assert first.status_code == 200
    assert 'lang="az"' in first.get_data(as_text=True)
    assert "Set-Cookie" not in first.headers
    again = client.get("/developers/?lang=az", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
