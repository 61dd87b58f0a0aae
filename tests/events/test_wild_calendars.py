"""Calendars of other programs, where a folder of them lies beside the repository: read, or refused with a sentence."""

from pathlib import Path

import pytest

from campaign.core.db import transaction
from campaign.core.faults import Invalid
from campaign.events import importing, reading
from config import ROOT

FOUND = sorted((ROOT.parent / "shared" / "data" / "ics").glob("*.ics"))

if FOUND:

    @pytest.mark.any_engine
    @pytest.mark.parametrize("file", FOUND, ids=lambda file: file.stem)
    def test_is_read_or_refused_with_a_sentence(world, file: Path) -> None:
        rows, refused = [], ""
        try:
            rows = reading.read(file.name, file.read_bytes())
        except Invalid as problem:
            refused = str(problem.message)
        assert bool(rows) != refused.endswith(".")
        with transaction():
            report = importing.import_events(rows, "khojaly", dry_run=False)
        assert len(report.lines) == len(rows)
        for line in report.lines:
            assert line.reason or line.outcome is importing.Outcome.PUBLISHED
