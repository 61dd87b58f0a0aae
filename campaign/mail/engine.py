"""Sends what is due: claim, write, check again, hand over, mark. Safe to run anywhere, any number of times at once."""

import math
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial

import structlog

from campaign.core.db import refresh_read, transaction
from campaign.core.statements import Line
from campaign.mail import alarms, carriers, claims, delivery, doubts, service
from campaign.mail.carriers import Road
from campaign.mail.claims import Claim
from campaign.mail.composers import Drop
from campaign.mail.delivery import Batch, Run
from campaign.mail.gate import Entry
from campaign.mail.models import Letter, Status
from campaign.mail.office import Office
from campaign.mail.receipts import Receipts
from campaign.mail.refusals import Refusals
from campaign.mail.tally import Tally
from campaign.mail.writing import Desk, Spoiled

log = structlog.get_logger(__name__)

# Letters of a claim; where more than that leave in a second, what leaves in a second, up to so many times as much.
BATCH, AT_MOST = 100, 5
LEASE = timedelta(minutes=2)
# Seconds for one host of another channel before mail has its turn again.
SLICE = 10.0


def send_due(
    office: Office, *, batch: int = BATCH, lease: timedelta = LEASE, stop: Callable[[], bool] = lambda: False
) -> Tally:
    """Send everything that is due now, batch by batch, until nothing is, the server is away, or `stop()` says so.

    Mail comes first, and again after a slice of every other road: a host of somebody else delays no letter for long.
    Raises OperationalError when the database is away before a letter was handed over; leases bring those letters back.
    """
    if not office.smtp_url and not office.may_keep:
        raise RuntimeError("letters can neither be sent nor kept: SMTP_URL is missing")
    travel = partial(_travel, office, batch=batch, lease=lease, stop=stop)
    tally = travel(Road())
    for channel, host in claims.due_roads(carriers.others()):
        if stop():
            break
        tally.add(travel(Road(channel, host), seconds=SLICE))
        tally.add(travel(Road()))
    return tally


def _travel(
    office: Office, road: Road, *, batch: int, lease: timedelta, stop: Callable[[], bool], seconds: float = math.inf
) -> Tally:
    carrier = carriers.of(road.channel)
    with ExitStack() as stack:
        post = stack.enter_context(carrier.connection(office, road.host))
        receipts = stack.enter_context(Receipts(office.receipts if post else None))
        run = Run(
            road=road,
            office=office,
            desk=Desk(office),
            receipts=receipts,
            line=stack.enter_context(Line()),
            post=post,
            gate=carrier.gate(office, road.host),
            lease=lease,
            stop=stop,
            ends=time.monotonic() + seconds,
        )
        asked, goes_on = batch, True
        while goes_on and not stop() and time.monotonic() < run.ends and alarms.is_clock_right():
            began, before = time.monotonic(), run.tally.sent
            goes_on = _one_batch(run, asked)
            a_second = (run.tally.sent - before) / (time.monotonic() - began + 1e-6)
            asked = max(batch, min(AT_MOST * batch, int(a_second)))
    return run.tally


def _one_batch(run: Run, asked: int) -> bool:
    """Claim up to so many and deliver them; False when there is nothing more to do now."""
    began = time.monotonic()
    with transaction():
        entry = run.gate.enter(asked) if run.gate else Entry(asked)
        claim = _claim(run, entry.letters)
        wait = run.gate.book(len(claim.letters)) if run.gate else 0.0
        if run.gate and entry.is_probe and claim.letters:
            run.gate.probing()
    run.tally.unreachable = entry.is_resting
    if not claim.letters:
        return bool(claim.token)
    run.receipts.begun(claim.token)
    settled = doubts.settle(claim, run.receipts, run.office.was_accepted)
    run.tally.found += settled.found
    run.tally.uncertain += settled.uncertain
    gap = 1 / run.gate.rate if run.gate and run.gate.rate else 0.0
    ends = min(began + run.lease.total_seconds() / 2, run.ends)
    batch = Batch(claim.token, ends, began + wait, gap, refusals=Refusals(entry.is_suspect))
    _write(run, batch, settled.clear)
    return delivery.deliver(run, batch, is_probe=entry.is_probe)


def _claim(run: Run, letters: int) -> Claim:
    if not letters:
        return Claim()
    return claims.claim_due(batch=letters, lease=run.lease, channel=run.road.channel, host=run.road.host)


def _write(run: Run, batch: Batch, letters: Sequence[Letter]) -> None:
    """Fill the queue with what is to be sent, and note what is not."""
    stopped = service.suppressed_among({letter.recipient for letter in letters})
    written = run.desk.write([letter for letter in letters if letter.recipient not in stopped])
    refresh_read()
    for letter in letters:
        if letter.recipient in stopped:
            delivery.drop(run, batch, letter, Status.SUPPRESSED, "the address is on the suppression list")
    for letter, result in written:
        if isinstance(result, Drop):
            delivery.drop(run, batch, letter, result.status, result.reason)
        elif isinstance(result, Spoiled):
            delivery.put_off(run, batch, letter, result.reason)
        else:
            batch.queue.append(result)
