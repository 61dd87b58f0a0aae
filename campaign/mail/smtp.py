"""Hands letters to the mail server: one connection for many, and a clear word for every way it can go wrong."""

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from campaign.mail.addresses import routable
from campaign.mail.answers import is_nobody_there
from campaign.mail.troubles import AddressRefused, InDoubt, LetterRefused, Trouble, TryLater, Unreachable, Unwelcome

CONNECT_TIMEOUT = 10.0
DATA_TIMEOUT = 30.0
_OPEN = (250, 251)
_GO_ON = 354
_CLOSING = 421

Answer = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to connect; `tls` is `starttls`, `ssl` or `none`."""

    host: str
    port: int
    user: str
    password: str
    tls: str

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

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
    """A lazily opened connection; use as a context manager. `sign` is asked for the bytes that travel."""

    def __init__(self, url: str, sender: str, domain: str, sign: Callable[[bytes], bytes] | None = None) -> None:
        self._server = Server.parse(url)
        self._sender = routable(sender)
        self._domain = domain
        self._sign = sign
        self._client: smtplib.SMTP | None = None
        # Whose letter the server waits for already.
        self._announced = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    def close(self) -> None:
        if self._announced:
            self._drop()  # In the middle of a letter QUIT would be a line of it.
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()

    def send(self, recipient: str, data: bytes, following: str = "") -> None:
        """Return when the server has accepted the letter; raise one of this module's faults when it has not.

        `recipient` is what `addresses.routable` answers; `data` has CRLF line ends, the last line too. `following` is
        whose letter comes next: a server that takes commands in groups hears of it in the same packet. If another one
        is sent instead, or none, the connection is given up: nothing was handed over yet.
        """
        if self._sign is not None:
            data = self._sign(data)
        if self._announced not in ("", recipient):
            self._drop()
        was_open = self._client is not None
        try:
            self._announce(recipient)
        except Unreachable:
            # An idle connection was closed meanwhile, or the server limits the letters of one. Nothing was handed
            # over yet, so a second try on a new connection is safe.
            if not was_open:
                raise
            self._announce(recipient)
        self._hand_over(data, following)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        client = self._dial()
        try:
            if server.tls == "starttls":
                # Without it the server is no server to us: a password or a letter never falls back to plain text.
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

    def _dial(self) -> smtplib.SMTP:
        server = self._server
        if server.tls != "ssl":
            return smtplib.SMTP(server.host, server.port, self._domain, CONNECT_TIMEOUT)
        # The library would take any certificate if it were not told otherwise.
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, self._domain, timeout=CONNECT_TIMEOUT, context=context)

    def _announce(self, recipient: str) -> None:
        """MAIL FROM, RCPT TO and DATA, up to the server's word to go on; nothing is handed over by this."""
        try:
            client = self._client or self._connect()
            commands = self._commands(client, recipient)
            if client.has_extn("pipelining"):
                # RFC 2920: one packet there, one back. All three answers are read, whatever the first one says.
                if not self._announced:
                    client.send(_group(commands))
                self._announced = ""
                answers = [client.getreply() for _ in commands]
            else:
                answers = _in_turn(client, commands)
            self._judge(client, answers)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unreachable(f"{type(error).__name__}: {error}") from error

    def _commands(self, client: smtplib.SMTP, recipient: str) -> tuple[str, str, str]:
        is_foreign = not recipient.isascii()
        if is_foreign and not client.has_extn("smtputf8"):
            raise LetterRefused("the mail server cannot write to addresses outside ASCII")
        client.command_encoding = "utf-8" if is_foreign else "ascii"
        options = " SMTPUTF8" if is_foreign else ""
        return f"MAIL FROM:<{self._sender}>{options}", f"RCPT TO:<{recipient}>", "DATA"

    def _judge(self, client: smtplib.SMTP, answers: list[Answer]) -> None:
        """Return if the letter may follow; a 5xx to RCPT alone speaks about the address."""
        (sender, *rest), last = answers, answers[-1]
        if len(answers) == 3 and last[0] == _GO_ON and (sender[0] not in _OPEN or rest[0][0] not in _OPEN):
            client.send(b".\r\n")  # It waits for a letter without a reader: an empty one ends this.
            client.getreply()
        if sender[0] not in _OPEN:
            self._refuse(client, sender, Unwelcome if sender[0] >= 500 else TryLater)
        code, said = rest[0]
        if code not in _OPEN:
            self._refuse(client, rest[0], _refusal(code, said.decode("utf-8", "replace")) if code >= 500 else TryLater)
        if last[0] != _GO_ON:
            self._refuse(client, last, TryLater)

    def _hand_over(self, data: bytes, following: str) -> None:
        client = self._client
        assert client is not None
        # RFC 2920, 3.1: a group of commands may begin with a letter. The next one costs no way there and back then.
        if following and following.isascii() and client.has_extn("pipelining"):
            self._announced = following
        ahead = _group(self._commands(client, following)).encode("ascii") if self._announced else b""
        stuffed = data.replace(b"\r\n.", b"\r\n..")  # RFC 5321, 4.5.2; no letter begins with a dot.
        try:
            client.send(b"%b.\r\n%b" % (stuffed, ahead))
            answer = client.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            said = "the connection broke while the letter was handed over"
            raise InDoubt(said, is_silence=isinstance(error.__context__, TimeoutError)) from error
        if answer[0] != 250:
            self._refuse(client, answer, LetterRefused if answer[0] >= 500 else TryLater)

    def _refuse(self, client: smtplib.SMTP, answer: Answer, fault: type[Trouble]) -> None:
        said = f"{answer[0]} {answer[1].decode('utf-8', 'replace')}"[:300]
        if answer[0] == _CLOSING:
            self._drop()
            raise Unreachable(said)
        if not self._announced:  # Otherwise the next transaction has begun.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.rset()
        raise fault(said)

    def _drop(self) -> None:
        self._announced = ""
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _refusal(code: int, said: str) -> type[Trouble]:
    return AddressRefused if is_nobody_there(said, code=code) else Unwelcome


def _group(commands: tuple[str, ...]) -> str:
    return "".join(f"{command}\r\n" for command in commands)


def _in_turn(client: smtplib.SMTP, commands: tuple[str, ...]) -> list[Answer]:
    """One command at a time, until one is refused; a second answer stands for those that were not sent."""
    answers: list[Answer] = []
    for command in commands:
        answers.append(client.docmd(command))
        if answers[-1][0] not in (*_OPEN, _GO_ON):
            break
    return answers if len(answers) > 1 else [*answers, answers[-1]]
