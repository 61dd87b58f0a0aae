"""An empty database of its own for every case, on the engine that is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.databases import empty_postgres


@pytest.fixture
def empty_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'mail.sqlite'}"
        return
    with empty_postgres(request.getfixturevalue("postgres_url"), "fault") as url:
        yield url
