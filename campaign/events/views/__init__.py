"""The organiser's own pages: write an event, check it, send it, change it, call it off."""

from campaign.events.views import own_page, sending, writing
from campaign.events.views.blueprint import bp

__all__ = ["bp", "own_page", "sending", "writing"]
