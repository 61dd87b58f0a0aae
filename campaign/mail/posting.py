"""What carriers over the web share: one POST to a checked public address, and its troubles as those of the engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from campaign.core import outbound
from campaign.core.outbound import Line, Outside, Reply
from campaign.mail.composers import Parcel
from campaign.mail.office import Office
from campaign.mail.troubles import TryLater, Unreachable


class Judge(Protocol):
    """Says what an answer means: returns for a yes, raises one of `mail.troubles` for anything else."""

    def __call__(self, reply: Reply, /) -> None: ...


class Courier:
    """One connection to one site; a request may come twice there, so every doubt is a reason to repeat."""

    def __init__(self, line: Line, judge: Judge) -> None:
        self._line = line
        self._judge = judge

    def send(self, address: str, content: Parcel, _following: str = "") -> None:
        try:
            reply = self._line.post(address, content.headers, content.body)
        except outbound.Unreachable as error:
            raise Unreachable(str(error)) from error
        except (outbound.NoReply, outbound.Refused) as error:
            raise TryLater(str(error)) from error
        self._judge(reply)


@contextmanager
def courier(office: Office, judge: Judge) -> Iterator[Courier]:
    """Opened for many requests to one site."""
    with Line(outside(office)) as line:
        yield Courier(line, judge)


def outside(office: Office) -> Outside:
    """Only outside production may the other side run on this machine."""
    return Outside(allows_loopback=office.may_keep)
