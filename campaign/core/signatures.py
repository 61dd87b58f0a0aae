"""Signatures of requests between programs (Standard Webhooks specification): HMAC-SHA256 over id, time and body.

The three headers are `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature` (`v1,` and base64, several
with spaces between them). A secret begins with `whsec_` and is base64 after that; any other one is taken as it stands.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX = "whsec_"
# A request that was overheard is worth nothing after this; clocks may differ by as much.
TOLERANCE = timedelta(minutes=5)


class Forged(ValueError):
    """The request was not signed with our secret, or not now."""


def signed(secret: str, name: str, at: datetime, body: bytes, *, also: Iterable[str] = ()) -> dict[str, str]:
    """The headers of a request. `name` stays the same however often it is sent; `at` is the time of this try.

    Who knows one of the secrets that sign `also` takes it as well.
    """
    seconds = str(int(at.timestamp()))
    macs = [f"v1,{_mac(secret, name, seconds, body)}" for secret in (secret, *also)]
    return {ID: name, TIMESTAMP: seconds, SIGNATURE: " ".join(macs)}


def check(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """The id of a request that is genuine and of these minutes; names of headers in small letters. Raises Forged.

    A copy sent within those minutes passes too: whoever acts upon it remembers the id, or does nothing twice.
    """
    name, seconds = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not (name and seconds.isascii() and seconds.isdecimal() and len(seconds) < 12):
        raise Forged("id or timestamp is missing")
    if abs(now - datetime.fromtimestamp(int(seconds), UTC)) > TOLERANCE:
        raise Forged("the timestamp is too old, or of the future")
    wanted = f"v1,{_mac(secret, name, seconds, body)}".encode()
    offered = headers.get(SIGNATURE, "").split()
    if not any(hmac.compare_digest(wanted, one.encode("utf-8", "replace")) for one in offered[:10]):
        raise Forged("the signature is wrong")
    return name


def _mac(secret: str, name: str, seconds: str, body: bytes) -> str:
    content = f"{name}.{seconds}.".encode() + body
    return base64.b64encode(hmac.new(_key(secret), content, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
