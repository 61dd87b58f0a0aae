"""Encryption and sign-in against a real mail server: what is not right is no way for a letter or a password."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from campaign.mail import engine, gate, smtp
from campaign.mail.models import Status
from campaign.mail.office import Office
from tests.servers import certificates
from tests.servers.certificates import Certificate
from tests.servers.ports import free_port

LETTER = b"Subject: s\r\n\r\nt\r\n"


class Guard:
    """Takes letters and remembers how each came, and every password that was said."""

    def __init__(self) -> None:
        self.letters: list[tuple[bool, bool]] = []
        self.passwords: list[bytes] = []

    def __call__(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
        self.passwords.append(data.password)
        return AuthResult(success=data.login == b"calendar" and data.password == b"p/w:1", handled=False)

    async def handle_DATA(self, server: Any, session: Any, _envelope: Any) -> str:  # noqa: N802
        is_closed = server.transport.get_extra_info("ssl_object") is not None
        self.letters.append((is_closed, bool(session.authenticated)))
        return "250 ok"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificates.make(tmp_path_factory.mktemp("tls"), "localhost", "127.0.0.1")


@pytest.fixture
def trusted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    return certificate


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[Guard, int]]]:
    with ExitStack() as stack:

        def start(**options: Any) -> tuple[Guard, int]:
            guard, port = Guard(), free_port()
            controller = Controller(guard, hostname="127.0.0.1", port=port, authenticator=guard, **options)
            controller.start()
            stack.callback(controller.stop)
            return guard, port

        yield start


def send(url: str) -> None:
    with smtp.Post(url, "a@example.org", "example.org") as post:
        post.send("b@example.org", LETTER)
        post.send("c@example.org", LETTER)


def starttls(certificate: Certificate) -> dict[str, Any]:
    return {"tls_context": certificate.context, "require_starttls": True}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_starttls_then_the_password(trusted, serve, host):
    guard, port = serve(**starttls(trusted), auth_required=True)
    send(f"smtp://calendar:p%2Fw%3A1@{host}:{port}?tls=starttls")
    assert guard.letters == [(True, True)] * 2
    assert guard.passwords == [b"p/w:1"], "one connection, one sign-in"


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # This server does not see that the line is closed.
def test_tls_from_the_first_byte(trusted, serve):
    guard, port = serve(ssl_context=trusted.context, auth_required=True, auth_require_tls=False)
    send(f"smtp://calendar:p%2Fw%3A1@localhost:{port}?tls=ssl")
    assert guard.letters == [(True, True)] * 2


def test_no_encryption_where_the_setting_says_so(serve):
    guard, port = serve()
    send(f"smtp://localhost:{port}?tls=none")
    assert guard.letters == [(False, False)] * 2


@pytest.mark.parametrize("tls", ["starttls", "ssl"])
@pytest.mark.parametrize(
    ("names", "days", "is_known", "said"),
    [
        (("localhost",), 1, False, "self-signed certificate"),
        (("mail.example.org",), 1, True, "Hostname mismatch"),
        (("localhost",), -1, True, "certificate has expired"),
    ],
)
def test_a_certificate_that_is_not_right_gets_neither_password_nor_letter(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    serve: Any,
    tls: str,
    names: Any,
    days: int,
    is_known: bool,
    said: str,
) -> None:
    shown = certificates.make(tmp_path, *names, days=days)
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(shown.file))
    guard, port = serve(**(starttls(shown) if tls == "starttls" else {"ssl_context": shown.context}))
    with pytest.raises(smtp.Unreachable, match=said):
        send(f"smtp://calendar:p%2Fw%3A1@localhost:{port}?tls={tls}")
    assert (guard.letters, guard.passwords) == ([], [])


def test_a_server_without_starttls_gets_neither(serve):
    guard, port = serve(auth_require_tls=False)
    with pytest.raises(smtp.Unreachable, match="STARTTLS"):
        send(f"smtp://calendar:p%2Fw%3A1@localhost:{port}?tls=starttls")
    assert (guard.letters, guard.passwords) == ([], [])


def test_a_wrong_password_costs_no_letter_an_attempt(session, promise, trusted, serve):
    """The server is at rest until somebody mends the setting, and its words are on the operators' page."""
    guard, port = serve(**starttls(trusted), auth_required=True)
    letter = promise()
    url = f"smtp://calendar:wrong@localhost:{port}?tls=starttls"
    tally = engine.send_due(Office(smtp_url=url, mail_from="calendar@example.org"))
    session.expire_all()
    assert tally.unreachable
    assert (letter.status, letter.attempts) == (Status.PENDING, 0)
    assert (guard.letters, set(guard.passwords)) == ([], {b"wrong"})
    (host,) = gate.failing()
    assert "535" in host.last_error
    assert "wrong" not in host.last_error


def test_a_server_that_wants_a_password_we_have_not(trusted, serve):
    guard, port = serve(**starttls(trusted), auth_required=True)
    with pytest.raises(smtp.TryLater, match="530"):
        send(f"smtp://localhost:{port}?tls=starttls")
    assert guard.letters == []
