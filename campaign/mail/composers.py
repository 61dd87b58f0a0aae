"""The port through which upper rooms say how a kind of letter is written at the moment it leaves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from campaign.mail.models import Letter, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A written letter. `attachments` are (file name, MIME type with parameters, bytes)."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[tuple[str, str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Drop:
    """The letter is no longer right to send; `status` is what becomes of it, `reason` is for the desk."""

    status: Status
    reason: str


Compose = Callable[[Letter], Message | Drop]

_composers: dict[str, Compose] = {}


def connect(composers: Mapping[str, Compose]) -> None:
    """Register composers by kind, once at start-up.

    A composer re-reads what the letter is about and may drop it. It runs in the application context, outside any
    transaction, and must not write. Raises ValueError when a kind already has another composer.
    """
    for kind, compose in composers.items():
        if _composers.get(kind, compose) is not compose:
            raise ValueError(f"letters of kind {kind} already have a composer")
        _composers[kind] = compose


def find(kind: str) -> Compose | None:
    """The composer of this kind; None means that the templates alone are enough."""
    return _composers.get(kind)
