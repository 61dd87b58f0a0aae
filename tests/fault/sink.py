"""A mail server that writes to its journal before it answers 250: the ground truth of what left the house.

In a thread of the test (`Sink`), or as a process of its own whose journal is a file (`tests.fault.servers`).
"""

import asyncio
import hashlib
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from typing_extensions import override

from tests.servers.ports import free_port

# Instead of a reply: break the connection, or keep it and say nothing. The letter is in the journal either way.
DROP, SILENCE = "drop", "silence"
_MESSAGE_ID = re.compile(rb"(?im)^message-id:[ \t]*(\S+)")
_END = b"\r\n.\r\n"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A letter the server has; whether its sender came to know is another matter."""

    recipient: str
    message_id: str
    digest: str
    at: float


def _agrees(_address: str) -> str | None:
    return None


@dataclass(slots=True, kw_only=True)
class Manner:
    """How the server behaves; `delay` seconds pass between writing and answering, where kills hurt most.

    Each of the three is asked for an SMTP reply and may give None for the usual one, DROP, or (for a letter) SILENCE.
    """

    keep: Callable[[Arrival], object]
    at_sender: Callable[[str], str | None] = _agrees
    at_address: Callable[[str], str | None] = _agrees
    at_letter: Callable[[str], str | None] = _agrees
    at_order: Callable[[str], str | None] = _agrees
    delay: float = 0.0


class Conversation(asyncio.Protocol):
    """One connection; commands may come in packets of several.

    As RFC 2920, 3.2, asks, the answers to MAIL and RCPT leave together with what is answered to the rest of their
    group, and every other answer at once.
    """

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._heard = self._unsaid = b""
        self._is_letter = self._is_busy = False
        self._recipient = ""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._wire = transport
        self._wire.write(b"220 sink ESMTP\r\n")

    @override
    def data_received(self, data: bytes) -> None:
        self._heard += data
        self._go_on()

    def _go_on(self) -> None:
        while not self._is_busy and not self._wire.is_closing():
            end = _END if self._is_letter and not self._heard.startswith(b".\r\n") else b"\r\n"
            found = self._heard.find(end)
            if found < 0:
                return
            said, self._heard = self._heard[:found], self._heard[found + len(end) :]
            if self._is_letter:
                self._is_letter = False
                self._letter(said)
            else:
                self._command(said.decode("utf-8", "replace"))

    def _command(self, line: str) -> None:
        verb, address = line[:4].upper(), line.partition("<")[2].partition(">")[0]
        if verb == "EHLO":
            self._wire.write(b"250-sink\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n")
        elif verb == "MAIL":
            self._recipient = ""
            self._say(self._manner.at_sender(address) or "250 ok", is_grouped=True)
        elif verb == "RCPT":
            answer = self._manner.at_address(address)
            self._recipient = "" if answer else address
            self._say(answer or "250 ok", is_grouped=True)
        elif verb == "DATA":
            self._is_letter = bool(self._recipient)
            self._say("354 go on" if self._is_letter else "554 nobody to give it to")
        elif verb == "QUIT":
            self._say("221 bye")
            self._wire.close()
        elif verb == "XSIN":
            self._say(self._manner.at_order(line.partition(" ")[2]) or "250 ok")
        else:
            self._say("250 ok")

    def _letter(self, data: bytes) -> None:
        answer = self._manner.at_letter(self._recipient)
        if answer in (None, DROP, SILENCE):
            named = _MESSAGE_ID.search(data)
            digest = hashlib.blake2b(data, digest_size=8).hexdigest()
            self._manner.keep(Arrival(self._recipient, named[1].decode() if named else "", digest, time.time()))
        if answer == SILENCE:
            self._is_busy = True
        elif self._manner.delay:
            self._is_busy = True
            asyncio.get_running_loop().call_later(self._manner.delay, self._answer_late, answer or "250 kept")
        else:
            self._say(answer or "250 kept")

    def _answer_late(self, answer: str) -> None:
        self._is_busy = False
        self._say(answer)
        self._go_on()

    def _say(self, answer: str, *, is_grouped: bool = False) -> None:
        if answer == DROP:
            self._wire.abort()
            return
        self._unsaid += f"{answer}\r\n".encode()
        if is_grouped and self._heard and not answer.startswith("421"):
            return
        self._wire.write(self._unsaid)
        self._unsaid = b""
        if answer.startswith("421"):
            self._wire.close()


@dataclass
class Sink:
    """In a thread; use as a context manager and look at `journal`. `at_address` and `at_letter`: see `Manner`."""

    delay: float = 0.01
    port: int = field(default_factory=free_port)
    journal: list[Arrival] = field(default_factory=list)
    at_address: Callable[[str], str | None] = _agrees
    at_letter: Callable[[str], str | None] = _agrees

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(60), "the mail server did not start"
        return self

    def __exit__(self, _k: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _address(self, address: str) -> str | None:
        return self.at_address(address)

    def _letter(self, address: str) -> str | None:
        return self.at_letter(address)

    def _serve(self, ready: threading.Event) -> None:
        manner = Manner(
            keep=self.journal.append,
            at_address=self._address,
            at_letter=self._letter,
            delay=self.delay,
        )
        asyncio.set_event_loop(self._loop)
        serving = self._loop.create_server(lambda: Conversation(manner), "127.0.0.1", self.port)
        server = self._loop.run_until_complete(serving)
        self._loop.call_soon(ready.set)
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.close()
