"""The daily sweep as a task."""

from celery import shared_task

from campaign.privacy import service


@shared_task(name="privacy.sweep", time_limit=1800)
def sweep() -> dict[str, int]:
    return service.sweep().counts()
