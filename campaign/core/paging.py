"""Keyset paging: a page starts after a key, not after a count, so that deep pages cost what first ones do."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
# No database keeps a larger number: a key that holds one was made up.
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page and the key of the next, if there is one."""

    rows: Sequence[T]
    next_key: str | None


def encode(*values: str | int) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(key: str | None, *kinds: type) -> tuple[str | int, ...] | None:
    """The values of a key; None for an absent or damaged one, so that a bad link shows the first page."""
    if not key or len(key) > 200:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(values, list) or len(values) != len(kinds):
        return None
    if any(type(v) is not k for v, k in zip(values, kinds, strict=True)):
        return None
    if any(isinstance(v, int) and abs(v) > _LARGEST for v in values):
        return None
    return tuple(values)
