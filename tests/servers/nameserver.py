"""A real DNS server on a loopback port: it answers from a list, says NXDOMAIN for the rest, or nothing at all."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset


@dataclass
class Nameserver:
    """`records` maps (name, type) to the values of a zone file; `asked` remembers the questions."""

    port: int = 0
    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    is_silent: bool = False

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def add(self, name: str, kind: str, *values: str) -> None:
        self.records[name, kind] = list(values)

    def answer(self, wire: bytes) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{name} {kind}")
        if self.is_silent:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        values = self.records.get((name, kind))
        if values:
            response.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, values))
        elif not any(known == name for known, _kind in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire(max_size=4096)


@contextmanager
def serve() -> Iterator[Nameserver]:
    server = Nameserver()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        server.port = door.getsockname()[1]
        thread = threading.Thread(target=_loop, args=(server, door), daemon=True)
        thread.start()
        yield server
        door.sendto(b"", ("127.0.0.1", server.port))
        thread.join(5)


def _loop(server: Nameserver, door: socket.socket) -> None:
    while True:
        wire, sender = door.recvfrom(4096)
        if not wire:
            return
        answer = server.answer(wire)
        if answer is not None:
            door.sendto(answer, sender)
