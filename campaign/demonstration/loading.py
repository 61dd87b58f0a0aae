"""Loads the demonstration step by step through the same services as everything else; running it again adds nothing."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from campaign.accounts.models import Person
from campaign.campaigns import configuration
from campaign.campaigns import queries as campaigns
from campaign.campaigns import service as campaign_service
from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.db import refresh_read, transaction
from campaign.demonstration import people, posters
from campaign.demonstration.listings import FOLDER, Script
from campaign.events import importing, reading
from campaign.events import queries as events
from campaign.events import service as event_service
from campaign.events.models import Event
from campaign.media.service import store_picture
from campaign.media.storage import Store
from campaign.organizations.importing import import_organizations
from campaign.organizations.models import Organization
from campaign.places import service as places
from config import Settings

FIRST = "khojaly"
QUESTION = "Could you please look at the title? It should name the film and its length."


def load(settings: Settings, *, if_empty: bool = False) -> Iterator[str]:
    """Yield a line per finished step."""
    if if_empty and campaigns.open_campaigns():
        yield "there is a campaign already; nothing loaded"
        return
    with transaction():
        yield f"gazetteer: {places.load_cities()} cities"
    with transaction():
        for path in sorted((FOLDER / "campaigns").glob("*.yaml"), key=lambda p: p.stem != FIRST):
            campaign_service.take_over(configuration.read(path.read_text(encoding="utf-8")))
    with transaction(), (FOLDER / "organizations.csv").open(encoding="utf-8", newline="") as source:
        counts = import_organizations(list(csv.DictReader(source))).counts
    yield "organisations: " + ", ".join(f"{name} {number}" for name, number in counts.items())
    path = FOLDER / "events.csv"
    with transaction():
        report = importing.import_events(reading.read(path.name, path.read_bytes()), FIRST, dry_run=False)
    yield f"archive: {report.summary}"
    yield f"demonstration: {_invent(settings)} listings"
    refresh_read()


def _invent(settings: Settings) -> int:
    with transaction():
        campaign = campaigns.get_by_slug(FIRST)
        script = Script(_coming(campaign))
        everybody = people.invite(settings.demo_password)
        hosts = people.host(script.data["hosts"], everybody)
        if not campaigns.scopes_of(everybody["lead@example.org"].id):
            people.appoint(campaign, everybody)
        rows = [*script.data["listings"], *script.data["waiting"]]
        stage = _Stage(script, campaign, hosts, everybody, Store(Path(settings.uploads)))
        return sum([stage.put(number, row) for number, row in enumerate(rows, start=1)])


def _coming(campaign: Campaign) -> date:
    today = clock.now().date()
    this_year = date(today.year, campaign.month, campaign.day)
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)


class _Stage:
    """Puts one row after the other on the calendar, or into the list where it waits."""

    def __init__(
        self,
        script: Script,
        campaign: Campaign,
        hosts: Mapping[str, Organization],
        everybody: Mapping[str, Person],
        store: Store,
    ) -> None:
        self.script, self.campaign, self.hosts = script, campaign, hosts
        self.everybody, self.store = everybody, store

    def put(self, number: int, row: Mapping[str, Any]) -> bool:
        """Whether it was new."""
        key = f"demonstration:{self.script.day.year}:{number}"
        if events.find_imported(self.campaign.id, key) is not None:
            return False
        author = people.AUTHORS.get(row["host"])
        organiser = self.everybody[author] if author else None
        details = self.script.details(row)
        if row.get("poster"):
            picture = store_picture(posters.flame(number), self.store, uploaded_by=None)
            details = details.with_changes(
                picture_id=picture.id, picture_alt=posters.ALT, picture_credit=posters.CREDIT
            )
        event = event_service.draft(
            details, campaign=self.campaign, by=organiser, organization_id=self.hosts[row["host"]].id
        )
        event.external_id, event.is_demonstration = key, True
        self._move(event, row, organiser)
        return True

    def _move(self, event: Event, row: Mapping[str, Any], organiser: Person | None) -> None:
        state = row.get("state", "published")
        if state == "draft":
            return
        event_service.submit(event, by=organiser)
        if state == "change_asked":
            desk = self.everybody["coordinator@example.org"]
            event_service.ask_for_change(event, by=desk, question=QUESTION, marks={"title": "Please name the film."})
        if state != "published":
            return
        event_service.publish(event, by=self.everybody["lead@example.org"])
        if "cancelled" in row:
            event_service.cancel(event, by=organiser, reason=row["cancelled"])
        if "postponed" in row:
            event_service.postpone(event, by=organiser, reason=row["postponed"])
