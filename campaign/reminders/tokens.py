"""The signed links of a reader: to wishes, to one click that stops, to the personal calendar.

They are bound to the address: a number may be given again after an erasure. Somebody who forwards a letter gives the
reader's wishes out of hand, but no account and no other data.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from campaign.accounts.tokens import Links, fingerprint
from campaign.core.faults import NotFound
from campaign.reminders import queries
from campaign.reminders.models import Reader, Subscription
from campaign.reminders.queries import Addressee

VALID = timedelta(days=400)
FOR_EVER = timedelta(days=36_500)


def manage(reader: Reader | Addressee, links: Links, *, at: datetime | None = None) -> str:
    """For `/m/` and `/v/r/`: everything of one reader. `at`: see `Links.token`."""
    return links.token("reader", [reader.id, fingerprint(reader.email)], at=at)


def stop(
    reader: Reader | Addressee, subscriptions: Collection[int], links: Links, *, at: datetime | None = None
) -> str:
    """For `/u/`: ends just what the letter came for."""
    return links.token("stop", [reader.id, fingerprint(reader.email), *subscriptions], at=at)


def feed(reader: Reader, links: Links) -> str:
    """For `/feeds/p/`: valid until the reader makes a new one."""
    return links.token("feed", [reader.id, fingerprint(reader.email), reader.feed_round])


def read_manage(token: str, links: Links) -> Reader:
    """Raises NotFound for a damaged, forged or old token, and for a reader that is gone."""
    payload = links.read("reader", token, VALID)
    return _reader(payload) if payload else _former(token, links)[0]


def read_stop(token: str, links: Links) -> tuple[Reader, Sequence[Subscription]]:
    """The reader and what is to be stopped. Raises NotFound."""
    payload = links.read("stop", token, VALID)
    if not payload:
        return _former(token, links)
    reader = _reader(payload[:2])
    wanted = set(payload[2:])
    return reader, [s for s in queries.of_reader(reader.id) if s.id in wanted]


def read_feed(token: str, links: Links) -> Reader:
    """Raises NotFound, also for an address that was replaced."""
    payload = links.read("feed", token, FOR_EVER) or []
    reader = _reader(payload[:2])
    if payload[2:] != [reader.feed_round]:
        raise NotFound
    return reader


def _reader(payload: Sequence[Any]) -> Reader:
    if len(payload) != 2 or not isinstance(payload[0], int):
        raise NotFound
    reader = queries.get_reader(payload[0])
    if fingerprint(reader.email) != payload[1]:
        raise NotFound
    return reader


def _former(token: str, links: Links) -> tuple[Reader, Sequence[Subscription]]:
    """Links of letters from the time when a subscription was all there was; people keep letters for a long time."""
    payload = links.read("reminder", token, VALID)
    if not payload or len(payload) != 2 or not isinstance(payload[0], int):
        raise NotFound
    subscription = queries.find(payload[0])
    if subscription is None:
        raise NotFound
    return _reader([subscription.reader_id, payload[1]]), [subscription]
