"""What the journal of the mail server says about a run, as one line of JSON and one row of a table."""

import json
import math
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.fault.sink import Arrival

if TYPE_CHECKING:
    from tests.fault.installation import Installation


@dataclass(frozen=True, kw_only=True)
class Count:
    """Letters, counted in the journal. `differing`: recipients whose copies bore different Message-IDs.

    `latest` is how many seconds after its hour the last first copy came.
    """

    letters: int
    lost: int
    early: int
    duplicates: int
    differing: int
    latest: float


def count(journal: Sequence[Arrival], due: Mapping[str, datetime]) -> Count:
    """Compare the journal with what was promised: recipient and due time. Letters to others are not counted."""
    copies: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in journal:
        if arrival.recipient in due:
            copies[arrival.recipient].append(arrival)
    return Count(
        letters=len(due),
        lost=sum(1 for to in due if to not in copies),
        early=sum(1 for to, found in copies.items() for a in found if a.at < due[to].timestamp()),
        duplicates=sum(len(found) - 1 for found in copies.values()),
        differing=sum(len({a.message_id for a in found}) > 1 for found in copies.values()),
        latest=round(
            max((min(a.at for a in found) - due[to].timestamp() for to, found in copies.items()), default=0), 1
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One case. `broken` names the promises that were not kept; `why_not` says why it could not run here."""

    case: str
    engine: str
    seconds: float = 0.0
    counted: Count | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)
    broken: Sequence[str] = ()
    why_not: str = ""

    @property
    def is_good(self) -> bool:
        return not self.broken

    def line(self) -> str:
        """One JSON object."""
        return json.dumps({**asdict(self), "counted": asdict(self.counted) if self.counted else None})


def broken(counted: Count, *, most_duplicates: int = 0, **promises: bool) -> list[str]:
    """The promises that hold for every case, and those of this one by their names."""
    kept = {
        "lost": counted.lost == 0,
        "early": counted.early == 0,
        "duplicates": counted.duplicates <= most_duplicates,
        "same_message_id": counted.differing == 0,
        **promises,
    }
    return [name for name, is_kept in kept.items() if not is_kept]


def judged(
    home: "Installation",
    case: str,
    began: float,
    due: Mapping[str, datetime],
    *,
    journal: Sequence[Arrival] | None = None,
    figures: Mapping[str, Any],
    most_duplicates: int = 0,
    most_late: float = math.inf,
    **promises: bool,
) -> Outcome:
    """The outcome of a case that is over; `journal` where not all letters to these readers are meant."""
    counted = count(home.sink.journal() if journal is None else journal, due)
    return Outcome(
        case=case,
        engine=home.engine,
        seconds=round(time.monotonic() - began, 1),
        counted=counted if due else None,
        figures=figures,
        broken=broken(
            counted,
            most_duplicates=most_duplicates,
            in_time=counted.latest <= most_late,
            all_ended=home.waiting() == 0,
            **promises,
        ),
    )


def table(outcomes: Iterable[Outcome]) -> str:
    """All of them for people, as Markdown."""
    head = "| case | engine | letters | lost | early | twice | seconds | what else | |"
    return "\n".join([head, "|---" * 9 + "|", *(_row(one) for one in outcomes)])


def _row(one: Outcome) -> str:
    if one.why_not:
        return f"| {one.case} | {one.engine} | | | | | | {one.why_not} | not run |"
    c = one.counted
    numbers = (c.letters, c.lost, c.early, c.duplicates) if c else ("", "", "", "")
    more = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in one.figures.items())
    verdict = f"**broken: {', '.join(one.broken)}**" if one.broken else "kept"
    return f"| {one.case} | {one.engine} | {' | '.join(map(str, numbers))} | {one.seconds:.0f} | {more} | {verdict} |"
