"""What the mail server says decides what becomes of the letter."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from campaign.mail import smtp
from tests.servers.ports import free_port


class Answers:
    """Says the same to every RCPT and every DATA, and counts connections."""

    rcpt = "250 ok"
    data = "250 ok"
    greetings = 0

    async def handle_EHLO(  # noqa: N802
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.greetings += 1
        return responses

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return self.data


@pytest.fixture
def server() -> Iterator[tuple[Answers, str]]:
    answers, port = Answers(), free_port()
    controller = Controller(answers, hostname="127.0.0.1", port=port)
    controller.start()
    yield answers, f"smtp://127.0.0.1:{port}?tls=none"
    controller.stop()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("550 5.1.1 no such mailbox", smtp.AddressRefused),
        ("553 bad mailbox name", smtp.AddressRefused),
        ("550 5.7.1 relaying denied", smtp.TryLater),
        ("552 5.2.2 mailbox full", smtp.TryLater),
        ("530 authentication required", smtp.TryLater),
        ("450 greylisted", smtp.TryLater),
        ("421 too busy", smtp.Unreachable),
    ],
)
def test_what_an_answer_to_the_address_means(
    server: tuple[Answers, str], answer: str, fault: type[smtp.Trouble]
) -> None:
    server[0].rcpt = answer
    with smtp.Post(server[1], "a@example.org", "example.org") as post, pytest.raises(fault):
        post.send("b@example.org", b"Subject: s\r\n\r\nt\r\n")


@pytest.mark.parametrize(("answer", "fault"), [("554 no", smtp.LetterRefused), ("451 later", smtp.TryLater)])
def test_what_an_answer_to_the_letter_means(
    server: tuple[Answers, str], answer: str, fault: type[smtp.Trouble]
) -> None:
    server[0].data = answer
    with smtp.Post(server[1], "a@example.org", "example.org") as post, pytest.raises(fault):
        post.send("b@example.org", b"Subject: s\r\n\r\nt\r\n")


def test_one_connection_carries_many_letters(server: tuple[Answers, str]) -> None:
    with smtp.Post(server[1], "a@example.org", "example.org") as post:
        for _ in range(5):
            post.send("b@example.org", b"Subject: s\r\n\r\nt\r\n")
    assert server[0].greetings == 1


def test_a_connection_that_was_closed_meanwhile_is_opened_again(server: tuple[Answers, str]) -> None:
    with smtp.Post(server[1], "a@example.org", "example.org") as post:
        post.send("b@example.org", b"Subject: s\r\n\r\nt\r\n")
        assert post._client is not None
        assert post._client.sock is not None
        post._client.sock.shutdown(2)
        post.send("b@example.org", b"Subject: s\r\n\r\nt\r\n")
    assert server[0].greetings == 2


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.example.org", 25, "none"),
        ("smtp://mail.example.org:587", 587, "starttls"),
        ("smtps://mail.example.org", 465, "ssl"),
        ("smtp://mail.example.org?tls=starttls", 587, "starttls"),
        ("smtp://127.0.0.1:2525?tls=none", 2525, "none"),
    ],
)
def test_reading_the_server_setting(url: str, port: int, tls: str) -> None:
    server = smtp.Server.parse(url)
    assert (server.port, server.tls) == (port, tls)


def test_passwords_may_hold_any_character() -> None:
    server = smtp.Server.parse("smtp://user%40example.org:p%2Fw%3A@mail.example.org:587")
    assert (server.user, server.password) == ("user@example.org", "p/w:")


def test_an_unknown_encryption_is_an_error() -> None:
    with pytest.raises(ValueError, match="tls"):
        smtp.Server.parse("smtp://mail.example.org?tls=maybe")
