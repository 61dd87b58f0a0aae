"""The one place a feature is plugged in: blueprints in order, task modules, composers of letters, followers."""

from flask import Flask

from campaign.accounts import sessions
from campaign.accounts.views import bp as accounts
from campaign.calendar import event_views, listings
from campaign.calendar import queries as public_calendar
from campaign.calendar.embeds.views import bp as embeds
from campaign.calendar.feeds.views import bp as feeds
from campaign.calendar.sharing.views import bp as sharing
from campaign.calendar.views import bp as calendar
from campaign.events import consequences
from campaign.events.models import Event
from campaign.events.views import bp as events
from campaign.mail import composers
from campaign.mail.views import bp as mail
from campaign.media.views import bp as media
from campaign.operations.views import bp as operations
from campaign.organizations.views import bp as organizations
from campaign.places.views import bp as places
from campaign.reminders import messages, planning
from campaign.reminders.views import bp as reminder_pages
from campaign.review.views import bp as review

BLUEPRINTS = (
    operations,
    places,
    media,
    mail,
    accounts,
    organizations,
    events,
    review,
    reminder_pages,
    calendar,
    feeds,
    embeds,
    sharing,
)
TASK_MODULES = ("campaign.mail.tasks", "campaign.operations.tasks", "campaign.reminders.tasks")


def init_app(app: Flask) -> None:
    sessions.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    composers.connect(messages.COMPOSERS)
    messages.connect_ics(_calendar_file)
    consequences.connect(listings.follow, planning.follow)


def _calendar_file(event: Event) -> str:
    """The event as an ICS text for letters; nothing once it was taken back."""
    rows = [(x.vevent, x.ref, x.time_zone, x.starts_on, x.ends_on) for x in public_calendar.of_event(event.id)]
    return event_views.ics(event.campaign, rows) if rows else ""
