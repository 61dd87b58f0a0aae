"""A1 and A2: the whole group of senders is killed with SIGKILL, again and again, in the middle of its work."""

import random
import shutil
import time
from datetime import timedelta
from multiprocessing.process import BaseProcess

from tests.fault.figures import Outcome, judged
from tests.fault.installation import Installation
from tests.fault.sink_process import LINE

# Three children of a worker and one `reminders run`: two of the three ways to send, together.
SENDERS = 4
# Seconds without a letter after which only the dead have some.
QUIET = 1.5
BEYOND_THE_LEASE = timedelta(minutes=3)


def kill9(
    home: Installation,
    *,
    letters: int,
    kills: int,
    elsewhere: bool = False,
    hook: bool = False,
    limit: float = 300,
) -> Outcome:
    """`elsewhere`: who takes over is another machine, so the receipts of the dead are not there. `hook`: MAIL_LOG."""
    home.env["MAIL_LOG"] = str(home.sink.log) if hook else ""
    due = home.remind(letters, events=5)
    if home.is_brisk:
        home.sink.be("delay", 20)  # So that few letters take long enough for somebody to be killed over them.
    began = time.monotonic()
    amid = _fight(home, letters=letters, kills=kills, elsewhere=elsewhere, ends=began + limit)
    _finish(home, began + limit)
    figures = {"kills": kills, "amid work": amid, "senders": SENDERS, "uncertain": home.statuses().get("uncertain", 0)}
    return judged(
        home,
        "kill9" + ("-elsewhere" if elsewhere else "") + ("-hook" if hook else ""),
        began,
        due,
        figures=figures,
        most_duplicates=0 if hook else min(20, kills * SENDERS),
        amid_work=amid * 4 >= kills * 3 or home.is_brisk,
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
        if home.is_brisk:
            home.advance(BEYOND_THE_LEASE)  # The dead may have claimed all there was.
        alive = _senders(home)
    return amid


def _senders(home: Installation) -> list[BaseProcess]:
    return [home.worker(SENDERS - 1), home.runner()]


def _arrived(home: Installation) -> int:
    """About how many letters have arrived; lines of a journal are much alike."""
    return home.sink.size // LINE


def _finish(home: Installation, ends: float) -> None:
    """What was claimed by the living is sent; what the dead had comes back when their leases end."""
    seen = {"size": -1.0, "at": 0.0}

    def is_quiet() -> bool:
        if home.sink.size != seen["size"]:
            seen.update(size=home.sink.size, at=time.monotonic())
        return time.monotonic() - seen["at"] > QUIET

    if home.is_brisk:
        home.until(lambda: is_quiet() or home.is_done(), ends - time.monotonic(), rings=True)
        home.advance(BEYOND_THE_LEASE)
    home.until(home.is_done, ends - time.monotonic(), rings=True)
