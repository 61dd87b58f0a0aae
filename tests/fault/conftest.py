"""An empty database of its own for every case on the engine that is asked for; one installation for the big ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.databases import empty_postgres
from tests.fault.installation import Installation, installed


@pytest.fixture
def empty_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'mail.sqlite'}"
        return
    with empty_postgres(request.getfixturevalue("postgres_url"), "fault") as url:
        yield url


@pytest.fixture
def home(engine: str) -> Iterator[Installation]:
    with installed(engine) as one:
        yield one
