"""What this machine's disk says about letters in hand: a line before one is handed over, a line once it is accepted.

A sender that is killed between the mail server's word and its mark leaves these lines behind, and whoever takes its
letters over reads them. They name claims and numbers of letters, never a person. Nothing is forced to the disk: a
machine that loses power may lose lines, and its letters are in doubt then.
"""

import contextlib
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from campaign.core import clock

log = structlog.get_logger(__name__)

_KEPT = timedelta(days=2)
_BEGUN, _TRIED, _ACCEPTED = "begun", "tried", "accepted"


@dataclass(slots=True)
class Found:
    """Letters that were accepted, and letters that were never handed over; about others nothing is known here."""

    accepted: set[int] = field(default_factory=set)
    untouched: set[int] = field(default_factory=set)


class Receipts:
    """A file a day in `folder`; without one nothing is noted and nothing is known. Use as a context manager."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._file = -1

    def __enter__(self) -> Self:
        if self._folder is not None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._drop_old(self._folder)
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
                self._file = os.open(self._folder / f"{clock.now():%Y-%m-%d}", flags, 0o600)
            except OSError as error:
                self._give_up(error)
        return self

    def __exit__(self, _k: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def begun(self, claim: str) -> None:
        """From here on this machine knows of every letter of this claim."""
        self._note(f"{claim} {_BEGUN}\n")

    def tried(self, claim: str, letter_id: int) -> None:
        self._note(f"{claim} {_TRIED} {letter_id}\n")

    def accepted(self, claim: str, letter_id: int) -> None:
        self._note(f"{claim} {_ACCEPTED} {letter_id}\n")

    def look_up(self, letters: Collection[tuple[int, str]]) -> Found:
        """What is known of these letters of abandoned claims, as (letter, claim)."""
        if self._folder is None or not letters:
            return Found()
        claims = {claim for _letter_id, claim in letters}
        noted: set[str] = set()
        for path in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError), path.open(encoding="ascii", errors="replace") as lines:
                noted.update(line.rstrip("\n") for line in lines if line.partition(" ")[0] in claims)
        found = Found()
        for letter_id, claim in letters:
            if f"{claim} {_ACCEPTED} {letter_id}" in noted:
                found.accepted.add(letter_id)
            elif f"{claim} {_BEGUN}" in noted and f"{claim} {_TRIED} {letter_id}" not in noted:
                found.untouched.add(letter_id)
        return found

    def _note(self, line: str) -> None:
        """One short append, which the system does whole or not at all."""
        if self._file < 0:
            return
        try:
            os.write(self._file, line.encode("ascii"))
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """A full disk costs the lines, not the letters."""
        log.error("receipts cannot be written; a killed sender may repeat letters", error=str(error))
        self.__exit__(None, None, None)

    def _drop_old(self, folder: Path) -> None:
        oldest = f"{clock.now() - _KEPT:%Y-%m-%d}"
        for path in folder.iterdir():
            if path.name < oldest:
                path.unlink(missing_ok=True)
