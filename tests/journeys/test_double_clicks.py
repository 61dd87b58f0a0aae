"""Buttons of readers pressed several times at one moment: each press is answered, and only one counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from campaign.campaigns import queries as campaigns
from campaign.core import clock
from campaign.core.db import transaction
from campaign.events import service as listing
from campaign.events.lifecycle import Status
from campaign.reminders import queries, tokens
from campaign.reminders.views import links
from tests.journeys.conftest import House
from tests.reminders.conftest import details

PRESSES = 6
READERS = [f"reader{number}@example.org" for number in range(3)]
Press = Callable[[str, dict[str, str]], list[int]]


@pytest.fixture
def ref(house: House) -> str:
    """A published event in a month."""
    starts = clock.now().replace(tzinfo=None) + timedelta(days=30)
    with house.app.app_context(), transaction():
        campaign = campaigns.get_by_slug("khojaly")
        told = details(starts=starts, ends=starts + timedelta(hours=2))
        event = listing.draft(told, campaign=campaign, by=None, organization_id=None)
        event.move_to(Status.SUBMITTED)
        listing.publish(event, by=None)
        return event.ref


@pytest.fixture
def press(house: House) -> Press:
    """Press one button so many times at once; answers the statuses."""
    start = Barrier(PRESSES)

    def one(address: str, values: dict[str, str]) -> int:
        start.wait(30)
        return house.visitor().post(address, values).status

    def all_at_once(address: str, values: dict[str, str]) -> list[int]:
        with ThreadPoolExecutor(PRESSES) as fingers:
            return list(fingers.map(lambda _number: one(address, values), range(PRESSES)))

    return all_at_once


def _subjects(house: House) -> list[tuple[str, str]]:
    house.send_letters()
    return sorted((str(m["To"]), str(m["Subject"]).partition(":")[0]) for m in house.mailbox.messages)


def test_asking_and_confirming_many_times_at_once_is_one_letter_each(house: House, ref: str, press: Press) -> None:
    for email in READERS:
        assert press(f"/e/{ref}/remind", {"email": email}) == [200] * PRESSES
    asked = _subjects(house)
    assert [to for to, _subject in asked] == READERS
    house.mailbox.messages.clear()
    for email in READERS:
        with house.app.app_context():
            reader = queries.reader_of(email)
            assert reader is not None
            address = f"/v/r/{tokens.manage(reader, links())}"
        assert press(address, {}) == [200] * PRESSES
    assert [to for to, _subject in _subjects(house)] == READERS
