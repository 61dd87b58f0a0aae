"""An empty database of its own for every case, on the engine that is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.catalogue import CASES
from tests.fault.databases import empty_postgres


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A case counts only where it is played: on the engines that it is about."""
    vain = [item for item in items if _is_vain(item)]
    config.hook.pytest_deselected(items=vain)
    items[:] = [item for item in items if item not in vain]


def _is_vain(item: pytest.Item) -> bool:
    asked = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return asked.get("case") in CASES and asked["engine"] not in CASES[asked["case"]].engines_at("small")


@pytest.fixture
def empty_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'mail.sqlite'}"
        return
    with empty_postgres(request.getfixturevalue("postgres_url"), "fault") as url:
        yield url
