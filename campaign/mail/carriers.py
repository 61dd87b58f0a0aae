"""The port through which other channels than mail join the engine: the same rows, the same guarantees.

A carrier is connected in `campaign/rooms.py`. Its rows name its channel and the host that takes them, such as
`push.example.net:443`; each host has connections and a gate of its own, so that one that does not answer holds nobody
else up.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from campaign.mail import service, smtp
from campaign.mail.bounces import service as bounces
from campaign.mail.gate import Gate
from campaign.mail.models import EMAIL, Letter
from campaign.mail.office import Office

# A host of somebody else that is down for a day is not knocked at every minute.
LONG_RESTS = tuple(timedelta(seconds=s) for s in (15, 60, 300, 900, 3600))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often something is tried: `waits` lie between the tries, the last of them again and again.

    Without `at_most` it is tried until it expires; then everything on that channel must have an expiry.
    """

    waits: Sequence[timedelta]
    at_most: int | None = None

    def wait_after(self, tries: int) -> timedelta | None:
        """How long to wait when so many have failed; None when it failed for good."""
        if self.at_most is not None and tries >= self.at_most:
            return None
        return self.waits[min(tries, len(self.waits)) - 1]


USUAL = Tries(waits=[timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 40, 60)], at_most=8)


@dataclass(frozen=True, slots=True)
class Road:
    """One channel to one host."""

    channel: str = EMAIL
    host: str = ""


class Connection(Protocol):
    def send(self, address: str, content: Any, following: str = "", /) -> None:
        """Return when the other side has accepted it; raise one of `mail.troubles` when it has not.

        `following` is where the next one is meant to go, if that is known: a connection may use it to save time.
        """
        ...


class Carrier(Protocol):
    """How letters of one channel travel."""

    @property
    def tries(self) -> Tries: ...

    def connection(self, office: Office, host: str) -> AbstractContextManager[Connection | None]:
        """Opened lazily and kept for many letters; None where letters are kept instead."""
        ...

    def gate(self, office: Office, host: str) -> Gate | None: ...

    def refused(self, letter: Letter, reason: str) -> object:
        """Nobody can be reached at this address, now or later; inside the transaction that notes it."""
        ...


class Mail:
    """The carrier of letters proper; one server takes them all."""

    tries = USUAL

    def connection(self, office: Office, _host: str) -> AbstractContextManager[Connection | None]:
        if not office.smtp_url:
            return nullcontext()
        return smtp.Post(office.smtp_url, office.sender.addr_spec, office.domain, office.sign)

    def gate(self, office: Office, _host: str) -> Gate | None:
        if not office.smtp_url:
            return None
        return Gate(name=smtp.Server.parse(office.smtp_url).name, rate=office.letters_a_minute / 60)

    def refused(self, letter: Letter, reason: str) -> object:
        bounces.remember(letter, "", reason, is_permanent=True)
        return service.suppress(letter.recipient, reason[:200])


_carriers: dict[str, Carrier] = {EMAIL: Mail()}


def connect(carriers: Mapping[str, Carrier]) -> None:
    """Register the carriers of other channels, once at start-up."""
    _carriers.update(carriers)


def of(channel: str) -> Carrier:
    return _carriers[channel]


def others() -> Collection[str]:
    """The channels besides mail."""
    return [channel for channel in _carriers if channel != EMAIL]


def gate_of(host: str) -> Gate:
    """The gate to a host that belongs to somebody else."""
    return Gate(name=host, rests=LONG_RESTS)
