"""Organisations from a table: one row, one organisation; reading the same table again changes nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from campaign.core.db import db
from campaign.core.faults import Fault, Invalid
from campaign.core.folding import clean, fold
from campaign.journal.service import record
from campaign.organizations import queries
from campaign.organizations.models import Kind, Organization
from campaign.organizations.service import free_slug, normal_website
from campaign.places.countries import is_country


class Outcome(StrEnum):
    """What became of a line."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report. `line` counts as a text editor does: the header is line 1."""

    line: int
    name: str
    outcome: Outcome
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What the import did, line by line."""

    lines: tuple[Line, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many lines had each outcome; every outcome is named."""
        counted = Counter(line.outcome for line in self.lines)
        return {outcome.value: counted[outcome] for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class _Row:
    external_id: str
    name: str
    kind: Kind
    country: str
    city: str
    website: str
    source_url: str
    note: str


def import_organizations(rows: Iterable[Mapping[str, str]]) -> Report:
    """Take over rows with the columns id, name, kind, city, country, website, source_url; others are ignored.

    `id` is the key: a known id is brought up to date, unless the organisation has members, who keep their own data.
    An unknown country is left empty. The caller owns the transaction.
    """
    return Report(tuple(_take(number, row) for number, row in enumerate(rows, start=2)))


def _take(number: int, cells: Mapping[str, str]) -> Line:
    name = clean(str(cells.get("name") or ""))
    try:
        row = _read(cells, name)
    except Fault as fault:
        return Line(number, name, Outcome.REFUSED, str(fault.message))
    known = queries.find_by_external_id(row.external_id) or _same_body(row)
    if known is None:
        _create(row)
        return Line(number, name, Outcome.CREATED, row.note)
    if queries.has_members(known.id):
        return Line(number, name, Outcome.UNCHANGED, "its members keep its data")
    is_changed = _update(known, row)
    return Line(number, name, Outcome.UPDATED if is_changed else Outcome.UNCHANGED, row.note)


def _read(cells: Mapping[str, str], name: str) -> _Row:
    def cell(column: str) -> str:
        return clean(str(cells.get(column) or ""))

    if not cell("id") or not name:
        raise Invalid(message="id and name are needed")
    if cell("kind").lower() not in set(Kind):
        raise Invalid(message=f"unknown kind: {cell('kind') or 'empty'}")
    country, notes = cell("country").upper(), []
    if country and not is_country(country):
        notes.append(f"unknown country {country[:20]}, left empty")
        country = ""
    try:
        website = normal_website(cell("website"))
    except Invalid:
        notes.append("unreadable website, left empty")
        website = ""
    kind = Kind(cell("kind").lower())
    return _Row(cell("id"), name, kind, country, cell("city"), website, cell("source_url"), "; ".join(notes))


def _same_body(row: _Row) -> Organization | None:
    """An organisation that came without an id, from a list of events, and is the same one."""
    same = queries.find_by_name(row.name, row.country)
    return same if same is not None and same.external_id is None else None


def _create(row: _Row) -> None:
    organization = Organization(
        slug=free_slug(row.name),
        name=row.name,
        search_name=fold(row.name),
        kind=row.kind,
        country=row.country,
        city=row.city,
        website=row.website,
        source_url=row.source_url,
        external_id=row.external_id,
    )
    db.session.add(organization)
    db.session.flush()
    record("organizations", organization.id, "imported", details={"external_id": row.external_id})


def _update(known: Organization, row: _Row) -> bool:
    """Whether anything was different."""
    wanted = {
        "name": row.name,
        "search_name": fold(row.name),
        "kind": row.kind,
        "country": row.country,
        "city": row.city,
        "website": row.website,
        "source_url": row.source_url,
        "external_id": row.external_id,
    }
    changed = sorted(column for column, value in wanted.items() if getattr(known, column) != value)
    for column in changed:
        setattr(known, column, wanted[column])
    if changed:
        db.session.flush()
        record("organizations", known.id, "updated_by_import", details={"columns": changed})
    return bool(changed)
