"""Kills senders with SIGKILL in the middle of their work and counts what was lost, early or sent twice."""

import random
import time

from tests.fault import stage
from tests.fault.figures import Figures, read
from tests.fault.sink import Sink


def run(
    database_url: str, *, letters: int = 500, senders: int = 3, kills: int = 12, last: float = 6, limit: float = 150
) -> Figures:
    """Half of the letters are due at once, the others over the `last` seconds; senders die all the while."""
    with stage.stage(database_url), Sink() as sink:
        due = stage.promise(letters, last=last, lead=0.2)
        began = time.monotonic()
        amid = _fight(sink, database_url, letters=letters, senders=senders, kills=kills, limit=limit)
        return read(
            sink.journal,
            due,
            case=f"kill9 {database_url.partition(':')[0]}",
            kills=kills,
            kills_amid_work=amid,
            most_duplicates=kills,
            unmarked=stage.waiting(),
            seconds=round(time.monotonic() - began, 1),
        )


def _fight(sink: Sink, database_url: str, *, letters: int, senders: int, kills: int, limit: float) -> int:
    """Kill the oldest sender at random moments, start another; end when everything is marked.

    Answers how many kills hit while letters were still to be sent.
    """
    chance, amid = random.Random(1), 0
    with stage.senders(senders, database_url, sink.url) as alive:
        stage.until(lambda: bool(sink.journal))
        for _ in range(kills):
            time.sleep(chance.uniform(0.1, 0.6))
            amid += len({a.recipient for a in sink.journal}) < letters
            victim = alive.pop(0)
            victim.kill()
            victim.join()
            alive.append(stage.start_sender(database_url, sink.url))
        stage.until(lambda: stage.waiting() == 0, limit)
    return amid
