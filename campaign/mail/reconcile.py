"""The port to whoever knows what the mail server accepted; asked before a letter in doubt is sent again."""

import contextlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

# Which of these Message-IDs the mail server has for certain; what it does not know is simply not in the answer.
WasAccepted = Callable[[Collection[str]], set[str]]


def nobody_knows(_message_ids: Collection[str]) -> set[str]:
    """Where there is no log to look into."""
    return set()


# Postfix notes a Message-ID while it reads a letter (cleanup), but answers for it only from `qmgr` on. Exim notes a
# letter with its arrival.
_READ = re.compile(rb"postfix\S*/cleanup\[\d+\]: ([0-9A-Za-z]+): message-id=(<[^>\s]+>)")
_QUEUED = re.compile(rb"postfix\S*/qmgr\[\d+\]: ([0-9A-Za-z]+): from=<[^>]*>, size=")
_ARRIVED = re.compile(rb" <= \S+ .*\bid=(\S+)")


@dataclass(frozen=True, slots=True)
class MailLog:
    """The log of a mail server on this machine, Postfix or Exim, with its last rotation (`mail.log.1`)."""

    path: Path

    def __call__(self, message_ids: Collection[str]) -> set[str]:
        asked, accepted, read = set(message_ids), set[str](), dict[bytes, str]()
        for path in (self.path.with_name(f"{self.path.name}.1"), self.path):
            with contextlib.suppress(FileNotFoundError, PermissionError), path.open("rb") as lines:
                for line in lines:
                    if found := _READ.search(line):
                        read[found[1]] = found[2].decode("ascii", "replace")
                    elif found := _QUEUED.search(line):
                        accepted.add(read.pop(found[1], ""))
                    elif found := _ARRIVED.search(line):
                        accepted.add(f"<{found[1].decode('ascii', 'replace')}>")
        return accepted & asked
