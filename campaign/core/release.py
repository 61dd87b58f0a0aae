"""What this process was started from, as a short name: answers of another release are other answers."""

import hashlib
from pathlib import Path

_BUILT = "campaign/static/build/manifest.json"
_SOURCES = ("campaign/**/*.py", "campaign/translations/**/*.mo", _BUILT, "templates/**/*")


def name(root: Path) -> str:
    """The same for the same programme, whatever machine it is on."""
    digest = hashlib.blake2b(digest_size=8)
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()
