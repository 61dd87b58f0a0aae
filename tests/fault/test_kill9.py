"""Killing senders loses nothing, sends nothing early, and repeats only under the same Message-ID."""

import pytest

from tests.fault.cases.kill9 import kill9
from tests.fault.installation import Installation


@pytest.mark.servers
def test_killed_senders_lose_nothing(home: Installation) -> None:
    """The real processes; jobs travel through Redis beside PostgreSQL, through the embedded broker beside SQLite."""
    outcome = kill9(home, letters=1000, kills=3, in_a_hurry=True)
    assert outcome.is_good, outcome.line()
