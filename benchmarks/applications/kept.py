"""The application as it runs, but without limits on how often one address may ask: answers come from its store."""

from campaign.core.security import limiter
from wsgi import app

limiter.enabled = False

__all__ = ["app"]
