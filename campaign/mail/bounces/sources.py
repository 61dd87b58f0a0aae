"""Where reports lie: a Maildir, an mbox file, or one message that a mail server hands over."""

import contextlib
import mailbox
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from campaign.mail.bounces.reading import LONGEST


def messages(path: Path) -> Iterator[bytes]:
    """The beginnings of the messages there. Raises ValueError for what is neither Maildir nor mbox.

    In a Maildir those that were not read yet; each is marked as read after the caller has dealt with it. An mbox is
    read whole and left as it is: noting a report twice changes nothing.
    """
    if path.is_dir():
        yield from _maildir(path)
    elif path.is_file():
        yield from _mbox(path)
    else:
        raise ValueError("there is no such mailbox")


def one(stream: BinaryIO) -> bytes:
    """The message that comes through a pipe; all of it is taken, so that the sender's pipe does not break."""
    beginning = stream.read(LONGEST)
    while stream.read(1024 * 1024):
        pass
    return beginning


def _maildir(path: Path) -> Iterator[bytes]:
    if not ((path / "new").is_dir() and (path / "cur").is_dir()):
        raise ValueError("a Maildir has the folders new and cur")
    for file in sorted([*(path / "new").iterdir(), *(path / "cur").iterdir()]):
        if _is_read(file) or not file.is_file():
            continue
        with contextlib.suppress(FileNotFoundError):
            with file.open("rb") as stream:
                beginning = stream.read(LONGEST)
            yield beginning
            file.rename(path / "cur" / _as_read(file.name))


def _is_read(file: Path) -> bool:
    return "S" in file.name.rpartition(":2,")[2] if ":2," in file.name else False


def _as_read(name: str) -> str:
    base, _, flags = name.partition(":2,")
    return f"{base}:2,{''.join(sorted({*flags, 'S'}))}"


def _mbox(path: Path) -> Iterator[bytes]:
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            with box.get_file(key) as stream:
                yield stream.read(LONGEST)
    finally:
        box.close()
