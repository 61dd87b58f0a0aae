"""A4 to A6: PostgreSQL is stopped, dies, or can only be read because another server is taking over."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.fault import visitors
from tests.fault.figures import Outcome, judged
from tests.fault.installation import Installation
from tests.fault.visitors import Visit


def stopped(home: Installation, *, letters: int, seconds: float, limit: float = 300) -> Outcome:
    """A4. Whoever asks meanwhile is told when to come again; then everything goes on by itself."""
    assert home.postgres is not None
    home.web()
    due = home.remind(letters, events=10, within=seconds)
    page = "/en/khojaly/events/"
    visitors.look(home, page)
    began = time.monotonic()
    known = home.sink.size
    home.worker(2)
    home.runner()
    home.beat()
    home.until(lambda: home.sink.size > known, 60)
    home.postgres.stop("fast")
    refused = visitors.submit(home, 12, over=seconds, name=f"stopped{letters}")
    kept = visitors.look(home, page)
    home.postgres.start()
    back = time.monotonic()
    home.until(lambda: visitors.submit(home, 1, over=0, name=f"again{time.monotonic_ns()}")[0].is_taken, 60)
    recovered = time.monotonic() - back
    home.until(home.is_done, limit)
    return judged(
        home,
        "pg-stop",
        began,
        due,
        figures={
            "away": f"{seconds:.0f} s",
            "503 within": f"{max(visit.seconds for visit in refused):.2f} s",
            "a kept page": kept.status,
            "web back after": f"{recovered:.1f} s",
        },
        told_to_come_again=all(visit.is_honest_refusal for visit in refused),
        within_two_seconds=max(visit.seconds for visit in refused) <= 2.0,
        page_stays=kept.status == 200,
        recovers=recovered <= 30,
    )


def killed(home: Installation, *, letters: int, submissions: int, seconds: float, limit: float = 300) -> Outcome:
    """A5. SIGKILL in the middle of submissions: what was said to be noted is there, whole."""
    assert home.postgres is not None
    home.web()
    due = home.remind(letters)
    began = time.monotonic()
    home.runner()
    visits = _meanwhile(home, submissions, seconds, f"killed{letters}", lambda: _die(home))
    home.until(home.is_done, limit)
    taken = [visit for visit in visits if visit.is_taken]
    others = [visit for visit in visits if not visit.is_taken]
    due |= {visit.email: visit.at for visit in taken}
    return judged(
        home,
        "pg-kill9",
        began,
        due,
        figures={"submissions": len(visits), "refused": len(others), "stored": visitors.stored(home, taken)},
        all_stored=visitors.stored(home, taken) == len(taken),
        others_refused=all(visit.is_honest_refusal for visit in others),
        amid_work=0 < len(others) < len(visits),
        no_halves=visitors.halves(home) == 0,
    )


def read_only(home: Installation, *, letters: int, submissions: int, seconds: float, limit: float = 300) -> Outcome:
    """A6. Reads are answered, writes are put off; letters that left are noted afterwards."""
    assert home.postgres is not None
    home.web()
    due = home.remind(letters, within=seconds)
    page = f"/en/khojaly/e/{home.ref}"
    began = time.monotonic()
    known = home.sink.size
    home.worker(1)
    home.runner()
    home.until(lambda: home.sink.size > known, 60, rings=True)
    home.postgres.let_only_read(True)
    visits = visitors.submit(home, submissions, over=seconds, name=f"readonly{letters}")
    seen = visitors.look(home, page)
    home.postgres.let_only_read(False)
    home.until(home.is_done, limit, rings=True)
    return judged(
        home,
        "pg-readonly",
        began,
        due,
        figures={"submissions": len(visits), "a page read anew": seen.status},
        reads=seen.status == 200,
        writes_put_off=all(visit.is_honest_refusal for visit in visits),
    )


def _meanwhile(
    home: Installation, submissions: int, seconds: float, name: str, trouble: Callable[[], None]
) -> list[Visit]:
    """People submit while this happens after a third of their time."""
    with ThreadPoolExecutor(1) as aside:
        visits = aside.submit(visitors.submit, home, submissions, over=seconds, name=name)
        time.sleep(seconds / 3)
        trouble()
        return visits.result()


def _die(home: Installation) -> None:
    assert home.postgres is not None
    home.postgres.kill()
    time.sleep(0.5)
    home.postgres.start()
