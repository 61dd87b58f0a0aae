"""Files that every process of this machine rings when something is new, and listens to for free.

Whoever keeps something that the database says, or waits for something in it, compares what it heard then with what it
hears now: one `stat`, about a microsecond, instead of a question to the database.
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from threading import Event


class Bell:
    """One bell. It rings for nobody before `hang` says where its file is."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._file: Path | None = None

    def hang(self, folder: Path) -> None:
        """Ring and hear the file in this folder from now on."""
        self._file = folder / self._name

    def ring(self) -> None:
        """Say that something is new. Where the file cannot be written, listeners notice a little later."""
        if self._file is not None:
            with suppress(OSError):
                self._file.touch()
                now = time.time_ns()
                # The kernel's own time stamps are some milliseconds coarse; two rings must never sound like one.
                os.utime(self._file, ns=(now, now))

    def heard(self) -> int:
        """A number that is another one after each ring; 0 before the first."""
        try:
            return os.stat(self._file).st_mtime_ns if self._file is not None else 0
        except OSError:
            return 0

    def wait(self, seconds: float, *, since: int, unless: Event, look: float = 0.25) -> None:
        """Sleep for so long, or until it rang after `since` was heard, or `unless` is set."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0 and self.heard() == since:
            if unless.wait(min(look, left)):
                return


# The public can read something new.
PUBLISHED = Bell("bell")
# A letter may leave at once.
LETTERS = Bell("bell-letters")


def follow(folder: Path) -> None:
    """Hang all bells in this folder, which the processes of a machine share."""
    for bell in (PUBLISHED, LETTERS):
        bell.hang(folder)
