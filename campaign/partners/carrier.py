"""How news travels to webhooks: one POST to a checked public address, and what each answer means."""

from contextlib import AbstractContextManager
from datetime import timedelta

from campaign.core.outbound import Reply
from campaign.mail.carriers import Tries, gate_of
from campaign.mail.gate import Gate
from campaign.mail.models import Letter
from campaign.mail.office import Office
from campaign.mail.posting import Courier, courier
from campaign.mail.troubles import AddressRefused, TryLater
from campaign.partners import queries, service

_GONE = 410
_REDIRECTS = ", and redirects are not followed"


def judge(reply: Reply) -> None:
    """Any 2xx is a yes. A request that comes twice is known by its id."""
    if reply.status == _GONE:
        raise AddressRefused("410: it asks for no more")
    if not 200 <= reply.status < 300:
        raise TryLater(f"it answered {reply.status}{_REDIRECTS if 300 <= reply.status < 400 else ''}")


class Webhooks:
    """The carrier of the channel. What is told expires after `service.PATIENCE`, three days, and is tried till then."""

    tries = Tries(waits=[timedelta(minutes=m) for m in (1, 5, 30, 120, 240)])

    def connection(self, office: Office, _host: str) -> AbstractContextManager[Courier]:
        return courier(office, judge)

    def gate(self, _office: Office, host: str) -> Gate | None:
        return gate_of(f"webhook {host}")

    def refused(self, letter: Letter, reason: str) -> None:
        webhook = queries.find(letter.recipient)
        if webhook is not None:
            service.stop(webhook, reason)


CARRIERS = {queries.CHANNEL: Webhooks()}
