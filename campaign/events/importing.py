"""Events from a table: one row, one event; what is sure and past is published, the rest waits as a draft."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import Any

from flask_babel import force_locale

from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.faults import Invalid
from campaign.core.folding import clean
from campaign.events import carried, queries, rules, service
from campaign.events.dating import dated
from campaign.events.details import EventDetails, Host
from campaign.events.labels import LANGUAGES
from campaign.events.lifecycle import Mode, Status, Type
from campaign.events.models import Event
from campaign.events.placing import placed, zone_of_place
from campaign.events.reading import LINE, cell
from campaign.organizations import queries as organizations
from campaign.places import countries, moments, zones
from campaign.places.queries import find_city

# What calendars of ours say beside `details`, in columns that are called as the fields.
_BESIDE = ("stream_url", "contact_email", "contact_phone", "contact_url")


class Outcome(StrEnum):
    """What became of a row."""

    PUBLISHED = "published"
    SUBMITTED = "submitted"
    DRAFT = "draft"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report; `line` counts as an editor does, the header is line 1."""

    line: int
    id: str
    outcome: Outcome
    reason: str = ""

    def __str__(self) -> str:
        return f"line {self.line}\t{self.id or '-'}\t{self.outcome}" + (f"\t{self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Report:
    """What the import did, row by row."""

    lines: tuple[Line, ...]

    @property
    def counts(self) -> dict[Outcome, int]:
        counted = Counter(line.outcome for line in self.lines)
        return {outcome: counted[outcome] for outcome in Outcome}

    @property
    def summary(self) -> str:
        n = self.counts
        last = f", submitted {n[Outcome.SUBMITTED]}" if n[Outcome.SUBMITTED] else ""
        return (
            f"rows read {len(self.lines)}, published {n[Outcome.PUBLISHED]}, drafts {n[Outcome.DRAFT]}, "
            f"unchanged {n[Outcome.UNCHANGED]}, refused {n[Outcome.REFUSED]}{last}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A row that was understood: what it says, what it becomes, and why it is not more."""

    details: EventDetails
    outcome: Outcome
    reason: str
    organization_id: int | None
    note: str


class RowError(Exception):
    """A row that cannot become an event at all."""


def import_events(rows: Iterable[Mapping[str, str]], campaign_slug: str, *, dry_run: bool) -> Report:
    """Take over rows; `id` is the key, and a known row is never touched again. The caller owns the transaction.

    A `campaign` column wins over `campaign_slug`. With `dry_run` nothing is written.
    """
    seen: set[tuple[str, str]] = set()
    with force_locale("en"):  # The report is for operators; its language does not depend on theirs.
        lines = [_take(number, row, campaign_slug, seen, dry_run) for number, row in enumerate(rows, start=2)]
    return Report(tuple(lines))


def _take(number: int, row: Mapping[str, str], slug: str, seen: set[tuple[str, str]], dry_run: bool) -> Line:
    number, key = int(row.get(LINE) or number), cell(row, "id")[:200]
    try:
        campaign = _campaign(cell(row, "campaign") or slug)
        if not key or not cell(row, "title"):
            raise RowError("id and title are needed")
        if (campaign.slug, key) in seen:
            raise RowError("this id appears twice in the file")
        seen.add((campaign.slug, key))
        if (known := queries.find_imported(campaign.id, key)) is not None:
            return Line(number, key, Outcome.UNCHANGED, known.import_note if known.status is Status.DRAFT else "")
        plan = _plan(row)
        if not dry_run:
            _write(plan, campaign, key, cell(row, "source_url"))
    except RowError as problem:
        return Line(number, key, Outcome.REFUSED, str(problem))
    return Line(number, key, plan.outcome, plan.reason)


def _campaign(slug: str) -> Campaign:
    campaign = campaigns.find_by_slug(slug) if slug else None
    if campaign is None:
        raise RowError(f"unknown campaign: {slug[:60] or 'none named'}")
    return campaign


def _plan(row: Mapping[str, str]) -> _Plan:
    details, doubts = _details(row)
    today, is_past = clock.now().date(), False
    if details.last is not None:
        is_past = details.last.date() < today
    problems = rules.problems(details, types=(), today=today, is_archive=is_past)
    said = {"starts", "time_zone", "city"} if doubts else set()  # A doubt says these better.
    doubts += [f"{name}: {sentence}" for name, sentence in problems.items() if name not in said]
    organization_id, hosts, strangers = _organizers(row)
    outcome = Outcome.DRAFT if doubts else Outcome.PUBLISHED if is_past else Outcome.SUBMITTED
    reason = "; ".join(doubts) or ("not past: the desk decides" if not is_past else "")
    remarks = [
        reason,
        f"organisers: {'; '.join(strangers)}" if strangers else "",
        f"date: {cell(row, 'date_basis')}" if cell(row, "date_basis") not in ("", "stated") else "",
        "known from an announcement only" if cell(row, "report_type") == "announcement" else "",
    ]
    return _Plan(
        details=details.with_changes(hosts=hosts),
        outcome=outcome,
        reason=reason,
        organization_id=organization_id,
        note=". ".join(remark for remark in remarks if remark),
    )


def _details(row: Mapping[str, str]) -> tuple[EventDetails, list[str]]:
    """What the row says, and what keeps it from being listed."""
    doubts = [cell(row, "problem")] if cell(row, "problem") else []
    kind, country = cell(row, "kind").lower(), cell(row, "country").upper()
    type_ = Type(kind) if kind in set(Type) else Type.OTHER
    said = _carried(row, doubts)
    sources = (*said.pop("sources", ()), cell(row, "source_url"), cell(row, "source_url_2"))
    venue, city, country = _place(row, country)
    for part in ("address", "room"):  # A calendar says all in one line.
        venue = _without(venue, said.get(part, ""))
    details = EventDetails(
        title=cell(row, "title"),
        description=clean(str(row.get("summary") or "").removeprefix(said.pop("note", ""))),
        type=type_,
        mode=Mode.ONLINE if type_ is Type.ONLINE else Mode.IN_PERSON,
        venue=venue,
        city=city,
        country=country if countries.is_country(country) else "",
        time_zone=cell(row, "time_zone") if zones.is_zone(cell(row, "time_zone")) else "",
        spoken=tuple(code for code in cell(row, "languages").split(";") if code),
        sources=tuple(dict.fromkeys(filter(None, sources))),
        is_time_known=False,
    ).with_changes(**said)
    details = placed(dated(details, row, doubts, said.get("duration")))
    if not said:
        details = _by_its_clocks(details)
    if not city and details.mode is not Mode.ONLINE:
        doubts.append("the city is missing")
    elif city and not details.time_zone:
        doubts.append(f"the city {city} is not in the gazetteer and no time zone is given")
    return details, doubts


def _carried(row: Mapping[str, str], doubts: list[str]) -> dict[str, Any]:
    """Fields as a calendar of ours says them; other rows say none."""
    said, strange = carried.read(str(row.get("details") or ""))
    doubts += [f"{name}: cannot be read" for name in strange]
    if not said:
        return {}
    language = cell(row, "language").lower()
    said["language"] = language if language in LANGUAGES else "en"
    return {name: cell(row, name) for name in _BESIDE} | said


def _without(place: str, part: str) -> str:
    return place.removesuffix(part).removesuffix(", ") if part else place


def _place(row: Mapping[str, str], country: str) -> tuple[str, str, str]:
    """Venue, city and country; the one line of a calendar file is searched for a city from its end."""
    venue, city = cell(row, "venue"), cell(row, "city")
    parts = [part.strip() for part in cell(row, "location").split(",") if part.strip()]
    if city or not parts:
        return venue, city, country
    for part in reversed(parts[-4:]):
        found = find_city(part, country)
        if found is not None:
            return parts[0], found.name, country or found.country
    return ", ".join(parts), "", country


def _by_its_clocks(details: EventDetails) -> EventDetails:
    """Times that a calendar gives in UTC, as the clocks of the place show them; what they show twice stays."""
    zone = zone_of_place(details)
    if details.time_zone != "UTC" or not zone or not details.is_time_known:
        return details
    spans = {name: wall for name in ("starts", "ends") if (wall := getattr(details, name))}
    shown = {
        name: wall.replace(tzinfo=UTC).astimezone(zones.zone(zone)).replace(tzinfo=None, fold=0)
        for name, wall in spans.items()
    }
    if any(moments.instant(shown[name], zone) != wall.replace(tzinfo=UTC) for name, wall in spans.items()):
        return details
    return details.with_changes(time_zone=zone, **shown)


def _organizers(row: Mapping[str, str]) -> tuple[int | None, tuple[Host, ...], list[str]]:
    """The first known organisation, the further known ones, and the names nobody knows."""
    found, strangers = [], []
    for name in (part.strip() for part in cell(row, "organizer").split(";")):
        known = organizations.find_by_name(name) if name else None
        if known is not None:
            found.append(Host(id=known.id, name=known.name))
        elif name:
            strangers.append(name)
    return (found[0].id if found else None), tuple(dict.fromkeys(found[1:])), strangers


def _write(plan: _Plan, campaign: Campaign, key: str, source_url: str) -> None:
    event = service.draft(plan.details, campaign=campaign, by=None, organization_id=plan.organization_id)
    event.external_id, event.source_url, event.import_note = key, source_url, plan.note
    if plan.outcome is Outcome.PUBLISHED:
        _publish(event)
    elif plan.outcome is Outcome.SUBMITTED:
        service.submit(event, by=None)


def _publish(event: Event) -> None:
    """Through the same states as any other listing."""
    try:
        service.check(event, is_archive=True)
    except Invalid as invalid:  # The plan asked the same rules a moment ago.
        raise RuntimeError(invalid.problems) from invalid
    event.move_to(Status.SUBMITTED)
    service.publish(event, by=None, is_archive=True)
