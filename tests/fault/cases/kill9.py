"""A1 and A2: the whole group of senders is killed with SIGKILL, again and again, in the middle of its work."""

import random
import shutil
import time
from datetime import timedelta

from tests.fault.figures import Outcome, broken, count
from tests.fault.installation import Installation, Process

# Three children of a worker and one `reminders run`: two of the three ways to send, together.
SENDERS = 4
# Seconds without a letter after which only the dead have some; bytes of a line of the journal.
QUIET, LINE = 6.0, 105
BEYOND_THE_LEASE = timedelta(minutes=3)


def kill9(
    home: Installation,
    *,
    letters: int,
    kills: int,
    elsewhere: bool = False,
    hook: bool = False,
    in_a_hurry: bool = False,
    limit: float = 300,
) -> Outcome:
    """`elsewhere`: who takes over is another machine, so the receipts of the dead are not there. `hook`: MAIL_LOG.

    `in_a_hurry`: the clock of the installation moves on, so that leases end now and not in two minutes.
    """
    if hook:
        home.env["MAIL_LOG"] = str(home.sink.log)
    due = home.remind(letters, events=5)
    began = time.monotonic()
    amid = _fight(home, letters=letters, kills=kills, elsewhere=elsewhere, ends=began + limit)
    _finish(home, began + limit, in_a_hurry=in_a_hurry)
    counted, waiting = count(home.sink.journal(), due), home.waiting()
    statuses = home.statuses()
    most = 0 if hook else kills * SENDERS if elsewhere else min(20, kills * SENDERS)
    return Outcome(
        case="kill9" + ("-elsewhere" if elsewhere else "") + ("-hook" if hook else ""),
        engine=home.engine,
        seconds=round(time.monotonic() - began, 1),
        counted=counted,
        figures={"kills": kills, "amid_work": amid, "senders": SENDERS, "uncertain": statuses.get("uncertain", 0)},
        broken=broken(counted, most_duplicates=most, all_marked=waiting == 0, amid_work=amid * 4 >= kills * 3),
    )


def _fight(home: Installation, *, letters: int, kills: int, elsewhere: bool, ends: float) -> int:
    """Answers how many kills hit while letters were arriving; those who send in the end are alive."""
    chance, amid = random.Random(9), 0
    share = max(2, letters // (kills + 1))
    alive = _senders(home)
    for _ in range(kills):
        enough = _arrived(home) + chance.randint(1, share)
        home.until(lambda n=enough: _arrived(home) >= n, ends - time.monotonic(), rings=True)  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.05))
        size = home.sink.size
        time.sleep(0.05)
        amid += home.sink.size > size
        home.kill(*alive)
        if elsewhere:
            shutil.rmtree(home.folder / "receipts", ignore_errors=True)
        alive = _senders(home)
    return amid


def _senders(home: Installation) -> list[Process]:
    return [home.worker(SENDERS - 1), home.runner()]


def _arrived(home: Installation) -> int:
    """About how many letters have arrived; lines of a journal are much alike."""
    return home.sink.size // LINE


def _finish(home: Installation, ends: float, *, in_a_hurry: bool) -> None:
    """What was claimed by the living is sent; what the dead had comes back when their leases end."""
    seen = {"size": -1.0, "at": 0.0}

    def is_quiet() -> bool:
        if home.sink.size != seen["size"]:
            seen.update(size=home.sink.size, at=time.monotonic())
        return time.monotonic() - seen["at"] > QUIET

    if in_a_hurry:
        home.until(lambda: is_quiet() or home.waiting() == 0, ends - time.monotonic(), rings=True)
        home.advance(BEYOND_THE_LEASE)
    home.until(lambda: home.waiting() == 0, ends - time.monotonic(), rings=True)
    home.kill(*list(home.alive))
