"""Reads of webhooks and of what was sent to them."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from campaign.core.db import db
from campaign.core.faults import NotFound
from campaign.mail.models import Letter
from campaign.partners.models import Webhook

CHANNEL = KIND = "webhook"
SHOWN = 30


def _whole() -> Select[Webhook]:
    return select(Webhook).options(joinedload(Webhook.organization), joinedload(Webhook.campaign))


def get(ref: str, *, organization_id: int) -> Webhook:
    """One of an organisation's webhooks. Raises NotFound."""
    found = db.session.scalar(_whole().where(Webhook.ref == ref, Webhook.organization_id == organization_id))
    if found is None:
        raise NotFound
    return found


def find(ref: str) -> Webhook | None:
    return db.session.scalar(_whole().where(Webhook.ref == ref))


def of_organization(organization_id: int) -> Sequence[Webhook]:
    return db.session.scalars(_whole().where(Webhook.organization_id == organization_id).order_by(Webhook.id)).all()


def everybodys(*, limit: int = 200) -> Sequence[Webhook]:
    """All of them, stopped ones first; for those who run the installation."""
    order = (Webhook.stopped_at.is_(None), Webhook.id)
    return db.session.scalars(_whole().order_by(*order).limit(limit)).all()


def listening(campaign_id: int) -> Sequence[Webhook]:
    """Those that are told of changes of a campaign's calendar."""
    return db.session.scalars(
        select(Webhook).where(Webhook.campaign_id == campaign_id, Webhook.stopped_at.is_(None)).order_by(Webhook.id)
    ).all()


def active() -> Sequence[Webhook]:
    return db.session.scalars(_whole().where(Webhook.stopped_at.is_(None)).order_by(Webhook.id)).all()


def deliveries(webhook: Webhook, *, limit: int = SHOWN) -> Sequence[Letter]:
    """What was promised to a webhook, the newest first."""
    mine = (Letter.recipient == webhook.ref, Letter.channel == CHANNEL)
    return db.session.scalars(select(Letter).where(*mine).order_by(Letter.id.desc()).limit(limit)).all()


def delivery(webhook: Webhook, letter_id: int) -> Letter:
    """One of them. Raises NotFound."""
    mine = (Letter.id == letter_id, Letter.recipient == webhook.ref, Letter.channel == CHANNEL)
    found = db.session.scalar(select(Letter).where(*mine)) if 0 < letter_id < 2**63 else None
    if found is None:
        raise NotFound
    return found
