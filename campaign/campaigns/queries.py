"""Reading campaigns, regions and scopes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from campaign.campaigns.models import Appointment, Campaign, Office, Region, RegionCountry
from campaign.core import languages
from campaign.core.db import db
from campaign.core.faults import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a person looks after in one campaign; `countries` is None where it is all of them."""

    campaign_id: int
    office: Office
    countries: frozenset[str] | None


def get_by_slug(slug: str) -> Campaign:
    """Raises NotFound for an unknown campaign."""
    campaign = db.session.scalar(select(Campaign).where(Campaign.slug == slug))
    if campaign is None:
        raise NotFound
    return campaign


def find_by_slug(slug: str) -> Campaign | None:
    return db.session.scalar(select(Campaign).where(Campaign.slug == slug))


def among(campaign_ids: Collection[int]) -> Sequence[Campaign]:
    """The campaigns with these ids."""
    return db.session.scalars(select(Campaign).where(Campaign.id.in_(campaign_ids))).all()


def open_campaigns() -> Sequence[Campaign]:
    """Campaigns that take listings, in the order they were set up."""
    return db.session.scalars(select(Campaign).where(Campaign.is_open).order_by(Campaign.id)).all()


def all_campaigns() -> Sequence[Campaign]:
    return db.session.scalars(select(Campaign).order_by(Campaign.id)).all()


def regions_of(campaign_id: int) -> Sequence[Region]:
    return db.session.scalars(select(Region).where(Region.campaign_id == campaign_id).order_by(Region.key)).all()


# Put together once, for pages of events.
_REGION_FOR = (
    select(Region)
    .join(RegionCountry, RegionCountry.region_id == Region.id)
    .where(RegionCountry.campaign_id == bindparam("campaign_id"), RegionCountry.country == bindparam("country"))
)


def region_for(campaign_id: int, country: str) -> Region | None:
    """The region whose desk looks after a country; None where nobody was named."""
    return db.session.scalar(_REGION_FOR, {"campaign_id": campaign_id, "country": country})


def desk_name(campaign_id: int, country: str, language: str) -> str:
    """The name of the desk that looks after a country, in this language; empty where nobody was named."""
    region = region_for(campaign_id, country)
    return name_in(region.desk_names, language) if region else ""


def name_in(names: Mapping[str, str], language: str) -> str:
    """A name in this language, in English, or in whatever there is."""
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


def desks_of(person_id: int, language: str) -> str:
    """The desks a person sits at, in words; the campaign where it is all of it."""
    statement = (
        select(Region.desk_names, Campaign.names)
        .select_from(Appointment)
        .join(Campaign, Campaign.id == Appointment.campaign_id)
        .outerjoin(Region, Region.id == Appointment.region_id)
        .where(Appointment.person_id == person_id)
        .order_by(Appointment.id)
    )
    named = [name_in(desk or whole, language) for desk, whole in db.session.execute(statement)]
    with languages.speaking(language):
        return str(_(", ")).join(dict.fromkeys(named))


def scopes_of(person_id: int) -> list[Scope]:
    """Everything a person coordinates, one scope per campaign and office, in two statements.

    A region takes in the regions that fall back to it only for review by hand-over, not by itself.
    """
    appointments = db.session.scalars(select(Appointment).where(Appointment.person_id == person_id)).all()
    regions = [a.region_id for a in appointments if a.region_id is not None]
    rows = db.session.execute(
        select(RegionCountry.region_id, RegionCountry.country).where(RegionCountry.region_id.in_(regions))
    ).all()
    merged: dict[tuple[int, Office], frozenset[str] | None] = {}
    for appointment in appointments:
        key = (appointment.campaign_id, appointment.office)
        own: frozenset[str] | None
        if appointment.region_id is not None:
            own = frozenset(country for region_id, country in rows if region_id == appointment.region_id)
        else:
            own = frozenset({appointment.country}) if appointment.country else None
        before = merged.get(key, frozenset())
        merged[key] = None if own is None or before is None else before | own
    return [Scope(campaign_id=c, office=o, countries=countries) for (c, o), countries in merged.items()]


def appointments(office: Office) -> Sequence[Appointment]:
    """Everybody who holds this office in an open campaign, each with the person."""
    statement = (
        select(Appointment)
        .join(Campaign, Campaign.id == Appointment.campaign_id)
        .where(Campaign.is_open, Appointment.office == office)
        .options(joinedload(Appointment.person))
        .order_by(Appointment.id)
    )
    return db.session.scalars(statement).all()


def scope_of(region: Region) -> Scope:
    """What the desk of a region looks after."""
    countries = db.session.scalars(select(RegionCountry.country).where(RegionCountry.region_id == region.id))
    return Scope(campaign_id=region.campaign_id, office=Office.COORDINATOR, countries=frozenset(countries))


def coordinators_for(campaign_id: int, country: str) -> Sequence[int]:
    """Ids of the people whose scope takes in this country, leads included."""
    region = region_for(campaign_id, country)
    statement = select(Appointment.person_id).where(
        Appointment.campaign_id == campaign_id,
        (Appointment.office == Office.LEAD)
        | (Appointment.country == country)
        | (Appointment.region_id == (region.id if region else -1)),
    )
    return db.session.scalars(statement.distinct()).all()
