"""The moment of remembrance that a campaign keeps: at the same local hour in each place, or at one instant. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from campaign.places import moments

_AT = re.compile(r"(\d{1,2})[:.](\d{2})(Z?)", re.ASCII)


class Mode(StrEnum):
    """`local`: when the clocks of a place show the hour; `instant`: everywhere at once."""

    LOCAL = "local"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """`at` is wall time where the mode is local, UTC where it is one instant; `label` maps languages to its name."""

    mode: Mode
    at: time
    label: Mapping[str, str]

    def kept_at(self, day: date, zone: str) -> datetime:
        """The UTC instant at which it is kept in a zone on a day of remembrance."""
        moment = datetime.combine(day, self.at)
        return moment.replace(tzinfo=UTC) if self.mode is Mode.INSTANT else moments.instant(moment, zone)


def read(raw: Any) -> Silence | None:
    """The `silence` of a configuration file; None where none is kept. Raises ValueError with a sentence.

    YAML makes `False` of an unquoted `off`, and of an unquoted `17:00` the number of its minutes.
    """
    if raw in (None, False, "off") or (isinstance(raw, dict) and raw.get("mode") in (False, "off")):
        return None
    if not isinstance(raw, dict) or raw.get("mode") not in set(Mode):
        raise ValueError("the mode must be local, instant or off.")
    mode, at, label = Mode(raw["mode"]), raw.get("at"), raw.get("label") or {}
    text = f"{at // 60}:{at % 60:02}" if isinstance(at, int) else str(at)
    found = _AT.fullmatch(text)
    is_hour = found is not None and int(found[1]) < 24 and int(found[2]) < 60
    if found is None or not is_hour or bool(found[3]) is not (mode is Mode.INSTANT):
        raise ValueError('`at` must be like "17:00" for a local hour and like "13:00Z" for one instant.')
    words = label if isinstance(label, dict) else {"en": str(label)}
    return Silence(mode=mode, at=time(int(found[1]), int(found[2])), label=words)
