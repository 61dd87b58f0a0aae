"""The public half of the key that signs our letters, as it must stand in the DNS (RFC 6376, RFC 8463)."""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from campaign.core import keys


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`kind` is `rsa` or `ed25519`, `content` what `p=` holds, `bits` its length."""

    kind: str
    content: bytes
    bits: int

    @property
    def record(self) -> str:
        return f"v=DKIM1; k={self.kind}; p={base64.b64encode(self.content).decode()}"


def public_half(path: Path) -> PublicKey:
    """Read the private key. Raises ValueError for what is no key that signs letters."""
    key = keys.read(path)
    if isinstance(key, RSAPrivateKey):
        der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return PublicKey("rsa", der, key.key_size)
    if isinstance(key, Ed25519PrivateKey):
        return PublicKey("ed25519", key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), 256)
    raise ValueError("neither RSA nor Ed25519")


def tags(record: str) -> dict[str, str]:
    """The parts of `v=DKIM1; k=rsa; p=…` and of `v=DMARC1; p=none`, names in small letters."""
    parts = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _, value in parts}


def is_same(record: str, key: PublicKey) -> bool:
    said = tags(record)
    try:
        content = base64.b64decode(said.get("p", ""), validate=True)
    except (ValueError, binascii.Error):
        return False
    return content == key.content and said.get("k", "rsa").lower() == key.kind
