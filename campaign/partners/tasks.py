"""Celery shells of the partners' room."""

from celery import shared_task

from campaign.core.db import transaction
from campaign.partners import service


@shared_task(name="partners.sweep", time_limit=120)
def sweep() -> int:
    """Stop webhooks that took nothing for days."""
    with transaction():
        return service.sweep()
