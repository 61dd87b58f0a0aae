"""What a browser gives us to reach it (RFC 8030, RFC 8291): where, and the keys that only it can open."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from campaign.core.outbound import Outside, Refused, Target

# The push services of the browsers. Anybody may name an address here, and requests go to no other host for that.
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,200}={0,2}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`p256dh` and `auth` as the browser writes them (base64url)."""

    url: str
    p256dh: str
    auth: str

    @classmethod
    def read(cls, url: str, p256dh: str, auth: str, outside: Outside) -> Self:
        """Raises ValueError for what is no subscription of a known push service."""
        try:
            target = outside.target(url)
        except Refused as error:
            raise ValueError(str(error)) from error
        if not (_is_known(target.host) or outside.allows_loopback):
            raise ValueError("not a push service of a browser")
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(p256dh, 65))
        _bytes(auth, 16)
        return cls(url, p256dh, auth)

    def target(self, outside: Outside) -> Target:
        return outside.target(self.url)

    @property
    def address(self) -> str:
        """What stands in the outbox for it; the address itself is a key and stays out of logs."""
        return f"push:{hashlib.sha256(self.url.encode()).hexdigest()[:40]}"


def _is_known(host: str) -> bool:
    return any(host == one or (one.startswith(".") and host.endswith(one)) for one in SERVICES)


def _bytes(text: str, length: int) -> bytes:
    if not _BASE64URL.fullmatch(text):
        raise ValueError("not a key")
    try:
        found = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not a key") from error
    if len(found) != length:
        raise ValueError("not a key")
    return found
