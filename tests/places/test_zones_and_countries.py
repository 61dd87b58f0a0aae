"""Names of zones and countries, in several languages."""

from datetime import UTC, datetime

import pytest

from campaign.places import countries, zones

WINTER = datetime(2027, 2, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("Europe/Berlin", "CET, UTC+1"),
        ("Asia/Baku", "UTC+4"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/St_Johns", "NST, UTC\N{MINUS SIGN}3:30"),
        ("Europe/London", "GMT, UTC"),
        ("UTC", "UTC"),
    ],
)
def test_offset_label(zone: str, label: str) -> None:
    assert zones.offset_label(zone, WINTER) == label


def test_offset_label_follows_the_season() -> None:
    assert zones.offset_label("Europe/Berlin", datetime(2027, 7, 1, tzinfo=UTC)) == "CEST, UTC+2"


@pytest.mark.parametrize(
    ("zone", "language", "city"),
    [
        ("Asia/Baku", "en", "Baku"),
        ("Asia/Baku", "az", "Bakı"),
        ("Asia/Baku", "ar", "باكو"),
        ("Asia/Kolkata", "ru", "Калькутта"),
        ("Asia/Baku", "xx-nonsense", "Baku"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires"),
        ("America/New_York", "en", "New York"),
        ("UTC", "en", "UTC"),
    ],
)
def test_city_of(zone: str, language: str, city: str) -> None:
    assert zones.city_of(zone, language) == city


@pytest.mark.parametrize("name", ["Asia/Baku", "UTC", "Europe/Kyiv", "Asia/Calcutta"])
def test_zone_names(name: str) -> None:
    assert zones.is_zone(name)


@pytest.mark.parametrize("name", ["", "asia/baku", "Mars/Olympus", "../etc/passwd", "localtime", "Factory"])
def test_what_is_no_zone(name: str) -> None:
    assert not zones.is_zone(name)


def test_zone_options_are_zones() -> None:
    options = zones.options("az")
    assert ("Asia/Baku", "Bakı") in options
    assert all(zones.is_zone(name) for name, _city in options)


def test_the_rules_have_a_release() -> None:
    assert zones.tz_version()[:4].isdigit()


def test_country_names() -> None:
    assert (countries.name("DE", "en"), countries.name("DE", "az")) == ("Germany", "Almaniya")
    assert countries.name("??", "en") == "??"


@pytest.mark.parametrize(
    ("text", "code"),
    [("de", "DE"), (" Germany", "DE"), ("ALMANIYA ", "DE"), ("ألمانيا", "DE"), ("المانيا", "DE"), ("Türkiye", "TR"),
     ("niger", "NE"), ("Nigeria", "NG"), ("Atlantis", ""), ("", ""), ("ZZ", "")],
)  # fmt: skip
def test_a_country_by_code_or_by_a_name_in_our_languages(text: str, code: str) -> None:
    assert countries.find(text) == code


def test_iso_countries_only() -> None:
    assert countries.is_country("AZ")
    assert not any(countries.is_country(code) for code in ("", "az", "EU", "XA", "ZZ", "001", "AN"))
    assert len(countries.options("ar")) == len(countries.codes())


def test_country_options_are_sorted_by_name() -> None:
    names = [name for _code, name in countries.options("en")]
    assert names.index("Åland Islands") < names.index("Albania") < names.index("Germany")
