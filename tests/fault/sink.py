"""A mail server that writes to its journal before it answers 250: the ground truth of what left the house."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller

from tests.servers.ports import free_port

DROP = "drop"


@dataclass(frozen=True)
class Arrival:
    """A letter the server has; whether its sender came to know is another matter."""

    recipient: str
    message_id: str
    digest: str
    at: float


class Sink:
    """Use as a context manager; `delay` seconds pass between writing and answering, where kills hurt most.

    `at_address` and `at_letter` are asked with the recipient for the answer to RCPT and to the letter: an SMTP reply,
    None for `250`, or DROP to break the connection (for a letter: after it was written to the journal).
    """

    def __init__(self, delay: float = 0.01, port: int = 0) -> None:
        self.journal: list[Arrival] = []
        self.at_address: Callable[[str], str | None] = lambda _recipient: None
        self.at_letter: Callable[[str], str | None] = lambda _recipient: None
        self._delay = delay
        self._controller = Controller(self, hostname="127.0.0.1", port=port or free_port())

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        answer = self.at_address(address)
        if answer == DROP:
            server.transport.abort()
        elif answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 ok"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        at, recipient = time.time(), envelope.rcpt_tos[0]
        answer = self.at_letter(recipient)
        if answer is None or answer == DROP:
            mail = message_from_bytes(envelope.content, policy=policy.default)
            digest = hashlib.sha256(envelope.content).hexdigest()
            self.journal.append(Arrival(recipient, str(mail["Message-ID"]), digest, at))
        if answer == DROP:
            server.transport.abort()
        await asyncio.sleep(self._delay)
        return answer or "250 OK"

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, _k: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self._controller.stop()
