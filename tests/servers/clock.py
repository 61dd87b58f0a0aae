"""The clock of a whole installation under test: the file that `CLOCK_FILE` names."""

from datetime import timedelta
from pathlib import Path


def set_offset(file: Path, by: timedelta) -> None:
    """Move it, counted from real time, in one step: who read half a file would live in another hour."""
    new = file.with_suffix(".new")
    new.write_text(str(by.total_seconds()))
    new.replace(file)


def offset(file: Path) -> timedelta:
    """How far it is moved now."""
    return timedelta(seconds=float(file.read_text())) if file.exists() else timedelta()
