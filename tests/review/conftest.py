"""The small world of the desk, and who is signed in."""

from collections.abc import Callable
from typing import Any

import pytest

from campaign.accounts.models import Person
from tests.factories.desk import World, sign_in, world_of


@pytest.fixture
def world(session: Any) -> World:
    return world_of(session)


@pytest.fixture
def signed_in(client: Any) -> Callable[[Person], Any]:
    return lambda person: sign_in(client, person)
