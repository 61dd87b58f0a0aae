"""Organisations from a table."""

import pytest

from campaign.accounts.models import Person
from campaign.core import clock
from campaign.organizations import queries, service
from campaign.organizations.importing import import_organizations
from campaign.organizations.models import Kind, Role


def row(**cells):
    return {
        "id": "O001", "name": "Embassy of Azerbaijan in Türkiye", "kind": "embassy", "city": "Ankara", "country": "TR",
        "website": "ankara.mfa.gov.az", "campaign": "khojaly", "source_url": "https://example.org/1",
    } | cells  # fmt: skip


def outcomes(rows):
    return [(line.line, line.outcome.value) for line in import_organizations(rows).lines]


def test_reading_twice_changes_nothing(session):
    rows = [row(), row(id="O002", name="Museum", kind="museum", country="", website="")]
    assert outcomes(rows) == [(2, "created"), (3, "created")]
    assert outcomes(rows) == [(2, "unchanged"), (3, "unchanged")]
    known = queries.find_by_external_id("O001")
    assert (known.kind, known.country, known.website) == (Kind.EMBASSY, "TR", "https://ankara.mfa.gov.az")


def test_a_changed_row_is_taken_over(session):
    outcomes([row()])
    assert outcomes([row(city="İzmir")]) == [(2, "updated")]
    assert queries.find_by_external_id("O001").city == "İzmir"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_maps_to_itself(session, kind):
    outcomes([row(kind=kind.value)])
    assert queries.find_by_external_id("O001").kind is kind


@pytest.mark.parametrize("wrong", [{"kind": "club"}, {"id": ""}, {"name": " "}, {"kind": None}])
def test_an_unreadable_row_is_refused_by_its_line(session, wrong):
    assert outcomes([row(id="O000", name="First"), row(**wrong)]) == [(2, "created"), (3, "refused")]


def test_an_unknown_country_is_left_empty_and_said(session):
    report = import_organizations([row(country="ZZ")])
    assert report.lines[0].note == "unknown country ZZ, left empty"
    assert queries.find_by_external_id("O001").country == ""
    assert report.counts == {"created": 1, "updated": 0, "unchanged": 0, "refused": 0}


def test_members_keep_their_data(session):
    outcomes([row()])
    owner = Person(email="o@example.org", name="O", email_confirmed_at=clock.now())
    session.add(owner)
    session.flush()
    service.join(queries.find_by_external_id("O001"), owner, Role.OWNER)
    assert outcomes([row(name="Other name")]) == [(2, "unchanged")]


def test_an_organisation_without_id_is_recognised_by_name_and_country(session):
    known = service.found(name="embassy of azerbaijan in turkiye", kind=Kind.EMBASSY, country="TR")
    assert outcomes([row()]) == [(2, "updated")]
    assert queries.find_by_external_id("O001") is known


def test_the_command_sums_up_in_its_last_line(app, session, tmp_path):
    table = tmp_path / "organizations.csv"
    table.write_text("id,name,kind,country\nO1,Museum,museum,FR\nO2,Club,club,FR\n", encoding="utf-8-sig")
    result = app.test_cli_runner().invoke(args=["organizations", "import", str(table)])
    assert result.exit_code == 0
    assert "line 3: refused: Club: unknown kind: club" in result.output
    assert result.output.splitlines()[-1] == "rows 2, created 1, updated 0, unchanged 0, refused 1"
