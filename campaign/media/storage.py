"""Where pictures lie: one folder, one file a picture, written whole or not at all."""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask_babel import lazy_gettext as _

from campaign.core.faults import Unavailable

_NAME = re.compile(r"[0-9a-f]{32}")


def random_name() -> str:
    """A name that cannot be guessed: 32 hexadecimal digits."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of WebP files; it is made when the first picture comes."""

    root: Path

    def path(self, name: str) -> Path:
        """The file of a picture. Raises ValueError for a name this store never gives."""
        if _NAME.fullmatch(name) is None:
            raise ValueError("not a picture's name")
        return self.root / f"{name}.webp"

    def has(self, name: str) -> bool:
        """Whether a picture of this name is stored; any text may be asked for."""
        return _NAME.fullmatch(name) is not None and self.path(name).is_file()

    def read(self, name: str) -> bytes:
        """The picture's bytes. Raises FileNotFoundError."""
        return self.path(name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        """Store a picture, so that readers see all of it or nothing. Raises Unavailable on a full or absent disk."""
        target = self.path(name)
        draft = target.with_name(f".{name}.part")
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            sentence = _("The picture could not be stored just now. Please try again in a few minutes.")
            raise Unavailable(sentence) from error

    def remove(self, name: str) -> None:
        """Delete a picture's file; one that is already gone is no error."""
        self.path(name).unlink(missing_ok=True)
