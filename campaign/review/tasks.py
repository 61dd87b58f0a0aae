"""Celery shells of the review room."""

from celery import shared_task

from campaign.review import digests


@shared_task(name="review.sweep", time_limit=600)
def sweep() -> None:
    """Plan the letters to the desks that fall due soon."""
    digests.sweep()
