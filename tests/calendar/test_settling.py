"""After everything was prepared anew, the database knows of it, and nothing of what was there before is read."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from campaign.calendar import listings
from campaign.calendar.filters import Filter
from campaign.calendar.searching import Search
from campaign.campaigns.models import Campaign
from tests.calendar.conftest import CITIES, details, publish

# What each engine has to read for the texts of three listings, once it knows of them.
SETTLED = {
    "sqlite": ("SELECT count(DISTINCT segid) FROM listing_search_idx", 1),
    "postgresql": ("SELECT reltuples::int FROM pg_class WHERE relname = 'listing_texts'", 3),
}


def test_who_prepares_everything_anew_leaves_no_former_texts_to_read(
    engine: str, campaign: Campaign, session: Session
) -> None:
    events = [publish(campaign, details(city)) for city in list(CITIES)[:3]]
    for _ in range(3):
        listings.renew(events)
        session.flush()
        assert Search(campaign.id, Filter(words="evening")).count(10).number == 3  # It is written before it is read.
    listings.recount(campaign.id)
    question, expected = SETTLED[engine]
    assert session.scalar(text(question)) == expected
