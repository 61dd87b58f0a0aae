"""The port through which upper rooms say how a kind of letter is written at the moment it leaves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from campaign.mail.models import Letter, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A written letter. `attachments` are (file name, MIME type with parameters, bytes)."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[tuple[str, str, bytes], ...] = ()


class Form(Protocol):
    """The words that many readers get, as a frozen value: two forms that are equal say the same.

    `write` is called once for all equal forms, with a placeholder for every field, and the placeholders are then
    replaced for each reader. It may put a field into text, HTML and headers, whole and unchanged (no filter, no
    `if` on its value), but not into the subject or an attachment. Whatever the words depend on besides must take
    part in the comparison.
    """

    def __hash__(self) -> int: ...

    def write(self, fields: Mapping[str, str], /) -> Message: ...


@dataclass(frozen=True, slots=True)
class Filled:
    """A form and what is the reader's own: single lines of plain text, such as the address to unsubscribe."""

    form: Form
    fields: Mapping[str, str]

    def message(self) -> Message:
        """The letter in full, for a preview."""
        return self.form.write(self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Finished bytes that travel through another channel than mail, to an address that its carrier understands."""

    address: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Drop:
    """The letter is no longer right to send; `status` is what becomes of it, `reason` is for the desk."""

    status: Status
    reason: str


Composed = Message | Filled | Parcel | Drop
Compose = Callable[[Letter], Composed]
# The same for many letters at once, answered in their order: what they have in common is read once.
ComposeMany = Callable[[Sequence[Letter]], Sequence[Composed]]


@dataclass(frozen=True, slots=True)
class OneByOne:
    """A composer of one letter, called for each of many."""

    compose: Compose

    def __call__(self, letters: Sequence[Letter]) -> Sequence[Composed]:
        return [self.compose(letter) for letter in letters]


_composers: dict[str, ComposeMany] = {}


def connect(composers: Mapping[str, Compose]) -> None:
    """Register composers by kind, once at start-up.

    A composer re-reads what the letter is about and may drop it. It runs in the application context, outside any
    transaction, and must not write. Raises ValueError when a kind already has another composer.
    """
    connect_many({kind: OneByOne(compose) for kind, compose in composers.items()})


def connect_many(composers: Mapping[str, ComposeMany]) -> None:
    """The same for kinds of which thousands leave at one hour."""
    for kind, compose in composers.items():
        if _composers.get(kind, compose) != compose:
            raise ValueError(f"letters of kind {kind} already have a composer")
        _composers[kind] = compose


def find(kind: str) -> ComposeMany | None:
    """The composer of this kind; None means that the templates alone are enough."""
    return _composers.get(kind)
