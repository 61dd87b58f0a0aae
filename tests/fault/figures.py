"""What the journal of the mail server says about a run."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.fault.sink import Arrival


@dataclass(frozen=True)
class Figures:
    """`differing`: recipients whose copies bore different Message-IDs; `unmarked`: rows that still wait at the end."""

    case: str
    letters: int
    kills: int
    kills_amid_work: int
    most_duplicates: int
    lost: int
    early: int
    duplicates: int
    differing: int
    unmarked: int
    seconds: float
    letters_per_second: float

    @property
    def is_good(self) -> bool:
        broken = self.lost or self.early or self.differing or self.unmarked
        return not broken and self.duplicates <= self.most_duplicates


def read(journal: Sequence[Arrival], due: Mapping[str, datetime], **about: object) -> Figures:
    """Compare the journal with what was promised: recipient and due time."""
    copies: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in journal:
        copies[arrival.recipient].append(arrival)
    span = max((a.at for a in journal), default=0.0) - min((a.at for a in journal), default=0.0)
    return Figures(
        letters=len(due),
        lost=sum(1 for to in due if to not in copies),
        early=sum(1 for a in journal if a.at < due[a.recipient].timestamp()),
        duplicates=sum(len(found) - 1 for found in copies.values()),
        differing=sum(len({a.message_id for a in found}) > 1 for found in copies.values()),
        letters_per_second=round(len(journal) / span, 1) if span else 0.0,
        **about,  # type: ignore[arg-type]
    )
