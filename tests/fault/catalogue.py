"""Every case of the fault suite on one page: what it does at full size, and at the size that fits into `make test`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fault.cases import (
    beats,
    broker,
    changes,
    clocks,
    database,
    disk,
    kill9,
    mailserver,
    sleeper,
    throughput,
    zones,
)
from tests.fault.figures import Outcome
from tests.fault.installation import Installation

BOTH, POSTGRESQL, SQLITE = ("postgresql", "sqlite"), ("postgresql",), ("sqlite",)


@dataclass(frozen=True, kw_only=True)
class Case:
    """`about` holds at every size; `small` and `full` are the sizes. Without a `small` it runs at full size only."""

    play: Callable[..., Outcome]
    small: Mapping[str, Any]
    full: Mapping[str, Any]
    about: Mapping[str, Any] = field(default_factory=dict)
    engines: tuple[str, ...] = BOTH
    small_engines: tuple[str, ...] = BOTH

    def engines_at(self, size: str) -> list[str]:
        """Where it is played at this size; some take long to begin and say the same on both engines when small."""
        if size == "small":
            return [engine for engine in self.engines if self.small and engine in self.small_engines]
        return list(self.engines)

    def run(self, home: Installation, size: str, other: Mapping[str, float] | None = None) -> Outcome:
        """Play it, and leave the installation as it was. `other` numbers take the place of those of this size."""
        numbers = self.small if size == "small" else self.full
        try:
            return self.play(home, **self.about, **numbers | {k: v for k, v in (other or {}).items() if k in numbers})
        finally:
            home.kill(*list(home.alive))
            home.sink.be("usual")


_BROKER = {"letters": 20_000, "seconds": 600, "submissions": 500}
_BROKER_SMALL = {"letters": 40, "seconds": 2.0, "submissions": 12}

CASES: dict[str, Case] = {
    "A1-kill9": Case(
        play=kill9.kill9, small={"letters": 400, "kills": 2}, full={"letters": 100_000, "kills": 20, "limit": 1200}
    ),
    "A2-kill9-hook": Case(
        play=kill9.kill9,
        about={"elsewhere": True, "hook": True},
        small={"letters": 300, "kills": 1},
        full={"letters": 100_000, "kills": 20, "limit": 1200},
    ),
    "A3-redis-flushall": Case(
        play=broker.broker,
        about={"trouble": "flushall"},
        small=_BROKER_SMALL,
        full=_BROKER | {"seconds": 60},
        engines=POSTGRESQL,
    ),
    "A3-redis-stop": Case(
        play=broker.broker, about={"trouble": "stop"}, small=_BROKER_SMALL, full=_BROKER, engines=POSTGRESQL
    ),
    "A3-redis-freeze": Case(
        play=broker.broker, about={"trouble": "freeze"}, small=_BROKER_SMALL, full=_BROKER, engines=POSTGRESQL
    ),
    "A4-pg-stop": Case(
        play=database.stopped,
        small={"letters": 40, "seconds": 2.0},
        full={"letters": 20_000, "seconds": 60},
        engines=POSTGRESQL,
    ),
    "A5-pg-kill9": Case(
        play=database.killed,
        small={"letters": 40, "submissions": 30, "seconds": 3.0},
        full={"letters": 5_000, "submissions": 200, "seconds": 10},
        engines=POSTGRESQL,
    ),
    "A6-pg-readonly": Case(
        play=database.read_only,
        small={"letters": 40, "submissions": 6, "seconds": 1.5},
        full={"letters": 5_000, "submissions": 100, "seconds": 20},
        engines=POSTGRESQL,
    ),
    "A7-two-beats": Case(
        play=beats.two_beats, small={"letters": 60, "seconds": 2.0}, full={"letters": 20_000, "seconds": 60}
    ),
    "A7-no-beat": Case(
        play=beats.no_beat, small={"letters": 40, "seconds": 1.0}, full={"letters": 20_000, "seconds": 120}
    ),
    "A8-smtp-421": Case(
        play=mailserver.busy, small={"letters": 30, "seconds": 1.0}, full={"letters": 5_000, "seconds": 60}
    ),
    "A8-smtp-hang": Case(
        play=mailserver.in_doubt,
        about={"mood": "hang"},
        small={"letters": 30, "every": 20, "times": 1},
        full={"letters": 2_000, "every": 500, "times": 3},
    ),
    "A8-smtp-drop": Case(
        play=mailserver.in_doubt,
        about={"mood": "drop"},
        small={"letters": 30, "every": 20, "times": 1},
        full={"letters": 5_000, "every": 40, "times": 100},
    ),
    "A8-smtp-550": Case(play=mailserver.refuses, small={"letters": 60}, full={"letters": 20_000}),
    "A9-clocks": Case(
        play=clocks.wrong_clocks, small={"letters": 30, "seconds": 3.0}, full={"letters": 2_000, "seconds": 60}
    ),
    "A10-sleeper": Case(play=sleeper.sleeper, small={"letters": 300}, full={"letters": 5_000}),
    "A11-disk-full": Case(
        play=disk.full,
        small={"letters": 10, "submissions": 20},
        full={"letters": 200, "submissions": 200},
        engines=SQLITE,
    ),
    "A12-reschedule": Case(
        play=changes.rescheduled, small={"number": 3, "letters": 45}, full={"number": 1_000, "letters": 10_000}
    ),
    "A13-cancel": Case(
        play=changes.cancelled, small={"number": 3, "letters": 45}, full={"number": 200, "letters": 10_000}
    ),
    "A13-unsubscribe": Case(
        play=changes.unsubscribed, small={"number": 3, "letters": 45}, full={"number": 100, "letters": 5_000}
    ),
    "A14-time-zones": Case(
        play=zones.new_rules,
        small={"events": 2, "readers": 5},
        full={"events": 50, "readers": 200},
        small_engines=SQLITE,
    ),
    "throughput": Case(play=throughput.throughput, small={}, full={"letters": 100_000}),
}
