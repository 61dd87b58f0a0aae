"""Reading what organisers told."""

from collections.abc import Collection

from sqlalchemy import select

from campaign.core.db import db
from campaign.reports.models import FieldReport


def find(event_id: int) -> FieldReport | None:
    return db.session.scalar(select(FieldReport).where(FieldReport.event_id == event_id))


def told_among(event_ids: Collection[int]) -> set[int]:
    """Those of these events of which somebody has told already."""
    told = select(FieldReport.event_id).where(FieldReport.event_id.in_(event_ids))
    return set(db.session.scalars(told))
