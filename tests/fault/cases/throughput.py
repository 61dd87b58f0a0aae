"""How fast letters leave, beside plain smtplib sending finished bytes to the same server in the same minutes."""

import time
from multiprocessing.process import BaseProcess

import psutil

from campaign.core.db import db
from campaign.mail import queries
from campaign.mail.office import Office
from campaign.mail.writing import Desk, Ready
from tests.fault import roles
from tests.fault.figures import Outcome, broken, count
from tests.fault.installation import Installation
from tests.fault.sink import Arrival
from tests.fault.sink_process import LINE

AIM = 0.6


def throughput(home: Installation, *, letters: int, senders: int = 4, limit: float = 600) -> Outcome:
    """Raw before and after, because the machine is shared; ours in between. Rates are those of the middle 80 %."""
    began = time.monotonic()
    due = home.remind(letters, events=5)
    finished = _finished(home)
    before = _raw(home, finished, letters, senders)
    arrived, memory, spent = _ours(home, letters, senders, limit)
    after = _raw(home, finished, letters, senders)
    ours, raw = _rate(arrived), (before + after) / 2
    counted = count(arrived, due)
    return Outcome(
        case="throughput",
        engine=home.engine,
        seconds=round(time.monotonic() - began, 1),
        counted=counted,
        figures={
            "a_second": round(ours),
            "raw": f"{before:.0f} and {after:.0f}",
            "ratio": round(ours / raw, 2),
            "senders": senders,
            "bytes": len(finished),
            "processor": ", ".join(f"{name} {micro} µs" for name, micro in spent.items()),
            "memory": f"{memory[0]:.0f} to {memory[1]:.0f} MB",
        },
        broken=broken(
            counted,
            fast_enough=ours >= AIM * raw or home.engine == "sqlite",
            memory_is_flat=memory[1] <= memory[0] * 1.1,
        ),
    )


def _finished(home: Installation) -> bytes:
    """One of the letters, as it will travel."""
    with home.app.app_context():
        ((_letter, ready),) = Desk(Office.of(home.app.extensions["settings"])).write(queries.waiting(limit=1))
        assert isinstance(ready, Ready)
        data = ready.data()
        db.session.remove()
    return data


def _ours(
    home: Installation, letters: int, senders: int, limit: float
) -> tuple[list[Arrival], tuple[float, float], dict[str, int]]:
    """Arrivals, megabytes of a sender after a tenth and at the end, microseconds of processor for a letter."""
    known, size = len(home.sink.journal()), home.sink.size
    alive = [home.runner() for _ in range(senders)]
    home.until(lambda: home.sink.size > size + letters * LINE / 10, limit)
    early = _megabytes(alive)
    watched = _watched(home, alive)
    start, at = _spent(watched), len(home.sink.journal())
    home.until(lambda: home.sink.size > size + letters * LINE * 0.9, limit)
    late, end, until = _megabytes(alive), _spent(watched), len(home.sink.journal())
    home.until(home.is_done, limit)
    home.kill(*alive)
    each = {name: round((end[name] - start[name]) / max(until - at, 1) * 1e6) for name in watched}
    return list(home.sink.journal()[known:]), (early, late), each


def _watched(home: Installation, alive: list[BaseProcess]) -> dict[str, list[psutil.Process]]:
    servers = {"sink": [psutil.Process(home.sink.pid)], "senders": [psutil.Process(one.pid or 0) for one in alive]}
    return {**servers, **({"database": home.postgres.processes()} if home.postgres else {})}


def _spent(watched: dict[str, list[psutil.Process]]) -> dict[str, float]:
    return {
        name: sum(one.cpu_times().user + one.cpu_times().system for one in processes)
        for name, processes in watched.items()
    }


def _megabytes(alive: list[BaseProcess]) -> float:
    return max(psutil.Process(one.pid or 0).memory_info().rss for one in alive) / 1e6


def _raw(home: Installation, finished: bytes, letters: int, senders: int) -> float:
    known, path = len(home.sink.journal()), home.folder / "finished"
    path.write_bytes(finished)
    alive = [home.start(roles.raw, home.sink.port, str(path), letters // senders) for _ in range(senders)]
    for one in alive:
        one.join()
        home.alive.remove(one)
    return _rate(list(home.sink.journal()[known:]))


def _rate(arrived: list[Arrival]) -> float:
    at = sorted(one.at for one in arrived)
    tenth = len(at) // 10
    return (len(at) - 2 * tenth) / (at[-tenth - 1] - at[tenth])
