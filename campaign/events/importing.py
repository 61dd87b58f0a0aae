"""Events from a table: one row, one event; what is sure and past is published, the rest waits as a draft."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from flask_babel import force_locale

from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.faults import Invalid
from campaign.core.folding import clean, one_line
from campaign.events import parsing, queries, rules, service
from campaign.events.details import EventDetails, Host
from campaign.events.lifecycle import Duration, Mode, Status, Type
from campaign.events.models import Event
from campaign.events.placing import placed, zone_of_place
from campaign.events.reading import LINE
from campaign.organizations import queries as organizations
from campaign.places import countries, moments, zones
from campaign.places.queries import find_city


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
    number, key = int(row.get(LINE) or number), _cell(row, "id")[:200]
    try:
        campaign = _campaign(_cell(row, "campaign") or slug)
        if not key or not _cell(row, "title"):
            raise RowError("id and title are needed")
        if (campaign.slug, key) in seen:
            raise RowError("this id appears twice in the file")
        seen.add((campaign.slug, key))
        if (known := queries.find_imported(campaign.id, key)) is not None:
            return Line(number, key, Outcome.UNCHANGED, known.import_note if known.status is Status.DRAFT else "")
        plan = _plan(row)
        if not dry_run:
            _write(plan, campaign, key, _cell(row, "source_url"))
    except RowError as problem:
        return Line(number, key, Outcome.REFUSED, str(problem))
    return Line(number, key, plan.outcome, plan.reason)


def _cell(row: Mapping[str, str], column: str) -> str:
    return one_line(str(row.get(column) or ""))


def _campaign(slug: str) -> Campaign:
    campaign = campaigns.find_by_slug(slug) if slug else None
    if campaign is None:
        raise RowError(f"unknown campaign: {slug[:60] or 'none named'}")
    return campaign


def _plan(row: Mapping[str, str]) -> _Plan:
    details, doubts = _details(row)
    today, is_past = clock.now().date(), False
    last = details.ends or details.starts
    if last is not None:
        is_past = last.date() < today
    problems = rules.problems(details, types=(), today=today, is_archive=is_past)
    said = {"starts", "time_zone", "city"} if doubts else set()  # A doubt says these better.
    doubts += [f"{name}: {sentence}" for name, sentence in problems.items() if name not in said]
    organization_id, hosts, strangers = _organizers(row)
    outcome = Outcome.DRAFT if doubts else Outcome.PUBLISHED if is_past else Outcome.SUBMITTED
    reason = "; ".join(doubts) or ("not past: the desk decides" if not is_past else "")
    remarks = [
        reason,
        f"organisers: {'; '.join(strangers)}" if strangers else "",
        f"date: {_cell(row, 'date_basis')}" if _cell(row, "date_basis") not in ("", "stated") else "",
        "known from an announcement only" if _cell(row, "report_type") == "announcement" else "",
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
    doubts = [_cell(row, "problem")] if _cell(row, "problem") else []
    kind, country = _cell(row, "kind").lower(), _cell(row, "country").upper()
    type_ = Type(kind) if kind in set(Type) else Type.OTHER
    source = [link for link in (_cell(row, "source_url"), _cell(row, "source_url_2")) if link]
    venue, city, country = _place(row, country)
    details = EventDetails(
        title=_cell(row, "title"),
        description=clean(str(row.get("summary") or "")),
        type=type_,
        mode=Mode.ONLINE if type_ is Type.ONLINE else Mode.IN_PERSON,
        venue=venue,
        city=city,
        country=country if countries.is_country(country) else "",
        time_zone=_cell(row, "time_zone") if zones.is_zone(_cell(row, "time_zone")) else "",
        spoken=tuple(code for code in _cell(row, "languages").split(";") if code),
        sources=tuple(source),
        is_time_known=False,
    )
    details = _by_its_clocks(placed(_dated(details, row, doubts)))
    if not city:
        doubts.append("the city is missing")
    elif not details.time_zone:
        doubts.append(f"the city {city} is not in the gazetteer and no time zone is given")
    return details, doubts


def _place(row: Mapping[str, str], country: str) -> tuple[str, str, str]:
    """Venue, city and country; the one line of a calendar file is searched for a city from its end."""
    venue, city = _cell(row, "venue"), _cell(row, "city")
    parts = [part.strip() for part in _cell(row, "location").split(",") if part.strip()]
    if city or not parts:
        return venue, city, country
    for part in reversed(parts[-4:]):
        found = find_city(part, country)
        if found is not None:
            return parts[0], found.name, country or found.country
    return ", ".join(parts), "", country


def _dated(details: EventDetails, row: Mapping[str, str], doubts: list[str]) -> EventDetails:
    precision, first = _cell(row, "date_precision") or "day", _cell(row, "start_date")
    if precision != "day":
        doubts.append(f"only the {precision} is known: {first}")
        return details
    starts, ends = _day(first, doubts), _day(_cell(row, "end_date"), doubts)
    if starts is None:
        if not doubts:
            doubts.append("the date is missing")
        return details
    until = _cell(row, "end_time")
    if ends is not None and ends != starts and not until:
        return details.with_changes(duration=Duration.RUN, starts=_midnight(starts), ends=_midnight(ends))
    timed = _timed(details, starts, _cell(row, "local_time"), doubts)
    if not until or not timed.is_time_known:
        return timed
    return timed.with_changes(ends=_timed(details, ends or starts, until, doubts).starts)


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


def _day(text: str, doubts: list[str]) -> date | None:
    try:
        return parsing.read_date(text) if text else None
    except parsing.UnreadableError as problem:
        doubts.append(f"{text[:40]}: {problem.sentence}")
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _timed(details: EventDetails, day: date, text: str, doubts: list[str]) -> EventDetails:
    """With the hours of `18:30` or `12:00-13:00`; a time that cannot be read is a doubt, none at all is not."""
    begin, _dash, end = text.replace("–", "-").partition("-")
    try:
        starts = datetime.combine(day, parsing.read_time(begin)) if begin else None
        ends = datetime.combine(day, parsing.read_time(end)) if end.strip() else None
    except parsing.UnreadableError:
        doubts.append(f"the time {text[:40]} cannot be read")
        starts = ends = None
    if starts is None:
        return details.with_changes(starts=_midnight(day), is_time_known=False)
    return details.with_changes(starts=starts, ends=ends, is_time_known=True)


def _organizers(row: Mapping[str, str]) -> tuple[int | None, tuple[Host, ...], list[str]]:
    """The first known organisation, the further known ones, and the names nobody knows."""
    found, strangers = [], []
    for name in (part.strip() for part in _cell(row, "organizer").split(";")):
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
