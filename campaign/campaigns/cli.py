"""`flask campaigns list|export|import`."""

from pathlib import Path

import click
import yaml
from flask.cli import AppGroup

from campaign.campaigns import configuration, queries, service
from campaign.core.db import transaction

group = AppGroup("campaigns", help="Campaigns on this installation.")


@group.command("list")
def list_campaigns() -> None:
    """One line per campaign: slug, day (MM-DD), name."""
    for campaign in queries.open_campaigns():
        name = campaign.names.get("en") or next(iter(campaign.names.values()))
        click.echo(f"{campaign.slug}\t{campaign.month:02}-{campaign.day:02}\t{name}")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_campaign(file: Path) -> None:
    """Create or update a campaign from a YAML file."""
    try:
        plan = configuration.read(file.read_text(encoding="utf-8"))
    except (configuration.ConfigurationError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    with transaction():
        campaign = service.take_over(plan)
        slug = campaign.slug
    click.echo(f"{slug}: {len(plan.regions)} regions")


@group.command("export")
@click.argument("slug")
def export_campaign(slug: str) -> None:
    """Print the configuration of a campaign as YAML; `import` reads it back."""
    campaign = queries.find_by_slug(slug)
    if campaign is None:
        raise click.ClickException(f"There is no campaign {slug}. `flask campaigns list` shows which there are.")
    click.echo(yaml.safe_dump(campaign.settings["source"], allow_unicode=True, sort_keys=False), nl=False)
