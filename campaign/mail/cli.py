"""Commands: send without a broker, see what waits, mend what failed. Each answers one JSON object a line."""

import json
import signal
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import click
import structlog
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from campaign.core import bell, clock
from campaign.core.db import db, transaction
from campaign.core.faults import NotFound
from campaign.mail import engine, queries, service
from campaign.mail.bounces.cli import bounces
from campaign.mail.composers import Drop
from campaign.mail.models import Letter, Status
from campaign.mail.office import Office
from campaign.mail.showing import written
from campaign.mail.tally import Tally

log = structlog.get_logger(__name__)


Before = Callable[[datetime, str, str], datetime]
# Does the periodic jobs that are due, unless it is told to stop; answers which ones.
Jobs = Callable[[Callable[[], bool]], Collection[str]]
# Seconds between two looks at the jobs, and what one may take to its end when it is time to stop.
LOOK, GRACE = 30.0, 10.0


def reminders_group(before: Before, jobs: Jobs) -> AppGroup:
    """`flask reminders …`; the reminders room adds its own commands to it.

    `before` is the arithmetic of `places.moments`, handed in because rooms of one floor do not import each other;
    `jobs` are of a room above.
    """
    group = AppGroup("reminders", help="Send what is due; ask when something is due.")
    group.add_command(_run(jobs))
    group.add_command(list_waiting)
    group.add_command(_when(before))
    return group


def mail_group() -> AppGroup:
    """`flask mail …`."""
    group = AppGroup("mail", help="Look at letters, send one again, stop writing to an address, read what came back.")
    group.add_command(list_letters)
    group.add_command(resend)
    group.add_command(suppress)
    group.add_command(bounces)
    return group


_app = AppGroup()


def _run(jobs: Jobs) -> click.Command:
    @_app.command("run")
    @click.option("--once", is_flag=True, help="Do what is due and end; for cron, every few minutes.")
    @click.option("--every", type=click.FloatRange(min=0.1), help="Seconds between two looks; 30, without Redis 5.")
    def run(once: bool, every: float | None) -> None:
        """Send letters as they become due, without a broker. Ends cleanly on SIGTERM, after the letter in hand.

        Where Celery beat does not run, the periodic jobs are done too; each as often as beat would do it.
        """
        office = Office.current()
        with _asked_to_stop() as stopping:
            if once:
                _say(asdict(_once(office, jobs, stopping)))
                return
            with _beside(jobs, stopping):
                while not stopping.is_set():
                    # Heard before looking: what is promised meanwhile ends the wait.
                    heard = bell.LETTERS.heard()
                    _round(office, stopping)
                    bell.LETTERS.wait(every or (5 if office.polls_fast else 30), since=heard, unless=stopping)

    return run


def _once(office: Office, jobs: Jobs, stopping: threading.Event) -> Tally:
    """Letters first; then the jobs, and the letters that these promised for now."""
    with transaction():
        service.beat("once")
    tally = engine.send_due(office, stop=stopping.is_set)
    if jobs(stopping.is_set):
        tally.add(engine.send_due(office, stop=stopping.is_set))
    return tally


@contextmanager
def _beside(jobs: Jobs, stopping: threading.Event) -> Iterator[None]:
    """Look after the jobs in a thread: no letter waits for them."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def look() -> None:
        with app.app_context():
            while not stopping.is_set():
                try:
                    jobs(stopping.is_set)
                except DBAPIError as error:
                    log.warning("the database is away; jobs wait", error=type(error).__name__)
                finally:
                    db.session.remove()
                stopping.wait(LOOK)

    thread = threading.Thread(target=look, name="jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(GRACE)


@contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set; what handled them before does so again afterwards."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    former = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopping
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _round(office: Office, stopping: threading.Event) -> None:
    try:
        with transaction():
            service.beat("runner")
        tally = asdict(engine.send_due(office, stop=stopping.is_set))
    except DBAPIError as error:
        log.warning("the database is away; trying again", error=type(error).__name__)
    else:
        if any(tally.values()):
            _say(tally)
    finally:
        db.session.remove()


@_app.command("list")
@click.option("--limit", default=1000, show_default=True)
def list_waiting(limit: int) -> None:
    """What waits to be sent, in the order it becomes due."""
    for letter in queries.waiting(limit=limit):
        _say(_about(letter))


def _when(before: Before) -> click.Command:
    @click.command("when")
    @click.argument("start")
    @click.argument("zone")
    @click.argument("offset")
    def when(start: str, zone: str, offset: str) -> None:
        """The instant a reminder is due: `2027-02-27T18:00 Asia/Baku P1D`."""
        try:
            at = before(datetime.fromisoformat(start), zone, offset)
        except (ValueError, KeyError, OSError, OverflowError) as error:
            raise click.ClickException(str(error)) from error
        _say({"start": start, "zone": zone, "offset": offset, "at": _utc(at)})

    return when


@_app.command("list")
@click.option("--status", type=click.Choice([s.value for s in Status]))
@click.option("--limit", default=100, show_default=True)
def list_letters(status: str | None, limit: int) -> None:
    """The newest letters, of one status if asked."""
    for letter in queries.letters(status=Status(status) if status else None, limit=limit):
        _say(_about(letter))


@_app.command("resend")
@click.argument("ids", nargs=-1, required=True, type=int)
def resend(ids: tuple[int, ...]) -> None:
    """Let letters that ended go out once more, under the Message-ID they had."""
    for letter_id in ids:
        try:
            with transaction():
                letter = service.resend(letter_id)
                if isinstance(now := written(letter), Drop):
                    raise click.ClickException(f"{letter_id}: it would not be sent any more: {now.reason}")
                answer = _about(letter)
        except NotFound as error:
            raise click.ClickException(f"{letter_id}: no such letter, or it still waits") from error
        _say(answer)


@_app.command("suppress")
@click.argument("email")
@click.option("--reason", default="operator", show_default=True)
@click.option("--remove", is_flag=True, help="Write to this address again.")
def suppress(email: str, reason: str, remove: bool) -> None:
    """Never write to an address again, or take that back."""
    with transaction():
        changed = service.unsuppress(email) if remove else service.suppress(email, reason)
    _say({"email": email, "suppressed": not remove, "changed": changed})


def _about(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "key": letter.key,
        "kind": letter.kind,
        "recipient": letter.recipient,
        "status": letter.status.value,
        "due_at": _utc(letter.due_at),
        "next_try_at": _utc(letter.next_try_at),
        "expires_at": _utc(letter.expires_at) if letter.expires_at else None,
        "sent_at": _utc(letter.sent_at) if letter.sent_at else None,
        "is_overdue": letter.status is Status.PENDING and letter.due_at < clock.now(),
        "attempts": letter.attempts,
        "last_error": letter.last_error,
        "message_id": letter.message_id,
        "subject": letter.subject,
        "subject_id": letter.subject_id,
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _say(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))
