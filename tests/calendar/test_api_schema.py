"""schemathesis on the whole demonstration: every answer is what the document says, whatever is asked."""

from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from sqlalchemy import select

from campaign.core.db import db
from campaign.events.lifecycle import Status
from campaign.events.models import Event
from tests.conftest import Demonstration

DOCUMENT = "/api/v1/openapi.json"
# Its client of WSGI applications asks for compressed answers and cannot read them.
HEADERS = {"Host": "localhost", "Accept-Encoding": "identity"}


def _settings(**more: Any) -> SchemathesisConfig:
    """Every check there is, with the same cases each time; the campaign is real, or most answers would be 404."""
    known = {
        "seed": 1,
        "headers": HEADERS,
        "continue-on-failure": True,
        "generation": {"max-examples": 5, "deterministic": True},
        "parameters": {"campaign": "khojaly"},
    }
    return SchemathesisConfig.from_dict(known | more)


def _failures(demonstration: Demonstration, settings: SchemathesisConfig) -> tuple[list[str], set[tuple[str, int]]]:
    """(what is not as described, which resources answered with which codes)."""
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, demonstration.app, config=settings, headers=HEADERS)
    failures, codes = [], set()
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.NonFatalError):
            failures.append(f"{event.label}: {event.value!r}")
        if not isinstance(event, events.ScenarioFinished):
            continue
        checks = [check for checks in event.recorder.checks.values() for check in checks if check.failure_info]
        failures += [f"{event.label}: {c.failure_info.failure}\n{c.failure_info.code_sample}" for c in checks]
        answers = [i.response for i in event.recorder.interactions.values() if i.response is not None]
        codes |= {(event.label or "", answer.status_code) for answer in answers}
    return failures, codes


def _phases(*names: str) -> dict[str, Any]:
    return {"phases": {name: {"enabled": name in names} for name in ("examples", "coverage", "fuzzing", "stateful")}}


def test_every_answer_is_as_described(demonstration: Demonstration, engine: str) -> None:
    """Boundary by boundary on SQLite; the other engine answers fewer questions, to the same rules."""
    ref = db.session.scalar(select(Event.ref).where(Event.status == Status.PUBLISHED, Event.is_demonstration))
    known = {"operations": [{"include-path": "/api/v1/events/{id}", "parameters": {"id": ref}}]}
    phases = ("examples", "coverage", "fuzzing", "stateful") if engine == "sqlite" else ("examples", "fuzzing")
    failures, codes = _failures(demonstration, _settings(**known, **_phases(*phases)))
    assert failures == []
    asked = {label for label, _code in codes if label}
    assert len(asked) == 10
    assert {(label, 200) for label in asked} <= codes
    assert ({(label, 405) for label in asked} <= codes) is (engine == "sqlite")


def test_nor_where_nothing_is_known(demonstration: Demonstration) -> None:
    failures, codes = _failures(demonstration, _settings(parameters={}, **_phases("fuzzing")))
    assert failures == []
    assert {code for _label, code in codes} >= {200, 404, 422}
