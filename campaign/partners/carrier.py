"""How news travels to webhooks: one POST to a checked public address, and what each answer means."""

from collections.abc import Iterator
from contextlib import contextmanager

from campaign.core import outbound
from campaign.core.outbound import Line, Outside
from campaign.mail.carriers import gate_of
from campaign.mail.composers import Parcel
from campaign.mail.gate import Gate
from campaign.mail.models import Letter
from campaign.mail.office import Office
from campaign.mail.troubles import AddressRefused, TryLater, Unreachable
from campaign.partners import queries, service

_GONE = 410
_REDIRECTS = ", and redirects are not followed"


class Courier:
    """One connection to one site."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def send(self, address: str, content: Parcel) -> None:
        """Any 2xx is a yes. A request that comes twice is known by its id, so every doubt is a reason to repeat."""
        try:
            reply = self._line.post(address, content.headers, content.body)
        except outbound.Unreachable as error:
            raise Unreachable(str(error)) from error
        except (outbound.NoReply, outbound.Refused) as error:
            raise TryLater(str(error)) from error
        if reply.status == _GONE:
            raise AddressRefused("410: it asks for no more")
        if not 200 <= reply.status < 300:
            raise TryLater(f"it answered {reply.status}{_REDIRECTS if 300 <= reply.status < 400 else ''}")


class Webhooks:
    """The carrier of the channel."""

    @contextmanager
    def connection(self, office: Office, _host: str) -> Iterator[Courier]:
        with Line(outside(office)) as line:
            yield Courier(line)

    def gate(self, _office: Office, host: str) -> Gate | None:
        return gate_of(f"webhook {host}")

    def refused(self, letter: Letter, reason: str) -> None:
        webhook = queries.find(letter.recipient)
        if webhook is not None:
            service.stop(webhook, reason)


def outside(office: Office) -> Outside:
    """Only outside production may a webhook run on this machine."""
    return Outside(allows_loopback=office.may_keep)


CARRIERS = {queries.CHANNEL: Webhooks()}
