"""Telling how an event went. The caller owns the transaction and knows that the person may write about the event."""

from dataclasses import asdict, dataclass

from flask_babel import lazy_gettext as _

from campaign.accounts.models import Person
from campaign.core import clock
from campaign.core.db import db
from campaign.core.faults import Conflict
from campaign.events.models import Event
from campaign.journal import service as journal
from campaign.reports import queries
from campaign.reports.models import FieldReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told; see `models.FieldReport` for the parts."""

    present_least: int | None = None
    present_most: int | None = None
    online: int | None = None
    links: str = ""
    sentence: str = ""
    may_quote: bool = False


def tell(event: Event, told: Told, *, by: Person) -> FieldReport:
    """Keep it, instead of what was told before. Raises Conflict for an event that is not over or was called off."""
    if not event.is_over:
        raise Conflict(_("How it went can be told when the event is over."))
    report = queries.find(event.id)
    if report is None:
        report = FieldReport(event_id=event.id, told_by=by.id)
        db.session.add(report)
    for name, value in asdict(told).items():
        setattr(report, name, value)
    report.told_by, report.told_at = by.id, clock.now()
    journal.record("event", event.id, "told", actor_id=by.id, actor_name=by.name)
    return report
