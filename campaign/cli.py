"""Every operator command in one list."""

from flask import Flask

from campaign.accounts.cli import accounts_group
from campaign.calendar.cli import group as calendar_group
from campaign.campaigns.cli import group as campaigns_group
from campaign.demonstration.cli import group as demonstration_group
from campaign.events.cli import group as events_group
from campaign.events.cli import retiming
from campaign.mail.cli import mail_group, reminders_group
from campaign.operations.cli import doctor, places_group
from campaign.organizations.cli import organizations_group
from campaign.places.moments import before
from campaign.privacy.cli import data_group
from campaign.reminders.cli import plan
from campaign.reminders.nightly import plan_by_new_rules
from campaign.review.cli import group as review_group


def init_app(app: Flask) -> None:
    reminders = reminders_group(before)
    reminders.add_command(plan)
    events_group.add_command(retiming(plan_by_new_rules))
    for command in (
        accounts_group,
        calendar_group,
        campaigns_group,
        data_group,
        demonstration_group,
        doctor,
        events_group,
        mail_group(),
        organizations_group,
        places_group,
        reminders,
        review_group,
    ):
        app.cli.add_command(command)
