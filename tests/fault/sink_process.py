"""The mail server as a process of its own: its journal is a file, and it changes its manner when it is told to.

`python -m tests.fault.sink_process PORT JOURNAL LOG`. An order is an SMTP command, `XSINK name number …`:

- `usual`; `delay MS` between writing and answering
- `refuse PERCENT`: 550 to these addresses, always the same (`is_refused`)
- `busy`: 421 to every sender; `greylist`: 451 to every letter
- `hang N M` and `drop N M`: after writing it down, N-th letters get no answer, or an end of the connection, M times
"""

import asyncio
import os
import smtplib
import subprocess
import sys
import time
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fault.sink import DROP, SILENCE, Arrival, Conversation, Manner
from tests.servers.ports import free_port

ROOT = Path(__file__).parents[2]
# Bytes of a line of the journal, about: lines are much alike.
LINE = 105


def is_refused(address: str, percent: int) -> bool:
    """Whether this address is one of those that are refused at this percentage."""
    return zlib.crc32(address.encode()) % 100 < percent


class Moods:
    """What the process was told last."""

    def __init__(self, journal: str, log: str) -> None:
        self._journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._refused = os.open(f"{journal}.refused", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) if log else -1
        self._mood, self._number, self._most, self._count = "usual", 0, 0, 0
        self.manner = Manner(
            keep=self.keep,
            at_sender=lambda _address: "421 too busy" if self._mood == "busy" else None,
            at_address=self._address,
            at_letter=self._letter,
            at_order=self._order,
        )

    def keep(self, one: Arrival) -> None:
        os.write(self._journal, f"{one.at:.6f}\t{one.recipient}\t{one.message_id}\t{one.digest}\n".encode())
        if self._log >= 0:
            name = f"4X{self._count:08X}"
            read = f"Nov 24 22:10:01 mx postfix/cleanup[71]: {name}: message-id={one.message_id}\n"
            queued = f"Nov 24 22:10:01 mx postfix/qmgr[9]: {name}: from=<calendar@example.org>, size=2211, nrcpt=1\n"
            os.write(self._log, (read + queued).encode())

    def _address(self, address: str) -> str | None:
        if self._mood != "refuse" or not is_refused(address, self._number):
            return None
        os.write(self._refused, f"{address}\n".encode())
        return "550 5.1.1 nobody of that name"

    def _letter(self, _address: str) -> str | None:
        self._count += 1
        if self._mood == "greylist":
            return "451 4.7.1 come back later"
        which, rest = divmod(self._count, max(self._number, 1))
        if self._mood in ("hang", "drop") and rest == 0 and which <= self._most:
            return SILENCE if self._mood == "hang" else DROP
        return None

    def _order(self, words: str) -> str | None:
        name, number, most, *_rest = [*words.split(), "0", "0"]
        self._mood, self._number, self._most, self._count = name, int(number), int(most), 0
        self.manner.delay = self._number / 1000 if name == "delay" else 0.0
        return f"250 {name} it is"


async def serve(port: int, journal: str, log: str) -> None:
    moods = Moods(journal, log)
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(moods.manner), "127.0.0.1", port)
    await server.serve_forever()


class SinkProcess:
    """Use as a context manager; `journal` reads what has arrived so far."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "mail.log"
        self._file = folder / "journal"
        self._file.touch()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, _k: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.fault.sink_process", str(self.port), str(self._file), str(self.log)]
        self._process = subprocess.Popen(command, cwd=ROOT)
        for _ in range(600):
            try:
                self.be("usual")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the mail server does not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def be(self, mood: str, *numbers: int) -> None:
        """Give an order."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as client:
            code, said = client.docmd("XSINK", " ".join(map(str, (mood, *numbers))))
            assert code == 250, said

    @property
    def size(self) -> int:
        """Grows with every letter; cheap to ask."""
        return self._file.stat().st_size

    def refused(self, addresses: Collection[str]) -> int:
        """How often one of these was refused."""
        tried = self._file.with_name("journal.refused").read_text(encoding="utf-8").splitlines()
        return sum(1 for address in tried if address in addresses)

    def journal(self) -> Sequence[Arrival]:
        rows = [line.split("\t") for line in self._file.read_text(encoding="utf-8").splitlines()]
        return [Arrival(row[1], row[2], row[3], float(row[0])) for row in rows]


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
