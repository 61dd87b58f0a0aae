"""The benchmark still runs: every kind of server, every yardstick that is there, one table."""

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import load, serving
from tests.conftest import Demonstration

pytestmark = [pytest.mark.any_engine, pytest.mark.servers]


def test_two_pages_of_the_demonstration(
    loaded: Demonstration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serving, "WORKERS", 1)
    monkeypatch.setattr(load, "WRK", None)
    where = ["--folder", str(loaded.settings.data_dir), "--results", str(tmp_path)]
    bench.main(["--small", loaded.settings.database_url, *where, "--seconds", "0.2"])
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| list |")]
    assert len(lines) == 2  # Its own table, and the sum of all.
    (result,) = json.loads(next(tmp_path.glob("*.json")).read_text())["results"]
    listed, feed = result["pages"]
    assert listed["kept"]["rate"] > listed["fresh"]["rate"] > 0
    assert feed["bytes"] > 1000
    assert all(page["hello"]["rate"] > 0 and page["statements"] > 0 for page in result["pages"])
