"""The configuration file: each mistake has a sentence, and importing twice changes nothing."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from campaign.campaigns import configuration, queries, service
from config import ROOT

GOOD = """
campaign: spring
names: {en: Spring day}
day: {month: 4, day: 7}
regions:
  - {key: europe, desk: Europe desk, tz: Europe/Berlin, countries: [DE, FR]}
  - {key: asia, desk: {en: Asia desk}, tz: Asia/Tokyo, countries: [JP]}
"""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "not valid YAML"),
        ("- a list", "must be a mapping"),
        (GOOD.replace("spring", "Not A Slug"), "short name"),
        (GOOD.replace("{en: Spring day}", "{}"), "language codes"),
        (GOOD.replace("day: 7", "day: 31"), "not a day of the calendar"),
        (GOOD.replace("Asia/Tokyo", "Asia/Nowhere"), "not an IANA time zone"),
        (GOOD.replace("[JP]", "[DE]"), "in two regions"),
    ],
)
def test_mistakes_are_named(text: str, sentence: str) -> None:
    with pytest.raises(configuration.ConfigurationError, match=sentence):
        configuration.read(text)


def test_importing_twice_changes_nothing_but_the_version(session: Session) -> None:
    first = service.take_over(configuration.read(GOOD))
    regions = {r.key: r.id for r in queries.regions_of(first.id)}
    second = service.take_over(configuration.read(GOOD))
    assert first.id == second.id
    assert {r.key: r.id for r in queries.regions_of(second.id)} == regions
    found = queries.region_for(first.id, "JP")
    assert found is not None
    assert found.key == "asia"


@pytest.mark.parametrize("path", sorted((ROOT / "campaign/data/campaigns").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_shipped_files_are_good(path: Path) -> None:
    assert configuration.read(path.read_text(encoding="utf-8")).slug == path.stem


def test_export_gives_what_import_reads(app: Flask, session: Session, tmp_path: Path) -> None:
    service.take_over(configuration.read(GOOD))
    session.commit()
    answer = app.test_cli_runner().invoke(args=["campaigns", "export", "spring"])
    assert configuration.read(answer.output).regions == configuration.read(GOOD).regions
