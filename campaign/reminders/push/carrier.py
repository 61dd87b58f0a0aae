"""How notifications travel: one POST to the push service of the reader's browser, and what each answer means."""

from collections.abc import Iterator
from contextlib import contextmanager

from campaign.core import outbound
from campaign.core.outbound import Line, Outside
from campaign.mail.carriers import gate_of
from campaign.mail.composers import Parcel
from campaign.mail.gate import Gate
from campaign.mail.models import Letter
from campaign.mail.office import Office
from campaign.mail.troubles import AddressRefused, LetterRefused, TryLater, Unreachable
from campaign.reminders.push import service

# RFC 8030, 7.3: the subscription is over.
_OVER = (404, 410)
_TOO_LARGE = 413


class Pusher:
    """One connection to one push service."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def send(self, address: str, content: Parcel) -> None:
        """A copy takes the place of the first one at the service, so every doubt is a reason to repeat."""
        try:
            reply = self._line.post(address, content.headers, content.body)
        except outbound.Unreachable as error:
            raise Unreachable(str(error)) from error
        except (outbound.NoReply, outbound.Refused) as error:
            raise TryLater(str(error)) from error
        if reply.status in _OVER:
            raise AddressRefused(f"{reply.status}: the browser has ended it")
        if reply.status == _TOO_LARGE:
            raise LetterRefused("413: too large for the push service")
        if not 200 <= reply.status < 300:
            raise TryLater(f"the push service answered {reply.status}")


class Push:
    """The carrier of the channel."""

    @contextmanager
    def connection(self, office: Office, _host: str) -> Iterator[Pusher]:
        with Line(outside(office)) as line:
            yield Pusher(line)

    def gate(self, _office: Office, host: str) -> Gate | None:
        return gate_of(f"push {host}")

    def refused(self, letter: Letter, _reason: str) -> None:
        service.gone(letter.recipient)


def outside(office: Office) -> Outside:
    """Only outside production may a push service run on this machine."""
    return Outside(allows_loopback=office.may_keep)


CARRIERS = {service.CHANNEL: Push()}
