"""One message as it is shown: made by the code that writes the real one, from what a stage offers."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import LazyString

from campaign.core import languages
from campaign.mail.composers import Message
from campaign.operations.messages.stage import Stage


@dataclass(frozen=True, slots=True)
class Sample:
    """Its short name in addresses, its kind, when it leaves in words, and how it is made."""

    name: str
    kind: str
    when: LazyString
    make: Callable[[Stage], Message]

    def message(self, stage: Stage) -> Message:
        with languages.speaking(stage.language):
            return self.make(stage)
