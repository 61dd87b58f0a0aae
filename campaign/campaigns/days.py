"""The day of remembrance of a campaign in each year; pure."""

from datetime import date, datetime, timedelta, timezone

from campaign.campaigns.models import Campaign

# Where a day ends last: UTC−11 in Pago Pago.
LAST_ZONE = timezone(timedelta(hours=-11))


def in_year(campaign: Campaign, year: int) -> date:
    """The day in this year; 29 February is kept on the day before in a common year."""
    try:
        return date(year, campaign.month, campaign.day)
    except ValueError:
        return date(year, campaign.month, campaign.day - 1)


def coming(campaign: Campaign, now: datetime) -> date:
    """This year's day until it has passed everywhere on Earth, then the next."""
    today = now.astimezone(LAST_ZONE).date()
    this_year = in_year(campaign, today.year)
    return this_year if this_year >= today else in_year(campaign, today.year + 1)
