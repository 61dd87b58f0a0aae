"""The page of the sender's domain, in front of a real name server, and its test letter."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.mail.models import Letter
from tests.servers import nameserver


@pytest.fixture
def dns(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    with nameserver.serve() as server:
        settings = replace(app.extensions["settings"], dns_server=server.address, mail_from="C <calendar@example.org>")
        monkeypatch.setitem(app.extensions, "settings", settings)
        yield server


def test_what_is_missing_is_there_as_a_line_to_add(dns, signed_in, operator):
    dns.add("example.org", "MX", "10 mail.example.org.")
    dns.add("mail.example.org", "A", "93.184.216.34")
    page = signed_in(operator).get("/desk/mail/").text
    assert "_dmarc.example.org. 3600 IN TXT &#34;v=DMARC1; p=quarantine;" in page
    assert "Letters that bounce find their way back." in page
    assert "example.org TXT" in dns.asked


def test_only_operators_enter(dns, signed_in, world, client):
    assert client.get("/desk/mail/").status_code == 302
    assert signed_in(world.people["Lena"]).get("/desk/mail/").status_code == 403
    assert signed_in(world.people["Lena"]).post("/desk/mail/test").status_code == 403
    assert dns.asked == []


def test_the_test_letter_goes_to_the_one_who_asks(dns, signed_in, operator, session):
    client = signed_in(operator)
    answer = client.post("/desk/mail/test", data={"email": "victim@example.org"})
    letter = session.scalar(select(Letter).where(Letter.kind == "mail_test"))
    assert letter.recipient == operator.email
    assert answer.location == f"/desk/letters/{letter.id}"
    assert "Authentication-Results" in client.get(answer.location).text
