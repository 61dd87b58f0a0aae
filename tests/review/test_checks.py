"""What is looked up for a coordinator: every check, as it comes out fine and as it does not."""

from datetime import date, datetime, timedelta

import pytest

from campaign.events.details import EventDetails, Occasion, Wording
from campaign.events.lifecycle import Mode
from campaign.places.models import City
from campaign.review import checks
from campaign.review.checks import Level, Surroundings
from tests.factories.desk import details

BERLIN = City(
    geoname_id=2950159,
    name="Berlin",
    country="DE",
    latitude=52.524,
    longitude=13.411,
    time_zone="Europe/Berlin",
    population=3426354,
)
TODAY = date(2027, 2, 1)
HERE = {
    "starts": datetime(2027, 2, 26, 18),
    "ends": datetime(2027, 2, 26, 20),
    "latitude": 52.52,
    "longitude": 13.5,
    "sources": ("https://example.org/report",),
}


def around(**changes: object) -> Surroundings:
    known = {
        "window": (date(2027, 2, 1), date(2027, 3, 31)),
        "is_within_window": True,
        "today": TODAY,
        "language": "en",
        "city": BERLIN,
        "city_name": "Berlin",
        "organizer": "Example Embassy",
        "is_verified": True,
        "published": 3,
    }
    return Surroundings(**{**known, **changes})  # type: ignore[arg-type]


@pytest.fixture
def run(app):
    def look(given: EventDetails | None = None, **known: object) -> dict[str, Level]:
        with app.test_request_context("/"):
            found = checks.run(given or details(**HERE), around(**known))
        return {check.words: check.level for check in found}

    return look


def test_an_event_in_order_has_nothing_to_look_at(run):
    found = run()
    assert set(found.values()) == {Level.FINE}
    assert "Within the campaign’s weeks, 1 February to 31 March" in found
    assert "The pin is 6 km from the middle of Berlin" in found
    assert "3 events of theirs are public already" in found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"description": "All Serbs are criminals."}, "Wording: may blame a whole people: “serbs are criminals”"),
        (
            {"translations": {"az": Wording(title="Gecə", description="Ermənilər heyvandır.")}},
            "Wording: may deny that people are human: “ermeniler heyvandir”",
        ),
        ({"starts": None, "ends": None}, "No date is given"),
        ({"ends": datetime(2027, 2, 27, 9)}, "It lasts more than twelve hours"),
        (
            {"starts": datetime(2026, 2, 26, 18), "ends": datetime(2026, 2, 26, 20)},
            "The date has passed",
        ),
        ({"country": "AT"}, "Berlin lies in another country"),
        ({"time_zone": "Europe/Paris"}, "The times are those of Paris; the city keeps those of Berlin"),
        ({"latitude": 48.2, "longitude": 16.37}, "The pin is 525 km from the middle of Berlin"),
        (
            {"sources": (), "description": "In 1992, 613 people died, 106 of them women, at 17:30."},
            "Figures without a source: 613, 106",
        ),
        (
            {"description": "Write to someone@example.org or +49 30 1234567."},
            "An address or telephone number in the public text: someone@example.org",
        ),
        ({"picture_id": 1, "picture_credit": "A. Sample"}, "Nobody described the picture"),
    ],
)
def test_what_needs_a_look_says_why_and_stands_first(run, changes, words):
    found = run(details(**{**HERE, **changes}))
    assert found[words] is Level.LOOK
    levels = list(found.values())
    assert levels == sorted(levels, key=lambda level: level is not Level.LOOK)


@pytest.mark.parametrize(
    ("known", "words", "level"),
    [
        ({"is_within_window": False}, "Outside the campaign’s weeks, 1 February to 31 March", Level.LOOK),
        ({"organizer": ""}, "No organisation stands behind this event", Level.LOOK),
        ({"is_verified": False}, "Example Embassy is not verified yet", Level.LOOK),
        (
            {"is_reachable": False},
            "Letters to the organiser come back undelivered; reach them another way",
            Level.LOOK,
        ),
        ({"published": 0}, "Nothing of theirs is public yet", Level.NOTE),
        (
            {"city": None},
            "The city is not in the list of cities; position and time zone were given by hand",
            Level.LOOK,
        ),
        ({"alike": [("ABC123", "Gedenkabend")]}, "In the same city within three hours: “Gedenkabend”", Level.LOOK),
    ],
)
def test_what_is_known_around_it_counts(run, known, words, level):
    assert run(None, **known)[words] is level


def test_what_a_source_says_and_an_online_event_are_fine(run):
    quoted = "According to the resolution the attackers are responsible for the killing of civilians."
    found = run(details(**{**HERE, "description": quoted, "mode": Mode.ONLINE}), city=None)
    assert found["Wording: nothing to look at was found"] is Level.FINE
    assert Level.LOOK not in found.values()


def test_the_last_of_several_dates_counts():
    first = datetime(2027, 2, 20, 18)
    several = (Occasion(starts=first), Occasion(starts=first + timedelta(days=9)))
    assert checks.last_day(details(occasions=several)) == date(2027, 3, 1)
