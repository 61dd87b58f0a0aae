"""Three parsers of iCalendar that share no code: icalendar (Python), ical.js (JavaScript) and libical (C)."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import icalendar

from config import ROOT

HERE = Path(__file__).parent
_TEXTS = ("summary", "location", "description", "categories", "status", "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One event as a parser understood it: instants in UTC, or plain dates with the day after the last."""

    file: str
    uid: str
    starts: datetime | date | None
    ends: datetime | date | None
    summary: str
    location: str
    description: str
    categories: str
    status: str
    url: str

    @classmethod
    def from_json(cls, line: str) -> Self:
        found: dict[str, Any] = json.loads(line)
        moments = {name: _moment(found.pop(name)) for name in ("starts", "ends")}
        return cls(**found | {"file": Path(found["file"]).name}, **moments)


def _moment(value: str | int | None) -> datetime | date | None:
    if isinstance(value, int):
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)
    return date.fromisoformat(value) if value else None


def icaljs(files: Sequence[Path]) -> list[Read]:
    """ical.js, strict. It is found in the packages of the front end."""
    command = [sys.executable, str(ROOT / ".ci/node.py"), "node", str(HERE / "icaljs.mjs")]
    return _lines([*command, *map(str, files)])


def build_libical(folder: Path) -> Path:
    """Compile the reader; gcc and the headers come with `make test` (Debian: gcc, libical-dev)."""
    program = folder / "libical"
    subprocess.run(["gcc", "-O1", "-Wall", "-Werror", str(HERE / "libical.c"), "-o", program, "-lical"], check=True)
    return program


def libical(program: Path, files: Sequence[Path]) -> list[Read]:
    """libical, with its check of what RFC 5545 allows where."""
    return _lines([str(program), *map(str, files)])


def _lines(command: list[str]) -> list[Read]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    # A line ends nowhere else: titles may hold U+2028.
    return [Read.from_json(line) for line in done.stdout.split("\n") if line]


def python(files: Sequence[Path]) -> list[Read]:
    """icalendar, which must not have had to forgive anything."""
    found = []
    for file in files:
        calendar = icalendar.Calendar.from_ical(file.read_bytes())
        components = [calendar, *calendar.walk()]
        assert [error for component in components for error in component.errors] == []
        found += [_python(event, file.name) for event in calendar.walk("VEVENT")]
    return found


def _python(event: Any, file: str) -> Read:
    texts = {name: _text(event.get(name.upper(), "")) for name in _TEXTS}
    starts, ends = (event.decoded(name, None) for name in ("DTSTART", "DTEND"))
    return Read(file=file, uid=str(event["UID"]), starts=_utc(starts), ends=_utc(ends), **texts)


def _text(value: Any) -> str:
    return ",".join(map(str, value.cats)) if hasattr(value, "cats") else str(value)


def _utc(moment: Any) -> datetime | date | None:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment
