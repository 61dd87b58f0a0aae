"""Readers whom the mail server refused, held back until it shows whom that speaks against: them, or itself.

A server that was set up wrongly refuses everybody, often in the words it has for somebody who does not exist. So a
refusal counts once another letter was taken; where only refusals come, the server rests, and no address suffers.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from campaign.mail import gate
from campaign.mail.models import Letter
from campaign.mail.troubles import Trouble, Unreachable

# So many different readers in a row are no accident: at the beginning of a run, and where letters were taken before.
AT_FIRST, LATER = 5, gate.SUSPECT_TRIES
# After all that was due before, so that each trial of the server is made with other letters.
WAIT = timedelta(minutes=3)


@dataclass(slots=True)
class Refusals:
    """Those of one batch, each with what was said. `is_suspect`: the server refused everybody the last time."""

    is_suspect: bool = False
    held: list[tuple[Letter, Trouble]] = field(default_factory=list)

    def about(self, recipient: str) -> Trouble | None:
        """What was said of this reader a moment ago."""
        return next((said for letter, said in self.held if letter.recipient == recipient), None)

    def add(self, letter: Letter, said: Trouble, *, has_sent: bool) -> None:
        """Hold it back. Raises Unreachable instead when nobody seems to be taken any more."""
        readers = {letter.recipient, *(other.recipient for other, _said in self.held)}
        if len(readers) >= (LATER if has_sent or self.is_suspect else AT_FIRST):
            raise Unreachable(f"{gate.REFUSES_ALL}: {said}")
        self.held.append((letter, said))

    def verdict(self) -> str:
        """At the end of a batch: what is still wrong with a suspect server, empty if nothing is."""
        return f"{gate.REFUSES_ALL}: {self.held[-1][1]}" if self.held and self.is_suspect else ""

    def take(self) -> list[tuple[Letter, Trouble]]:
        """Hand out what was held back, to be judged; the server is no suspect any more."""
        held, self.held, self.is_suspect = self.held, [], False
        return held
