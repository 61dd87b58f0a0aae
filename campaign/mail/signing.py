"""Signs letters with the key of the sender's domain (DKIM: RFC 6376; Ed25519: RFC 8463), just before they travel.

dkimpy knows how headers and bodies are canonicalized; the key is parsed once and used by OpenSSL, because dkimpy parses
it for every letter and does its arithmetic in Python. There is no `t=`: a second copy is the same byte for byte.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import dkim
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from dkim.canonicalization import Relaxed

from campaign.core import keys

# What receivers show, follow or act upon. Each is signed once more than it occurs, so that nobody can add another one
# (RFC 6376, 8.15); RFC 8058, 4, asks for both headers of the one-click unsubscription.
SIGNED = (
    *(b"from", b"to", b"cc", b"reply-to", b"subject", b"date", b"message-id", b"in-reply-to", b"references"),
    *(b"mime-version", b"content-type", b"content-transfer-encoding", b"auto-submitted"),
    *(b"list-unsubscribe", b"list-unsubscribe-post"),
)
_NAME = b"DKIM-Signature"

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs in the name of one domain; its public half stands in the DNS under `selector`."""

    domain: bytes
    selector: bytes
    algorithm: bytes
    sign: Sign

    def signed(self, letter: bytes) -> bytes:
        """The letter (CRLF line ends) with its signature in front."""
        head, _, body = letter.partition(b"\r\n\r\n")
        headers = Relaxed.canonicalize_headers(dkim.rfc822_parse(head + b"\r\n\r\n")[0])
        occur = Counter(name for name, _ in headers)
        names = [name for name in SIGNED for _ in range(occur[name] + 1)]
        value = self._value(names, hashlib.sha256(Relaxed.canonicalize_body(body)).digest())
        own = Relaxed.canonicalize_headers([(_NAME, value)])[0]
        hashed = hashlib.sha256()
        for name, content in (*dkim.select_headers(headers, names), (own[0], own[1].rstrip())):
            hashed.update(name + b":" + content)
        signature = base64.b64encode(self.sign(hashed.digest()))
        return _NAME + b":" + value + _folded(signature) + b"\r\n" + letter

    def _value(self, names: list[bytes], body_hash: bytes) -> bytes:
        """Everything but the signature itself."""
        return b" v=1; a=%b; c=relaxed/relaxed; d=%b;\r\n s=%b; bh=%b;\r\n h=%b;\r\n b=" % (
            self.algorithm,
            self.domain,
            self.selector,
            base64.b64encode(body_hash),
            _lines(names),
        )


def _lines(names: list[bytes]) -> bytes:
    """The list of signed headers, folded."""
    lines = [b""]
    for name in names:
        if len(lines[-1]) + len(name) > 70:
            lines.append(b"")
        lines[-1] += name + b":"
    return b"\r\n  ".join(lines)[:-1]


def _folded(signature: bytes) -> bytes:
    return b"\r\n  ".join(signature[at : at + 72] for at in range(0, len(signature), 72))


@lru_cache(4)
def signer(path: str, selector: str, domain: str) -> Signer:
    """The signer with the key of this file, read once. Raises ValueError for what is no key that signs letters."""
    key = keys.read(Path(path))
    named = (domain.encode("ascii"), selector.encode("ascii"))
    if isinstance(key, RSAPrivateKey):
        hashed = Prehashed(SHA256())
        return Signer(*named, b"rsa-sha256", lambda digest: key.sign(digest, PKCS1v15(), hashed))
    if isinstance(key, Ed25519PrivateKey):
        return Signer(*named, b"ed25519-sha256", key.sign)
    raise ValueError("neither RSA nor Ed25519")
