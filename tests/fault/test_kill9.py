"""Killing senders loses nothing, sends nothing early, and repeats only under the same Message-ID."""

from pathlib import Path

import pytest

from tests.fault import kill9, processes


@pytest.mark.servers
def test_killed_senders_lose_nothing(empty_url: str) -> None:
    figures = kill9.run(empty_url)
    assert figures.kills_amid_work >= 3
    assert figures.is_good, figures


@pytest.mark.servers
def test_killed_workers_and_runners_lose_nothing(
    engine: str, empty_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The real processes; jobs travel through Redis beside PostgreSQL, through the embedded broker beside SQLite."""
    redis_url = str(request.getfixturevalue("redis_url")) if engine == "postgresql" else ""
    figures = processes.run(tmp_path, case=engine, database_url=empty_url, redis_url=redis_url)
    assert figures.kills_amid_work >= 3
    assert figures.is_good, figures
