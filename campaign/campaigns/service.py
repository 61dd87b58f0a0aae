"""Writing campaigns; the caller owns the transaction."""

from dataclasses import asdict

from sqlalchemy import delete, select, update

from campaign.campaigns.configuration import Plan
from campaign.campaigns.models import Appointment, Campaign, Office, Region, RegionCountry
from campaign.core import bell, clock
from campaign.core.db import db, on_commit


def take_over(plan: Plan) -> Campaign:
    """Create the campaign of a checked configuration, or bring it up to date; regions keep their appointments."""
    campaign = db.session.scalar(select(Campaign).where(Campaign.slug == plan.slug))
    if campaign is None:
        campaign = Campaign(slug=plan.slug, names={}, month=1, day=1, settings={})
        db.session.add(campaign)
    campaign.names = dict(plan.names)
    campaign.month, campaign.day = plan.month, plan.day
    campaign.settings = _json(plan)
    campaign.calendar_version = (campaign.calendar_version or 0) + 1
    campaign.calendar_changed_at = clock.now()
    on_commit(bell.PUBLISHED.ring)
    db.session.flush()
    _take_over_regions(campaign, plan)
    return campaign


def _json(plan: Plan) -> dict[str, object]:
    return {
        "names": dict(plan.names),
        "window": [list(plan.window[0]), list(plan.window[1])],
        "outside": plan.outside,
        "event_types": list(plan.event_types),
        "languages": list(plan.languages),
        "default_language": plan.default_language,
        "source": dict(plan.settings),
    }


def _take_over_regions(campaign: Campaign, plan: Plan) -> None:
    existing = {r.key: r for r in db.session.scalars(select(Region).where(Region.campaign_id == campaign.id))}
    db.session.execute(delete(RegionCountry).where(RegionCountry.campaign_id == campaign.id))
    for wanted in plan.regions:
        region = existing.pop(wanted.key, None)
        if region is None:
            region = Region(campaign_id=campaign.id, key=wanted.key, desk_names={}, time_zone="UTC")
            db.session.add(region)
        region.desk_names = asdict(wanted)["desk"]
        region.time_zone = wanted.time_zone
        region.fallback = wanted.fallback
        db.session.flush()
        for country in wanted.countries:
            db.session.add(RegionCountry(campaign_id=campaign.id, region_id=region.id, country=country))
    for gone in existing.values():
        db.session.delete(gone)
    db.session.flush()


def appoint(
    person_id: int, campaign_id: int, office: Office, *, region_id: int | None = None, country: str = ""
) -> Appointment:
    """Give a person an office; for the whole campaign where neither region nor country is named."""
    appointment = Appointment(
        person_id=person_id, campaign_id=campaign_id, office=office, region_id=region_id, country=country
    )
    db.session.add(appointment)
    return appointment


def touch(campaign_id: int) -> None:
    """Something the public sees changed: caches and ETags made before are out of date."""
    db.session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id)
        .values(calendar_version=Campaign.calendar_version + 1, calendar_changed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    on_commit(bell.PUBLISHED.ring)
