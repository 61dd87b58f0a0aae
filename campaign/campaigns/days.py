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


def window(campaign: Campaign, year: int) -> tuple[date, date]:
    """First and last day of one year's edition; it may reach into the years beside it."""
    day = in_year(campaign, year)
    begin, end = (tuple(pair) for pair in campaign.settings["window"])
    here = (day.month, day.day)
    return _date(year if begin <= here else year - 1, *begin), _date(year if end >= here else year + 1, *end)


def is_within_window(campaign: Campaign, first: date, last: date) -> bool:
    """Whether some of these days lie in an edition of any year."""
    editions = (window(campaign, year) for year in range(first.year - 1, last.year + 2))
    return any(begin <= last and first <= end for begin, end in editions)


def _date(year: int, month: int, day: int) -> date:
    """29 February is the day before in a common year."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)
