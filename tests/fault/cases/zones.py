"""A14: the hours of the world, and a government that changes its clocks."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import tzdata

from campaign.core import clock
from campaign.core.db import db
from campaign.places import moments
from tests.fault import seed
from tests.fault.figures import Outcome, judged
from tests.fault.installation import ROOT, Installation
from tests.reminders.test_hours_of_the_world import ROWS

# Both keep one hour all year; after "2099z" the first one's clocks show what the second one's show, an hour more.
CHANGED, LIKE, LATER = "Asia/Baku", "Asia/Tashkent", timedelta(hours=1)
_SAYS = re.compile(r"events read \d+, changed (\d+); letters changed (\d+)")


def new_rules(home: Installation, *, events: int, readers: int) -> Outcome:
    """`events retime` with another release of the rules, by the command that an operator gives."""
    began = time.monotonic()
    exact = sum(_is_exact(*row[:4]) for row in ROWS)
    addresses = _promise(home, events, readers)
    before = _hours(home, addresses)
    path = _changed_rules(home.folder)
    first, second = _retime(home, path), _retime(home, path)
    after = _hours(home, addresses)
    back = _retime(home, "") if not home.is_brisk else first
    moved = sum(len(hours) for hours in before.values())
    return judged(
        home,
        "time-zones",
        began,
        {},
        figures={"hours of the world": f"{exact} of {len(ROWS)}", "letters moved": moved, "second retime": sum(second)},
        all_exact=exact == len(ROWS),
        all_moved=all(after[to] == [at - LATER for at in hours] for to, hours in before.items()),
        events_moved=first[0] == events,
        nothing_left=second == (0, 0),
        and_back=home.is_brisk or (back[0] == events and _hours(home, addresses) == before),
    )


def _is_exact(zone: str, wall: str, code: str, expected: str) -> bool:
    return moments.before(datetime.fromisoformat(wall), zone, code) == datetime.fromisoformat(expected).replace(
        tzinfo=UTC
    )


def _promise(home: Installation, events: int, readers: int) -> list[str]:
    addresses = [f"zones{n}@example.org" for n in range(readers)]
    with home.app.app_context():
        for number in range(events):
            at = clock.now() + timedelta(days=30 + 9 * number)
            event_id, _ref = seed.publish(f"Evening in another zone, {number}", at, zone=CHANGED)
            seed.follow(event_id, addresses)
        db.session.remove()
    return addresses


def _hours(home: Installation, addresses: Sequence[str]) -> dict[str, list[datetime]]:
    """When each of these readers is written to."""
    rows = home.ask("select recipient, due_at from letters where kind = 'reminder' and status = 'pending'")
    hours: dict[str, list[datetime]] = defaultdict(list)
    for to, at in rows:
        if to in addresses:
            found = datetime.fromisoformat(str(at))
            hours[to].append(found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found)
    return {to: sorted(found) for to, found in hours.items()}


def _changed_rules(folder: Path) -> str:
    """A copy of the package with the rules, a release on; answers the folder it is in."""
    target, source = folder / "rules", Path(str(tzdata.__file__)).parent
    shutil.copytree(source, target / "tzdata")
    rules = target / "tzdata" / "zoneinfo"
    shutil.copy(rules / LIKE, rules / CHANGED)
    listed = (rules / "tzdata.zi").read_text(encoding="utf-8")
    (rules / "tzdata.zi").write_text("# version 2099z\n" + listed.partition("\n")[2], encoding="utf-8")
    return str(target)


def _retime(home: Installation, path: str) -> tuple[int, int]:
    """How many events and letters had to change."""
    env = {**home.env, "PYTHONPATH": os.pathsep.join(filter(None, [path, str(ROOT)]))}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "events", "retime"]
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=600, check=True)
    found = _SAYS.search(ran.stdout)
    assert found is not None, ran.stdout
    return int(found[1]), int(found[2])
