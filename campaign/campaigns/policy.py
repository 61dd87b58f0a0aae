"""Who may decide about what; pure."""

from collections.abc import Iterable

from campaign.campaigns.models import Office
from campaign.campaigns.queries import Scope


def may_review(scopes: Iterable[Scope], campaign_id: int, country: str) -> bool:
    """True where one of the scopes takes in this campaign and country."""
    return any(s.campaign_id == campaign_id and (s.countries is None or country in s.countries) for s in scopes)


def may_lead(scopes: Iterable[Scope], campaign_id: int) -> bool:
    return any(s.campaign_id == campaign_id and s.office is Office.LEAD for s in scopes)
