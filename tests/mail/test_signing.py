"""Letters carry their domain's signature, and whoever has the public key can check it."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from dkim.canonicalization import Relaxed

from campaign.mail import engine
from campaign.mail.composers import Message
from campaign.mail.domain.dkim import public_half
from campaign.mail.models import Letter
from campaign.mail.office import Office
from campaign.mail.signing import Signer, signer

LETTER = (
    b'Date: Thu, 25 Feb 2027 10:00:00 -0000\r\nFrom: "Calendar, Europe desk" <calendar@example.org>\r\n'
    b"Subject: =?utf-8?q?Sabah=2C?=\r\n =?utf-8?q?_Bak=C4=B1?=\r\nList-Unsubscribe: <https://example.org/u/1>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nGood day, =\r\nreader  \r\n.\r\n\r\n\r\n"
)


def write(path: Path, key: Any) -> Path:
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    made = {
        "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "ed25519": ed25519.Ed25519PrivateKey.generate(),
    }
    return {kind: write(folder / f"{kind}.pem", key) for kind, key in made.items()}


@pytest.fixture
def dns(keys: dict[str, Path]) -> Callable[..., bytes]:
    def answer(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"calendar2027._domainkey.example.org."
        return public_half(keys["rsa"]).record.encode()

    return answer


@pytest.fixture
def sign(keys: dict[str, Path]) -> Signer:
    return signer(str(keys["rsa"]), "calendar2027", "example.org")


def test_a_letter_arrives_signed(session, office, mailbox, promise, compose, keys, dns):
    def written(letter: Letter) -> Message:
        own = {"List-Unsubscribe": "<https://example.org/u/1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return Message(subject="Sabah, Bakı", text=".\n\nSabah\n\n\n", html="<p>Sabah</p>\n", headers=own)

    compose(written)
    signing = replace(office, dkim_key=str(keys["rsa"]), dkim_selector="calendar2027")
    for number in (1, 2):
        promise(f"probe:{number}")
    engine.send_due(signing)
    assert len(mailbox.sources) == 2
    for source in mailbox.sources:
        assert source.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;")
        assert dkim.verify(source, dnsfunc=dns)


def test_without_a_key_letters_are_not_signed(session, office, mailbox, promise):
    promise()
    engine.send_due(office)
    assert b"DKIM-Signature" not in mailbox.sources[0]


def test_a_second_copy_is_the_same_byte_for_byte(sign: Signer) -> None:
    assert sign.signed(LETTER) == sign.signed(LETTER)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"reader", b"loser"),
        (b"Bak=C4=B1", b"Gence"),
        (b"/u/1>", b"/u/2>"),
        (b"One-Click", b"Two-Clicks"),
        (b"\r\n\r\nGood", b"\r\nSubject: Another one\r\n\r\nGood"),
        (b"\r\n\r\nGood", b"\r\nFrom: somebody@example.net\r\n\r\nGood"),
        (b"\r\n\r\nGood", b"\r\nReply-To: somebody@example.net\r\n\r\nGood"),
        (b"\r\n\r\nGood", b"\r\nContent-Type: text/html\r\n\r\nGood"),
        (b"\r\n\r\nGood", b"\r\nList-Unsubscribe: <https://example.net/>\r\n\r\nGood"),
    ],
)
def test_what_was_changed_or_added_on_the_way_shows(sign: Signer, dns: Any, old: bytes, new: bytes) -> None:
    signed = sign.signed(LETTER)
    assert dkim.verify(signed, dnsfunc=dns)
    assert old in signed
    assert not dkim.verify(signed.replace(old, new), dnsfunc=dns)


def test_new_folds_and_spaces_do_no_harm(sign: Signer, dns: Any) -> None:
    moved = sign.signed(LETTER).replace(b"Good day, ", b"Good  day, ").replace(b"_Bak", b"_Bak").rstrip() + b"\r\n"
    assert dkim.verify(re.sub(rb"\r\n[ ]+s=", b" s=", moved), dnsfunc=dns)


def test_short_keys_of_curves_sign_too(keys: dict[str, Path]) -> None:
    """dkimpy checks these only with another library, so the hash of RFC 6376, 3.7, is built here once more."""
    made = signer(str(keys["ed25519"]), "calendar2027", "example.org")
    signed = made.signed(LETTER)
    headers, body = dkim.rfc822_parse(signed)
    value = headers[0][1]
    said = dkim.util.parse_tag_value(value)
    assert said[b"bh"] == base64.b64encode(hashlib.sha256(Relaxed.canonicalize_body(body)).digest())
    names = [name.strip() for name in said[b"h"].split(b":")]
    chosen = dkim.select_headers(Relaxed.canonicalize_headers(headers[1:]), names)
    own = Relaxed.canonicalize_headers([(b"DKIM-Signature", re.sub(rb"(?s)\sb=.*", b" b=", value))])[0]
    hashed = hashlib.sha256(b"".join(n + b":" + v for n, v in (*chosen, (own[0], own[1].rstrip())))).digest()
    public = ed25519.Ed25519PublicKey.from_public_bytes(public_half(keys["ed25519"]).content)
    public.verify(base64.b64decode(said[b"b"]), hashed)
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(said[b"b"]), hashlib.sha256(hashed).digest())


def test_domains_of_other_scripts_sign_in_ascii(keys: dict[str, Path]) -> None:
    office = Office(mail_from="A <a@bücher.example>", dkim_key=str(keys["rsa"]), dkim_selector="s")
    assert office.sign is not None
    assert b"d=xn--bcher-kva.example;" in office.sign(LETTER)
