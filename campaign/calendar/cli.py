"""`flask calendar rebuild`."""

import click
from flask.cli import AppGroup

from campaign.calendar import listings
from campaign.campaigns import queries as campaigns
from campaign.core.db import transaction
from campaign.events import queries as events

group = AppGroup("calendar", help="What the public reads.")


@group.command("rebuild")
@click.argument("slug", default="")
def rebuild(slug: str) -> None:
    """Prepare all listings anew, of one campaign or of all: after an update that changes what is prepared.

    The calendar stays readable meanwhile; running it again changes nothing.
    """
    with transaction():
        ids = {c.slug: c.id for c in campaigns.all_campaigns() if slug in ("", c.slug)}
    if not ids:
        raise click.ClickException(f"unknown campaign: {slug or 'there is none'}")
    for name, campaign_id in ids.items():
        last = number = 0
        while True:
            with transaction():
                batch = events.published(campaign_id, after_id=last)
                listings.renew(batch)
                last, number = (batch[-1].id, number + len(batch)) if batch else (last, number)
            if not batch:
                break
        with transaction():
            listings.recount(campaign_id)
        click.echo(f"{name}: {number} events")
