"""A9: machines whose clocks are wrong."""

import re
import time

from tests.fault.figures import Outcome, judged
from tests.fault.installation import Installation

WRONG = {"an hour fast": 3600.0, "an hour slow": -3600.0, "90 s fast": 90.0}


def wrong_clocks(home: Installation, *, letters: int, seconds: float, limit: float = 300) -> Outcome:
    """Three senders with wrong clocks and a right one, while letters become due: nothing early, and an alarm."""
    due = home.remind(letters, events=10, within=seconds)
    began = time.monotonic()
    said = len(home.log())
    for astray in WRONG.values():
        home.runner(astray=astray)
    noticed = home.until(lambda: _differences(home.log()[said:]) >= set(WRONG.values()), 60)
    sent_by_them = len({a.recipient for a in home.sink.journal()} & due.keys())
    alarms = home.ask("select name from alarms where name like 'clock of %'")
    home.runner()
    home.until(home.is_done, seconds + limit)
    return judged(
        home,
        "clocks",
        began,
        due,
        figures={"wrong clocks": len(WRONG), "alarms": len(alarms)},
        all_notice=noticed,
        they_send_nothing=sent_by_them == 0,
        alarm=len(alarms) == 1,
    )


def _differences(log: str) -> set[float]:
    """By how many seconds, to the next ten, senders say that their clocks are wrong."""
    return {round(float(found), -1) for found in re.findall(r'"seconds": (-?[\d.]+), "event": "the clocks', log)}
