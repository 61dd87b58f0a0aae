"""Requests to addresses that strangers typed: none of them reaches a network that is not public."""

import time
from collections.abc import Iterator

import pytest

from campaign.core import outbound
from campaign.core.outbound import Line, NoReply, Outside, Refused, Unreachable
from tests.servers import webserver
from tests.servers.webserver import Answer, Web


@pytest.fixture
def web() -> Iterator[Web]:
    with webserver.serve() as server:
        yield server


def leading_to(*addresses: str) -> Outside:
    """The rules of production, with a resolver of our own."""
    return Outside(resolve=lambda _host, _port: addresses)


def here() -> Outside:
    return Outside(allows_loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example.org/hook",
        "ftp://partner.example.org/",
        "gopher://partner.example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https:///nowhere",
        "https://user:secret@partner.example.org/",
        "https://partner.example.org/#part",
        "https://partner.example.org:22/",
        "https://partner.example.org:99999/",
        "https://partner.example.org\\@127.0.0.1/",
        "https://partner.example.org/ space",
        "https://partner.example.org/\nHost: other",
        "https://partner.example.org/\x00",
        "https://pärtner.example.org/",
        "https://-partner.example.org/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://169.254.169.254/x",
        "https://[::ffff:10.0.0.1]/",
        "https://example.org.0x7f/",
        "https://[::1/",
        "https://" + "a" * 1000,
        "",
    ],
)
def test_addresses_that_are_no_public_page(url: str) -> None:
    with pytest.raises(Refused):
        Outside().target(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001:db8::1",
    ],
)
def test_names_that_lead_into_private_networks(address: str) -> None:
    target = Outside().target("https://partner.example.org/")
    for outside in (leading_to(address), leading_to("93.184.216.34", address)):
        with pytest.raises(Refused):
            outside.addresses(target)


@pytest.mark.parametrize("literal", ["127.0.0.1", "10.0.0.1", "[::1]", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]"])
def test_literal_private_addresses(literal: str, web: Web) -> None:
    for url in (f"https://{literal}:{web.port}/", f"http://{literal}:{web.port}/"):
        with pytest.raises(Refused), Line(Outside()) as line:
            line.post(url, {}, b"")
    assert web.connections == 0


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_public_addresses_pass(address: str) -> None:
    outside = leading_to(address)
    assert len(outside.addresses(outside.target("https://Partner.Example.org./hook?x=1"))) == 1


def test_a_name_that_changes_its_mind_gains_nothing(web: Web) -> None:
    """DNS rebinding: public when it is judged, private a moment later. What was judged is what is connected to."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    outside = Outside(allows_loopback=True, resolve=lambda _host, _port: next(answers))
    url = f"http://localhost:{web.port}/hook"
    with Line(outside) as line:
        assert line.post(url, {}, b"1").status == 201
        assert line.post(url, {}, b"2").status == 201
        line.close()
        with pytest.raises(Refused):
            line.post(url, {}, b"3")
    assert [request.body for request in web.requests] == [b"1", b"2"]


def test_the_other_side_sees_the_name_not_the_address(web: Web) -> None:
    outside = Outside(allows_loopback=True, resolve=lambda _host, _port: ["127.0.0.1"])
    with Line(outside) as line:
        line.post(f"http://localhost:{web.port}/a?b=c", {"X-One": "1"}, b"body")
    (request,) = web.requests
    assert (request.path, request.body) == ("/a?b=c", b"body")
    assert request.headers["host"] == f"localhost:{web.port}"
    assert request.headers["x-one"] == "1"


def test_redirects_are_answers(web: Web) -> None:
    web.decide = lambda _request: Answer(302, {"Location": f"{web.url}/elsewhere"})
    with Line(here()) as line:
        assert line.post(f"{web.url}/hook", {}, b"").status == 302
    assert [request.path for request in web.requests] == ["/hook"]


def test_one_connection_for_many(web: Web) -> None:
    with Line(here()) as line:
        for _ in range(5):
            line.post(web.url, {}, b"x")
    assert web.connections == 1
    assert len(web.requests) == 5


def test_a_connection_that_was_closed_is_opened_again(web: Web) -> None:
    web.decide = lambda _request: Answer(200, {"Connection": "keep-alive"})
    with Line(here()) as line:
        line.post(web.url, {}, b"1")
        assert line._connection is not None
        line._connection.sock.shutdown(2)  # As the other side does with what is idle.
        assert line.post(web.url, {}, b"2").status == 200
    assert web.connections == 2


def test_silence_ends_at_the_deadline(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "DEADLINE", 0.4)
    web.decide = lambda _request: (time.sleep(1.5), Answer())[1]
    began = time.monotonic()
    with Line(here()) as line:
        with pytest.raises(NoReply):
            line.post(web.url, {}, b"")
        assert time.monotonic() - began < 1.2
    assert len(web.requests) == 1


def test_an_answer_that_drips_ends_at_the_deadline_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time; the whole never does."""
    import socket
    import threading

    monkeypatch.setattr(outbound, "DEADLINE", 0.5)
    door = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        peer, _ = door.accept()
        with peer:
            for byte in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200:
                try:
                    peer.sendall(bytes([byte]))
                except OSError:
                    return
                time.sleep(0.05)

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    began = time.monotonic()
    with Line(here()) as line, pytest.raises(NoReply):
        line.post(f"http://127.0.0.1:{door.getsockname()[1]}/", {}, b"")
    assert time.monotonic() - began < 1.5
    thread.join(5)
    door.close()


def test_a_large_answer_is_not_read_to_its_end(web: Web) -> None:
    web.decide = lambda _request: Answer(200, body=b"x" * 1_000_000)
    with Line(here()) as line:
        assert len(line.post(web.url, {}, b"").body) == outbound.MOST_READ
        assert line.post(web.url, {}, b"").status == 200


def test_nobody_there(web: Web) -> None:
    from tests.servers.ports import free_port

    with Line(here()) as line, pytest.raises(Unreachable):
        line.post(f"http://127.0.0.1:{free_port()}/", {}, b"")

    def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    with Line(Outside(resolve=nowhere)) as line, pytest.raises(Unreachable):
        line.post("https://partner.example.org/", {}, b"")
