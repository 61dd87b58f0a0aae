"""The only source of the current time.

Outside production a file (`CLOCK_FILE`) may hold an offset in seconds, so that a whole running installation,
web, worker and command line, can be moved to another day and observed. Tests set `offset` directly.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

_file: Path | None = None
_offset = timedelta()


def follow(path: str) -> None:
    """Take the offset from this file from now on; an empty path means real time."""
    global _file
    _file = Path(path) if path else None


def set_offset(offset: timedelta) -> None:
    """Move this process's clock; for tests."""
    global _offset
    _offset = offset


def offset() -> timedelta:
    """How far this installation's clock is moved from real time; zero in production."""
    if _file is None:
        return _offset
    try:
        return _offset + timedelta(seconds=float(_file.read_text() or 0))
    except (OSError, ValueError):
        return _offset


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC) + offset()
