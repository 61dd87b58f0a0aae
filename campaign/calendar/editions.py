"""Editions of a campaign: the span of days around one year's day of remembrance."""

from dataclasses import dataclass
from datetime import date

from campaign.calendar import context
from campaign.campaigns import days
from campaign.campaigns.models import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One year's edition; `first` and `last` are event-local dates, ends included."""

    day: date
    first: date
    last: date


def coming(campaign: Campaign) -> Edition:
    """The edition of the coming day of remembrance."""
    return of_year(campaign, context.next_day(campaign).year)


def of_year(campaign: Campaign, year: int) -> Edition:
    """The edition of one year; its window may reach into the years beside it."""
    first, last = days.window(campaign, year)
    return Edition(day=days.in_year(campaign, year), first=first, last=last)
