"""The map reads indexes alone.

SQLite plans by rule, so its plan is the same on an empty table and is read word by word. PostgreSQL plans by size, so
it is asked whether an index serves at all.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from campaign.calendar.filters import Filter
from campaign.calendar.map import queries
from campaign.calendar.now import queries as around
from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.db import db
from campaign.events.lifecycle import Entry, Mode, Type

SINCE = date(2027, 2, 10)


def plan(ask: Callable[[], Any]) -> str:
    """How the database goes about the statements of a query."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _k: object, statement: str, parameters: Any, *_more: object) -> None:
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    word = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    return "\n".join(r[-1] for s, p in asked for r in connection.exec_driver_sql(f"{word} {s}", p))


def is_read_from(index: str, found: str) -> bool:
    if "QUERY PLAN" in found or "cost=" in found:
        return "Seq Scan on listings" not in found
    return f"listings USING COVERING INDEX {index} " in found and "SCAN listings" not in found


def test_prepared_counts(campaign: Campaign) -> None:
    found = plan(lambda: queries.spots(campaign.id, Filter(first=SINCE, last=date(2027, 4, 3))))
    assert is_read_from("ix_listings_long", found)
    assert "SCAN listed_counts" not in found
    assert "Seq Scan on listed_counts" not in found


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(first=SINCE, types=(Type.VIGIL,)),
        Filter(first=SINCE, mode=Mode.HYBRID, entry=Entry.OPEN, is_free=True, country="DE"),
        Filter(first=SINCE, spoken=("az", "en"), access=("step_free",)),
    ],
)
def test_what_is_counted_is_read_from_the_index_alone(campaign: Campaign, wanted: Filter) -> None:
    assert is_read_from("ix_listings_by_place", plan(lambda: queries.spots(campaign.id, wanted)))


@pytest.mark.parametrize("ask", [around.tally, around.around])
def test_what_is_on_around_an_instant(campaign: Campaign, ask: Callable[..., Any]) -> None:
    assert is_read_from("ix_listings_around", plan(lambda: ask(campaign.id, SINCE, clock.now())))
