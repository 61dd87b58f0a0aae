"""A12 and A13: events move, are cancelled, and readers leave, while their reminders are on the way."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from campaign.core.db import db, transaction
from campaign.events import queries as events
from campaign.events import service as listing
from campaign.events.models import Event, Revision
from campaign.reminders import queries, service
from tests.fault.figures import Outcome, judged
from tests.fault.installation import Installation
from tests.fault.sink import Arrival

SENDERS = 2
# Letters that keep the senders at work for long enough with a server that is less slow.
MANY = 1000


def rescheduled(home: Installation, *, number: int, letters: int, limit: float = 300) -> Outcome:
    """A12. Every event moves by three hours: its old reminder stops, and each follower is told of the change once."""
    return _amid(home, "reschedule", number, letters, limit, _move, tells=True)


def cancelled(home: Installation, *, number: int, letters: int, limit: float = 300) -> Outcome:
    """A13. Every event is cancelled: its reminder stops, and each follower is told once."""
    return _amid(home, "cancel", number, letters, limit, _cancel, tells=True)


def unsubscribed(home: Installation, *, number: int, letters: int, limit: float = 300) -> Outcome:
    """A13. Followers stop their reminders while these leave."""
    return _amid(home, "unsubscribe", number, letters, limit, _leave, tells=False)


def _move(event: Event) -> None:
    starts = event.details.starts
    assert starts is not None
    moved = event.details.with_changes(starts=starts + timedelta(hours=3))
    revision = Revision(event_id=event.id, base_sequence=event.sequence, stored_details=moved.to_json())
    db.session.add(revision)
    db.session.flush()
    listing.apply_revision(event, revision, by=None)  # type: ignore[arg-type]


def _cancel(event: Event) -> None:
    listing.cancel(event, by=None, reason="The hall is closed.")


def _leave(event: Event) -> None:
    for batch in queries.followers(event.id):
        for subscription in batch:
            service.stop(subscription.reader, [subscription])


def _amid(
    home: Installation,
    name: str,
    number: int,
    letters: int,
    limit: float,
    change: Callable[[Event], None],
    *,
    tells: bool,
) -> Outcome:
    due = home.remind(letters, events=number)
    # A slow mail server, with which a hand is one letter and there is still work when the change comes.
    home.sink.be("delay", 100 if letters < MANY else 30)
    began, known = time.monotonic(), len(home.sink.journal())
    for _ in range(SENDERS):
        home.runner()
    home.until(lambda: len(home.sink.journal()) >= known + letters / 4, 120)
    committed = _change_all(home, change)
    home.sink.be("usual")
    home.until(home.is_done, limit)
    kinds = dict(home.ask("select message_id, kind from letters"))
    mine = [a for a in home.sink.journal() if a.recipient in due]
    reminders = [a for a in mine if kinds[a.message_id] == "reminder"]
    notices = Counter(a.recipient for a in mine if kinds[a.message_id] == "reminder_change")
    late = {event_id: _after(reminders, home.readers[event_id], at) for event_id, at in committed.items()}
    reminded = {a.recipient for a in reminders}
    return judged(
        home,
        name,
        began,
        {to: at for to, at in due.items() if to in reminded},
        journal=reminders,
        figures={"events": number, "readers": letters, "notices": notices.total(), "after": sum(late.values())},
        amid_work=len(reminded) < letters,
        # Each sender may have one letter on the way at the moment of a commit.
        stops=max(late.values()) <= SENDERS,
        told_once=not tells or all(notices[to] == 1 for to in due),
    )


def _change_all(home: Installation, change: Callable[[Event], None]) -> dict[int, float]:
    """Each in a transaction of its own; answers when it was committed."""
    committed = {}
    with home.app.app_context():
        for event_id in home.readers:
            with transaction():
                event = events.find(event_id)
                assert event is not None
                change(event)
            committed[event_id] = time.time()
        db.session.remove()
    return committed


def _after(reminders: Sequence[Arrival], readers: Sequence[str], at: float) -> int:
    mine = set(readers)
    return sum(1 for a in reminders if a.at > at and a.recipient in mine)
