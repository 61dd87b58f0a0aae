"""A8: the mail server is busy, says nothing after a letter, ends the connection, or refuses readers."""

import time
from datetime import timedelta

from tests.fault.figures import Outcome, judged
from tests.fault.installation import Installation
from tests.fault.sink_process import is_refused

PERCENT = 5
# Longer than any rest of a server and any wait of a letter after its first failure.
A_WHILE = timedelta(minutes=7)
# Seconds, longer than a brisk sender waits for an answer.
BRISK = 3.0


def busy(home: Installation, *, letters: int, seconds: float, limit: float = 300) -> Outcome:
    """421 to everything; the server is tried with one letter at a time until it is well."""
    due = home.remind(letters)
    began = time.monotonic()
    home.sink.be("busy")
    _senders(home)
    time.sleep(seconds)
    attempts = home.ask("select count(*) from letters where attempts > 0 and status in ('pending', 'sending')")
    home.sink.be("usual")
    _wait(home, limit)
    figures = {"busy": f"{seconds:.0f} s"}
    return judged(home, "smtp-421", began, due, figures=figures, costs_no_attempt=attempts[0][0] == 0)


def in_doubt(home: Installation, *, mood: str, every: int, times: int, letters: int, limit: float = 900) -> Outcome:
    """`hang` or `drop`: so often one of `every` letters is taken without a word, and sent once more, the same."""
    due = home.remind(letters)
    began = time.monotonic()
    home.sink.be(mood, every, times)
    _senders(home)
    _wait(home, limit)
    name = {"hang": "smtp-hang-before-250", "drop": "smtp-drop-after-dot"}[mood]
    figures = {"unheard": times, "uncertain": home.statuses().get("uncertain", 0)}
    return judged(home, name, began, due, figures=figures, most_duplicates=times)


def refuses(home: Installation, *, letters: int, limit: float = 300) -> Outcome:
    """550 to 5 % of the readers: the address is suppressed and never tried again, though another reminder is due."""
    due = home.remind(letters)
    gone = {to for to in due if is_refused(to, PERCENT)}
    began = time.monotonic()
    home.sink.be("refuse", PERCENT)
    _senders(home)
    home.until(home.is_done, limit)
    first = home.sink.refused(gone)
    second = home.remind(0, to=sorted(gone))
    home.until(home.is_done, limit)
    home.sink.be("usual")
    on_list = {row[0] for row in home.ask("select email from suppressions")}
    return judged(
        home,
        "smtp-550",
        began,
        {to: at for to, at in due.items() if to not in gone},
        figures={"refused": len(gone), "tries": home.sink.refused(gone), "reminders after that": len(second)},
        all_tried_once=first == len(gone) == home.sink.refused(gone),
        all_suppressed=gone <= on_list,
    )


def _senders(home: Installation) -> None:
    home.runner()
    home.runner()


def _wait(home: Installation, limit: float) -> None:
    """Until all is sent; a brisk installation moves its clock over the rests."""
    ends = time.monotonic() + limit
    while home.is_brisk and not home.until(home.is_done, BRISK) and time.monotonic() < ends:
        home.advance(A_WHILE)
    home.until(home.is_done, ends - time.monotonic())
