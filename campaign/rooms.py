"""The one place a feature is plugged in: blueprints in order, task modules, composers of letters, followers."""

from flask import Flask

from campaign.accounts import consequences as people
from campaign.accounts import sessions
from campaign.accounts.look_views import bp as looks
from campaign.accounts.views import bp as accounts
from campaign.calendar import following, listings, versions
from campaign.calendar.api import document as api
from campaign.calendar.developers import bp as developers
from campaign.calendar.embeds.views import bp as embeds
from campaign.calendar.feeds.views import bp as feeds
from campaign.calendar.follow_views import bp as follow
from campaign.calendar.front import Front
from campaign.calendar.map.views import bp as map_pages
from campaign.calendar.now.views import bp as now
from campaign.calendar.profiles.views import bp as profiles
from campaign.calendar.programme import bp as programme
from campaign.calendar.sharing.crawling import bp as crawling
from campaign.calendar.sharing.views import bp as sharing
from campaign.calendar.views import bp as calendar
from campaign.events import consequences
from campaign.events.views import bp as events
from campaign.mail import carriers, composers
from campaign.mail.views import bp as mail
from campaign.media.views import bp as media
from campaign.operations.bounce_views import bp as bounces
from campaign.operations.letters.views import bp as letters
from campaign.operations.mail_views import bp as postmaster
from campaign.operations.messages.views import bp as sample_messages
from campaign.operations.page_views import bp as overview
from campaign.operations.views import bp as operations
from campaign.organizations.views import bp as organizations
from campaign.partners import carrier as partner_carrier
from campaign.partners import composing as partner_news
from campaign.partners import service as partners
from campaign.partners.views import bp as webhooks
from campaign.places.views import bp as places
from campaign.privacy.views import bp as privacy
from campaign.reminders import changing, digests, messages, notices, ports, reminding
from campaign.reminders.manage_views import bp as wishes
from campaign.reminders.organisers import letters as organisers
from campaign.reminders.organisers import planning, seasons
from campaign.reminders.organisers.views import bp as season_pages
from campaign.reminders.push import carrier as push_carrier
from campaign.reminders.push.composing import also_pushed
from campaign.reminders.push.views import bp as push
from campaign.reminders.queries import count_followers
from campaign.reminders.views import bp as reminder_pages
from campaign.reports.views import bp as reports
from campaign.review import digests as desk_letters
from campaign.review import ports as desk
from campaign.review.mistakes.views import bp as mistakes
from campaign.review.views import bp as review

BLUEPRINTS = (
    operations,
    places,
    media,
    mail,
    accounts,
    looks,
    organizations,
    events,
    review,
    mistakes,
    letters,
    bounces,
    webhooks,
    sample_messages,
    postmaster,
    overview,
    reminder_pages,
    wishes,
    push,
    season_pages,
    calendar,
    follow,
    feeds,
    embeds,
    sharing,
    now,
    crawling,
    programme,
    map_pages,
    profiles,
    developers,
    privacy,
    reports,
)
TASK_MODULES = (
    "campaign.mail.tasks",
    "campaign.operations.tasks",
    "campaign.partners.tasks",
    "campaign.privacy.tasks",
    "campaign.reminders.tasks",
    "campaign.review.tasks",
)


def init_app(app: Flask) -> None:
    sessions.init_app(app)
    versions.keep_for(0 if app.testing else versions.LASTS)
    app.wsgi_app = Front(app.wsgi_app)  # type: ignore[method-assign, assignment]
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.init_app(app)
    composers.connect({**messages.COMPOSERS, **digests.COMPOSERS})
    composers.connect_many(also_pushed({**reminding.COMPOSERS, **changing.COMPOSERS}))
    composers.connect({**organisers.COMPOSERS, **seasons.COMPOSERS, **desk_letters.COMPOSERS})
    composers.connect(partner_news.COMPOSERS)
    carriers.connect({**partner_carrier.CARRIERS, **push_carrier.CARRIERS})
    ports.connect(following)
    desk.connect(count_followers)
    people.connect(planning.follow_person, desk_letters.follow_person)
    # Readers first: who was told of an event is found in the calendar as it was until now.
    consequences.connect(notices.follow, planning.follow, listings.follow, partners.follow)
