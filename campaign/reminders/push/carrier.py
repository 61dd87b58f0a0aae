"""How notifications travel: one POST to the push service of the reader's browser, and what each answer means."""

from contextlib import AbstractContextManager

from campaign.core.outbound import Reply
from campaign.mail.carriers import USUAL, gate_of
from campaign.mail.gate import Gate
from campaign.mail.models import Letter
from campaign.mail.office import Office
from campaign.mail.posting import Courier, courier
from campaign.mail.troubles import AddressRefused, LetterRefused, TryLater
from campaign.reminders.push import service

# RFC 8030, 7.3: the subscription is over.
_OVER = (404, 410)
_TOO_LARGE = 413


def judge(reply: Reply) -> None:
    """Any 2xx is a yes. A copy takes the place of the first one at the service."""
    if reply.status in _OVER:
        raise AddressRefused(f"{reply.status}: the browser has ended it")
    if reply.status == _TOO_LARGE:
        raise LetterRefused("413: too large for the push service")
    if not 200 <= reply.status < 300:
        raise TryLater(f"the push service answered {reply.status}")


class Push:
    """The carrier of the channel."""

    tries = USUAL

    def connection(self, office: Office, _host: str) -> AbstractContextManager[Courier]:
        return courier(office, judge)

    def gate(self, _office: Office, host: str) -> Gate | None:
        return gate_of(f"push {host}")

    def refused(self, letter: Letter, _reason: str) -> None:
        service.gone(letter.recipient)


CARRIERS = {service.CHANNEL: Push()}
