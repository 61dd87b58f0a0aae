"""Campaigns, and the counts of their editions."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from campaign.accounts.gates import cached_public
from campaign.calendar import editions
from campaign.calendar.api import answers, parameters, queries, rows
from campaign.calendar.api.blueprint import resource
from campaign.calendar.api.faults import campaign_of
from campaign.calendar.api.rows import Site
from campaign.calendar.api.schemas.campaigns import CampaignSchema, CampaignsSchema, StatisticsSchema
from campaign.campaigns import queries as stored


@resource("/campaigns", CampaignsSchema, about="campaigns", parameters=("lang",))
@cached_public
def campaigns() -> Response:
    """All open campaigns"""
    site = Site(language=parameters.language())
    found = stored.open_campaigns()
    value = {
        "ignored_filters": parameters.ignored(None, ("lang",)),
        "items": [rows.campaign(one, editions.coming(one), site) for one in found],
    }
    return answers.fresh(CampaignsSchema(), value)


@resource("/campaigns/<campaign>", CampaignSchema, about="campaigns", parameters=("lang",), codes=(404,))
@cached_public
def campaign(campaign: str) -> Response:
    """One campaign"""
    found = campaign_of(campaign)
    site = Site(language=parameters.language())
    return answers.fresh(CampaignSchema(), rows.campaign(found, editions.coming(found), site))


@resource(
    "/campaigns/<campaign>/statistics", StatisticsSchema, about="statistics", parameters=("year",), codes=(404, 422)
)
@cached_public
def statistics(campaign: str) -> Response:
    """The counts of an edition

    **Edition**: the days of the campaign's window around the day of remembrance of one year, by the calendars of the
    events' places. **Event**: a published listing whose first date is in the edition; cancelled and postponed ones are
    not counted, exhibitions count where they open. An event counts once in its country and once in its kind, whatever
    its number of dates; in languages it counts once for each that is spoken there; in months all dates of the edition
    are counted, where they begin. Announced events are counted, not events that were held, and not people. Invented
    events of the demonstration are counted too, and their number is given. What has no country is only in the sum.
    """
    found = campaign_of(campaign)
    year = parameters.whole_number("year", editions.coming(found).day.year)

    def make() -> Mapping[str, Any]:
        edition = editions.of_year(found, year)
        numbers = queries.counts(found.id, edition.first, edition.last)
        return {
            "campaign": found.slug,
            "edition": rows.edition(edition),
            "ignored_filters": parameters.ignored(None, ("year",)),
            "events": numbers.events,
            "demonstration_events": numbers.demonstration,
            "by_country": [{"country": country, "events": n} for country, n in numbers.countries],
            "by_type": [{"type": kind, "events": n} for kind, n in numbers.types],
            "by_language": [{"language": language, "events": n} for language, n in numbers.languages],
            "by_month": [{"month": month, "dates": n} for month, n in numbers.months],
            "updated": rows.utc(found.calendar_changed_at),
        }

    return answers.kept(found, StatisticsSchema(), make)
