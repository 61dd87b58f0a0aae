"""Letters as notifications: their words, shortened, encrypted for one browser (RFC 8291) and signed (RFC 8292)."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from py_vapid import Vapid02

from campaign.core import clock, languages
from campaign.mail.composers import Composed, ComposeMany, Drop, Filled, Message, Parcel
from campaign.mail.models import Letter, Status
from campaign.mail.office import Office
from campaign.reminders.push import service
from campaign.reminders.push.endpoints import Endpoint

LONGEST_BODY = 300
# A push service keeps a message at most four weeks (RFC 8030, 5.2); who was offline longer has no use for it.
_MOST_TTL = 28 * 24 * 3600
_PERIOD = 6 * 3600


@dataclass(frozen=True, slots=True)
class AlsoPushed:
    """A composer whose letters may go to a browser as well."""

    compose: ComposeMany

    def __call__(self, letters: Sequence[Letter]) -> Sequence[Composed]:
        return [
            _pushed(letter, said) if letter.channel == service.CHANNEL else said
            for letter, said in zip(letters, self.compose(letters), strict=True)
        ]


def also_pushed(composers: Mapping[str, ComposeMany]) -> dict[str, ComposeMany]:
    return {kind: AlsoPushed(compose) for kind, compose in composers.items()}


def _pushed(letter: Letter, said: Composed) -> Composed:
    message = said.message() if isinstance(said, Filled) else said
    if not isinstance(message, Message):
        return message
    endpoint = service.find(letter.recipient)
    if endpoint is None:
        return Drop(Status.CANCELLED, "the browser is gone")
    return parcel(letter, message, endpoint)


def parcel(letter: Letter, message: Message, endpoint: Endpoint) -> Parcel:
    from pywebpush import WebPusher  # It brings two clients of the web along, which only senders need.

    keys = {"p256dh": endpoint.p256dh, "auth": endpoint.auth}
    told = json.dumps(notification(letter, message), ensure_ascii=False).encode()
    body = WebPusher({"endpoint": endpoint.url, "keys": keys}).encode(told)["body"]
    left = (letter.expires_at - clock.now()).total_seconds() if letter.expires_at else _MOST_TTL
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(int(min(max(left, 60), _MOST_TTL))),
        "Urgency": "high" if letter.kind == "reminder_change" else "normal",
        # A second copy takes the place of the first (RFC 8030, 5.4), so that a crash shows nothing twice.
        "Topic": _topic(letter),
        **_vapid(endpoint.url),
    }
    return Parcel(address=endpoint.url, headers=headers, body=body)


def notification(letter: Letter, message: Message) -> dict[str, str]:
    """What the browser's worker reads: title, text, where a click leads, the way to the wishes."""
    site = Office.current().public_url
    text, _dash, footer = message.text.partition("\n—")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = " ".join(line for line in lines if not line.startswith(f"{site}/"))
    links = [line for line in lines if line.startswith(f"{site}/")]
    wishes = [word for word in footer.split() if word.startswith(f"{site}/m/")]
    with languages.speaking(letter.language):
        change = _("Change or stop")
    return {
        "title": message.subject,
        "body": said if len(said) <= LONGEST_BODY else f"{said[:LONGEST_BODY].rsplit(' ', 1)[0]}…",
        "url": links[0] if links else f"{site}/",
        "manage": wishes[0] if wishes else "",
        "change": change,
        "language": letter.language,
        "direction": languages.direction(letter.language),
        "tag": _topic(letter),
    }


def _topic(letter: Letter) -> str:
    """At most 32 letters of base64url (RFC 8030, 5.4); it follows from the promise."""
    return base64.urlsafe_b64encode(hashlib.sha256(letter.key.encode()).digest())[:32].decode()


def _vapid(url: str) -> Mapping[str, str]:
    """Who sends: one signature for each push service and some hours."""
    parts = urlsplit(url)
    key = current_app.extensions["settings"].push_key
    period = int(clock.now().timestamp()) // _PERIOD
    return _signed(key, f"{parts.scheme}://{parts.netloc}", Office.current().sender.addr_spec, period)


@lru_cache(200)
def _signed(key: str, audience: str, address: str, period: int) -> Mapping[str, str]:
    claims = {"aud": audience, "sub": f"mailto:{address}", "exp": (period + 2) * _PERIOD}
    return dict(Vapid02.from_file(key).sign(claims))
