"""Requests to addresses that other people typed: only to the public internet, and only where the name was checked.

A name is resolved once, every address it has is judged, and the connection goes to one that was judged; so a name that
changes its mind in between (DNS rebinding) gains nothing. Redirects are answers, they are never followed.
"""

import contextlib
import http.client
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Self
from urllib.parse import urlsplit

import idna

LONGEST_URL = 1000
CONNECT_TIMEOUT = 5.0
# From the first byte that is sent to the last that is read, however slowly the other side drips.
DEADLINE = 10.0
MOST_READ = 64 * 1024
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# What a resolver may read as an address in one of its old notations: 2130706433, 0x7f.1, 127.1.
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
# Addresses that carry another one inside: what counts is where the packets end.
_NAT64, _SIX_TO_FOUR = IPv6Network("64:ff9b::/96"), IPv6Network("2002::/16")

_CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)

Ip = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


class Refused(ValueError):
    """We do not send anything there."""


class Unreachable(Exception):
    """No conversation was possible; nothing was handed over."""


class NoReply(Exception):
    """The request was sent, and no whole answer came. `was_closed`: the other side ended the connection."""

    def __init__(self, said: str, *, was_closed: bool = False) -> None:
        super().__init__(said)
        self.was_closed = was_closed


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: a checked address of the web."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def site(self) -> str:
        """What one connection serves: `push.example.net:443`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """`https://push.example.net`, without the usual port."""
        usual = {"https": 443, "http": 80}[self.scheme]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == usual else f":{self.port}")


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


def _system(host: str, port: int) -> Sequence[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Outside:
    """The rules for what may be reached. With `allows_loopback` this machine may be too, without TLS (development)."""

    allows_loopback: bool = False
    resolve: Resolve = field(default=_system)

    def target(self, url: str) -> Target:
        """Read an address. Raises Refused for anything that is not plainly a page of the public web."""
        if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise Refused("the address must be a plain https:// address")
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            raise Refused("the address is broken") from None
        is_here = self.allows_loopback and _is_loopback(host)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
            raise Refused("the address must begin with https://")
        if "@" in parts.netloc or parts.fragment:
            raise Refused("the address must have neither a user nor a fragment")
        port = port or (443 if parts.scheme == "https" else 80)
        if port != 443 and port < 1024 and not is_here:
            raise Refused("the address must use port 443, or one above 1023")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        literal = _literal(host)  # Where a name leads is seen when it is asked.
        if literal is not None and not self._is_allowed(literal):
            raise Refused("the address is not public")
        return Target(parts.scheme, str(literal or _checked_name(host)), port, path)

    def addresses(self, target: Target) -> list[Ip]:
        """Where the name leads now. Raises Refused if any of it is not public, Unreachable where it leads nowhere."""
        try:
            found = [ip_address(text.partition("%")[0]) for text in self.resolve(target.host, target.port)]
        except OSError as error:
            raise Unreachable(f"{target.host} has no address") from error
        if not found:
            raise Unreachable(f"{target.host} has no address")
        for address in found:
            if not self._is_allowed(address):
                raise Refused(f"{target.host} leads to an address that is not public")
        return found

    def _is_allowed(self, address: Ip) -> bool:
        inner = _innermost(address)
        return (self.allows_loopback and inner.is_loopback) or (inner.is_global and not inner.is_multicast)


def _literal(host: str) -> Ip | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)


def _checked_name(host: str) -> str:
    try:
        name = idna.encode(host, uts46=True).decode() if "xn--" in host else host
    except idna.IDNAError:
        raise Refused("the host has no possible name") from None
    if not _NAME.fullmatch(name) or _NUMBER.fullmatch(name):
        raise Refused("the host has no possible name")
    return name


def _innermost(address: Ip) -> Ip:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        if address in _SIX_TO_FOUR and address.sixtofour is not None:
            return address.sixtofour
    return address


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was judged, under the name that was asked for."""

    def __init__(self, target: Target, addresses: Sequence[Ip]) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_TIMEOUT)
        self._target, self._addresses = target, addresses

    def connect(self) -> None:
        trouble: OSError | None = None
        for address in self._addresses:
            try:
                self.sock = socket.create_connection((str(address), self._target.port), CONNECT_TIMEOUT)
            except OSError as error:
                trouble = error
                continue
            if self._target.scheme == "https":
                self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._target.host)
            return
        raise trouble or OSError("nowhere to connect to")


@dataclass
class Line:
    """A connection to one site, opened when it is needed and kept for more; use as a context manager."""

    outside: Outside
    _site: str = ""
    _connection: _Pinned | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send a request and read its answer. Raises Refused, Unreachable, NoReply."""
        target = self.outside.target(url)
        if self._connection is None or self._site != target.origin:
            self.close()
            self._open(target)
            return self._send(target, headers, body)
        try:
            return self._send(target, headers, body)
        except NoReply as error:
            if not error.was_closed:
                raise
            # It was idle and the other side had closed it; a second try goes over a new one.
            self._open(target)
            return self._send(target, headers, body)

    def _open(self, target: Target) -> None:
        connection = _Pinned(target, self.outside.addresses(target))
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise Unreachable(f"{target.site}: {type(error).__name__}") from error
        self._connection, self._site = connection, target.origin

    def _send(self, target: Target, headers: Mapping[str, str], body: bytes) -> Reply:
        connection = self._connection
        assert connection is not None
        try:
            with _deadline(connection) as is_over:
                connection.request("POST", target.path, body=body, headers=dict(headers))
                answer = connection.getresponse()
                content = answer.read(MOST_READ)
                reply = Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, content)
                if not answer.isclosed():
                    self.close()  # More than we want to read is still on its way.
        except (OSError, http.client.HTTPException) as error:
            self.close()
            was_closed = isinstance(error, _CLOSED) and not is_over()
            said = f"{target.site} gave no whole answer ({type(error).__name__})"
            raise NoReply(said, was_closed=was_closed) from error
        return reply


@contextmanager
def _deadline(connection: _Pinned) -> Iterator[Callable[[], bool]]:
    """Cuts the connection when the time for the whole exchange is over; says whether it was."""
    sock, over = connection.sock, threading.Event()
    sock.settimeout(DEADLINE)

    def cut() -> None:
        over.set()
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(DEADLINE, cut)
    timer.daemon = True
    timer.start()
    try:
        yield over.is_set
    finally:
        timer.cancel()
