"""What can be asked for and is not there, in words for the author of a program."""

from flask_babel import lazy_gettext as _

from campaign.calendar import versions
from campaign.campaigns.models import Campaign
from campaign.core.faults import Gone, NotFound


class NoSuchCampaign(NotFound):
    """An unknown slug."""

    heading = _("There is no such campaign")
    advice = _("Take the id of a campaign from /api/v1/campaigns.")


class NoSuchEvent(NotFound):
    """A reference that nothing public bears."""

    heading = _("There is no such event")
    advice = _("Take the id of an event from a list of events; it is the part of its page's address after /e/.")


class WithdrawnEvent(Gone):
    """It was public."""

    heading = _("This event was withdrawn")
    advice = _("The organiser or the desk took it back. Remove it from what you keep.")


class NoSuchOrganisation(NotFound):
    """An organisation that holds nothing public."""

    heading = _("There is no such organisation")
    advice = _("Take the id of an organisation from the organisations of a campaign, or from an event.")


class NoSuchPage(NotFound):
    """A damaged key, or one of another list."""

    heading = _("There is no such page of this list")
    advice = _("Follow “next” as it stands in the answer, or begin again without “page”.")


def campaign_of(slug: str) -> Campaign:
    """The campaign of an address, as `calendar.versions` gives it: to be read only. Raises NoSuchCampaign."""
    try:
        return versions.campaign(slug)
    except NotFound:
        raise NoSuchCampaign from None
