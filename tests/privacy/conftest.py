"""A small world, readers of its events, and the operator's commands."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.factories.desk import World, world_of
from tests.reminders.conftest import publish, send, subscribe, today

__all__ = ["publish", "send", "subscribe", "today"]


@pytest.fixture
def world(session: Any, today: Any) -> World:
    return world_of(session)


@pytest.fixture
def command(app: Flask, session: Any) -> Callable[..., Any]:
    """Run `flask data …`; gives what it prints, read as JSON."""

    def run(*words: str) -> Any:
        result = app.test_cli_runner().invoke(args=["data", *words])
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    return run
