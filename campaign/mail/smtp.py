"""Hands letters to the mail server: one connection for many, and a clear word for every way it can go wrong."""

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

CONNECT_TIMEOUT = 10.0
DATA_TIMEOUT = 30.0
# RFC 3463: 5.7.x is about policy and 5.2.2 about a full mailbox; neither says that nobody lives at the address.
_NOT_THE_ADDRESS = re.compile(rb"\s*5\.(7\.\d+|2\.2)\b")


class Trouble(Exception):
    """A letter did not get through; the subclasses say what that means for it."""


class Unreachable(Trouble):
    """No conversation with the server is possible now; no letter is to blame."""


class TryLater(Trouble):
    """This letter was not accepted now, or we cannot know; another time may do."""


class AddressRefused(Trouble):
    """The server says that nobody can be reached at this address."""


class LetterRefused(Trouble):
    """The server will never take this letter."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to connect; `tls` is `starttls`, `ssl` or `none`."""

    host: str
    port: int
    user: str
    password: str
    tls: str

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read `smtp://user:pass@host:587?tls=starttls`. Raises ValueError for an unknown way of encryption."""
        parts = urlsplit(url)
        usual = "ssl" if parts.scheme == "smtps" or parts.port == 465 else "starttls" if parts.port == 587 else "none"
        tls = parse_qs(parts.query).get("tls", [usual])[0]
        if tls not in ("starttls", "ssl", "none"):
            raise ValueError("SMTP_URL: tls must be starttls, ssl or none")
        port = parts.port or {"ssl": 465, "starttls": 587, "none": 25}[tls]
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname or "localhost", port, user, password, tls)


class Post:
    """A lazily opened connection; use as a context manager."""

    def __init__(self, url: str, sender: str, domain: str) -> None:
        self._server = Server.parse(url)
        self._sender = sender
        self._domain = domain
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()

    def send(self, recipient: str, data: bytes) -> None:
        """Return when the server has accepted the letter; raise one of this module's faults when it has not."""
        was_open = self._client is not None
        try:
            client = self._client or self._connect()
            try:
                self._address(client, recipient)
            except smtplib.SMTPServerDisconnected:
                # An idle connection was closed meanwhile. Nothing was handed over yet, so a second try is safe.
                if not was_open:
                    raise
                client = self._connect()
                self._address(client, recipient)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        self._hand_over(client, data)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        kind = smtplib.SMTP_SSL if server.tls == "ssl" else smtplib.SMTP
        client = kind(server.host, server.port, local_hostname=self._domain, timeout=CONNECT_TIMEOUT)
        try:
            if server.tls == "starttls":
                client.starttls(context=ssl.create_default_context())
            client.ehlo_or_helo_if_needed()
            if server.user:
                client.login(server.user, server.password)
            if client.sock is not None:
                client.sock.settimeout(DATA_TIMEOUT)
        except BaseException:
            client.close()
            raise
        self._client = client
        return client

    def _address(self, client: smtplib.SMTP, recipient: str) -> None:
        """MAIL FROM and RCPT TO; a 5xx to RCPT alone speaks about the address."""
        envelope = _envelope(recipient)
        options = [] if envelope.isascii() else ["SMTPUTF8"]
        if options and not client.has_extn("smtputf8"):
            raise LetterRefused("the mail server cannot write to addresses outside ASCII")
        client.command_encoding = "utf-8" if options else "ascii"
        code, answer = client.mail(self._sender, options)
        if code != 250:
            self._refuse(client, code, answer, TryLater)
        code, answer = client.rcpt(envelope)
        if code not in (250, 251):
            is_ours = code == 530 or _NOT_THE_ADDRESS.match(answer) is not None
            self._refuse(client, code, answer, AddressRefused if code >= 500 and not is_ours else TryLater)

    def _hand_over(self, client: smtplib.SMTP, data: bytes) -> None:
        try:
            code, answer = client.data(data)
        except smtplib.SMTPDataError as error:
            code, raw = error.smtp_code, error.smtp_error
            answer = raw if isinstance(raw, bytes) else raw.encode()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            # RFC 1047: the server may have it. A second copy with the same Message-ID beats a lost letter.
            raise TryLater("the connection broke while the letter was handed over") from error
        if code != 250:
            self._refuse(client, code, answer, LetterRefused if code >= 500 else TryLater)

    def _refuse(self, client: smtplib.SMTP, code: int, answer: bytes, fault: type[Trouble]) -> None:
        said = f"{code} {answer.decode('utf-8', 'replace')}"[:300]
        if code == 421:
            self._drop()
            raise Unreachable(said)
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.rset()
        raise fault(said)

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _envelope(address: str) -> str:
    """The address as the server wants it: the domain in its ASCII form (RFC 5891)."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise LetterRefused("the domain of the address cannot be written") from None
