"""Signed links: what a letter may carry so that a click proves who reads the mailbox."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.signer import SigningAlgorithm
from typing_extensions import override

from campaign.core import clock
from config import Settings

_compact = json.JSONEncoder(separators=(",", ":")).encode


class _Hmac(SigningAlgorithm):
    """The library's own algorithm in one call."""

    @override
    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha1")


class _Signer(TimestampSigner):
    """Takes the time from the installation's clock, so that a moved clock moves the end of links too.

    Many thousands of links are signed in an hour, so each key is derived once.
    """

    def __init__(self, secret_key: Any, *, at: datetime | None = None, **options: Any) -> None:
        super().__init__(secret_key, **{**options, "algorithm": _Hmac()})
        self._at = at
        self._derived: dict[Any, bytes] = {}

    @override
    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        if secret_key not in self._derived:
            self._derived[secret_key] = super().derive_key(secret_key)
        return self._derived[secret_key]

    @override
    def get_timestamp(self) -> int:
        return int((self._at or clock.now()).timestamp())


@dataclass(frozen=True, slots=True)
class Links:
    """Signs tokens and builds absolute addresses; views and commands make one and pass it to services."""

    public_url: str
    keys: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings) -> "Links":
        """Older keys come first: the library signs with the last one and accepts all."""
        return cls(settings.public_url, (*settings.secret_key_fallbacks, settings.secret_key))

    def token(self, purpose: str, payload: list[Any], *, at: datetime | None = None) -> str:
        """A URL-safe token; a token of one purpose is worthless for another.

        It is valid from `at`, or from now. A letter gives the hour it was due, so that it is the same letter when it is
        written again.
        """
        serializer = _serializer(self.keys, purpose, at)
        signed: bytes = _signer(self.keys, purpose, at).sign(serializer.dump_payload(payload))
        return signed.decode("ascii")

    def read(self, purpose: str, token: str, valid_for: timedelta) -> list[Any] | None:
        """What the token carries; None if it is damaged, forged or too old."""
        try:
            payload = _serializer(self.keys, purpose, None).loads(token, max_age=int(valid_for.total_seconds()))
        except (SignatureExpired, BadSignature):
            return None
        return payload if isinstance(payload, list) else None

    def url(self, path: str) -> str:
        return self.public_url + path


class _Serializer(URLSafeTimedSerializer):
    """What links carry is too short to be worth compressing."""

    @override
    def dump_payload(self, obj: Any) -> bytes:
        return base64_encode(_compact(obj))


@lru_cache(256)
def _serializer(keys: tuple[str, ...], purpose: str, at: datetime | None) -> _Serializer:
    return _Serializer(list(keys), salt=f"campaign.{purpose}", signer=_Signer, signer_kwargs={"at": at})


@lru_cache(256)
def _signer(keys: tuple[str, ...], purpose: str, at: datetime | None) -> Any:
    return _serializer(keys, purpose, at).make_signer(f"campaign.{purpose}")


def fingerprint(secret: str) -> str:
    """Changes when the secret does and tells nothing about it; binds a link to the password it replaces."""
    return hashlib.sha256(secret.encode()).hexdigest()[:16]
