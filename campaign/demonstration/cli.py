"""`flask demo load`, and `flask events seed`."""

import click
from flask import current_app
from flask.cli import AppGroup

from campaign.calendar import listings
from campaign.campaigns import queries as campaigns
from campaign.core.db import transaction
from campaign.demonstration import loading, seeding
from campaign.events.cli import group as events_group

group = AppGroup("demo", help="The demonstration; never in production.")


@group.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is a campaign already.")
def load(if_empty: bool) -> None:
    """Load the demonstration campaigns, the archive, listings for the coming day and the sign-ins."""
    settings = current_app.extensions["settings"]
    if settings.is_production:
        raise click.ClickException("The demonstration is for development only; in production import your own campaign.")
    for line in loading.load(settings, if_empty=if_empty):
        click.echo(line)


@events_group.command("seed")
@click.option("--count", type=click.IntRange(1, 1_000_000), required=True)
@click.option("--campaign", "slug", default="", help="The first open campaign if it is left out.")
def seed(count: int, slug: str) -> None:
    """Publish synthetic events, for load tests."""
    made = 0
    for first in range(0, count, seeding.BATCH):
        with transaction():
            found = campaigns.find_by_slug(slug) if slug else next(iter(campaigns.open_campaigns()), None)
            if found is None:
                raise click.ClickException(f"unknown campaign: {slug or 'there is none'}")
            places = seeding.cities()
            if not places:
                raise click.ClickException("the gazetteer is empty")
            made += seeding.seed(found, places, first, min(first + seeding.BATCH, count))
            campaign_id = found.id
    with transaction():
        listings.recount(campaign_id)
    click.echo(f"published {made}")
