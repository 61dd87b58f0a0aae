"""Listings are read past the ORM: they say the same, and are the same objects while nothing about them changes."""

from dataclasses import fields
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import bindparam, select, update

from campaign.calendar import listings, pages, queries
from campaign.calendar.filters import Filter
from campaign.calendar.listed import Listed
from campaign.calendar.models import Listing
from campaign.campaigns.models import Campaign
from campaign.core import statements
from campaign.core.db import db
from campaign.organizations import service as organizations
from campaign.organizations.models import Kind
from tests.calendar.conftest import CITIES, details, publish


def read(campaign: Campaign) -> dict[int, Listed]:
    return {one.id: one for one in queries.page_of(campaign.id, Filter()).rows}


@pytest.fixture
def published(campaign: Campaign) -> Campaign:
    for city in CITIES:
        publish(campaign, details(city, latitude=1.5, longitude=-2.25, is_free=True, title=f"Вечер, {city}"))
    return campaign


def test_they_say_what_the_orm_says(published: Campaign) -> None:
    found = read(published)
    plain = {one.id: one for one in db.session.scalars(select(Listing))}
    assert found.keys() == plain.keys()
    for number, one in found.items():
        for field in fields(Listed):
            read_value, stored = getattr(one, field.name), getattr(plain[number], field.name)
            assert (type(read_value), read_value) == (type(stored), stored), field.name


def test_a_row_that_says_something_else_is_another_one(published: Campaign) -> None:
    """SQLite gives the number of a listing that was deleted to the next one: numbers alone would not tell."""
    before = read(published)
    changed = min(before)
    db.session.execute(update(Listing).where(Listing.id == changed).values(card={**before[changed].card, "note": "x"}))
    after = read(published)
    assert {number for number, one in after.items() if one is not before[number]} == {changed}
    assert after[changed].card["note"] == "x"


def test_a_kept_statement_takes_the_values_of_each_time(published: Campaign) -> None:
    def asked(country: str) -> int:
        statement = select(Listing.id).where(Listing.country == bindparam("country"))
        return len(statements.kept("in a country", {"country": country}, lambda: statement).all())

    assert [asked(country) for country in ("DE", "XX", "AZ")] == [1, 0, 1]
    with pytest.raises(LookupError, match="country"):
        statements.kept("nowhere", {}, lambda: select(Listing.id).where(Listing.country == bindparam("country")))


def items(client: FlaskClient, noun: str, query: str = "") -> list[dict[str, Any]]:
    return list(client.get(f"/api/v1/campaigns/remembrance/{noun}{query}").get_json()["items"])


@pytest.mark.parametrize("noun", ["events", "occurrences"])
def test_the_api_writes_anew_what_says_something_else(client: FlaskClient, campaign: Campaign, noun: str) -> None:
    host = organizations.found(name="At first", kind=Kind.DIASPORA, country="DE", city="Berlin")
    publish(campaign, details("Baku"))
    event = publish(campaign, details("Berlin"), host)
    first = items(client, noun)
    host.name = "And then"
    listings.renew([event])
    pages.forget()
    again = items(client, noun)
    assert [item["organizer"] for item in first] == [[], [{"name": "At first"}]]
    assert [item["organizer"] for item in again] == [[], [{"name": "And then"}]]
    assert [{**item, "organizer": []} for item in again] == [{**item, "organizer": []} for item in first]
    there = items(client, noun, "?lang=az")
    assert ["/az/" in item["url"] for item in there] == [True, True]
