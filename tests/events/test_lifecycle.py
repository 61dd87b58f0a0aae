"""The table of moves, the rules, and the details that go through JSON unharmed."""

from datetime import date, datetime
from itertools import product

import pytest

from campaign.events import parsing, rules
from campaign.events.details import EventDetails, Occasion, ProgrammeItem, Wording
from campaign.events.lifecycle import MOVES, Duration, Entry, IllegalMove, Mode, Status, Type, check_move

TODAY = date(2026, 11, 24)
GOOD = EventDetails(
    title="Evening of remembrance",
    description="Music, readings and a minute of silence; everybody is welcome to come and stay for tea.",
    type=Type.CEREMONY,
    starts=datetime(2027, 2, 26, 17),
    ends=datetime(2027, 2, 26, 19),
    time_zone="Europe/Berlin",
    venue="City hall",
    city="Berlin",
    country="DE",
    spoken=("de",),
    entry=Entry.OPEN,
)


@pytest.mark.parametrize(("current", "target"), list(product(Status, Status)))
def test_moves(current: Status, target: Status) -> None:
    if target in MOVES[current]:
        check_move(current, target)
    else:
        with pytest.raises(IllegalMove):
            check_move(current, target)


def test_good_details_have_no_problem() -> None:
    assert rules.problems(GOOD, types=(), today=TODAY) == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 91}, "title"),
        ({"description": "short"}, "description"),
        ({"ends": datetime(2027, 2, 26, 7)}, "ends"),
        ({"starts": datetime(2025, 2, 26, 17), "ends": None}, "starts"),
        ({"starts": datetime(2027, 3, 28, 2, 30), "ends": None}, "is_time_known"),  # The clocks go forward.
        ({"time_zone": "Europe/Nowhere"}, "time_zone"),
        ({"country": "ZZ"}, "country"),
        ({"city": ""}, "city"),
        ({"mode": Mode.ONLINE}, "stream_url"),
        ({"stream_url": "javascript:alert(1)"}, "stream_url"),
        ({"picture_id": 1}, "picture_alt"),
        ({"duration": Duration.RUN, "ends": None}, "ends"),
        ({"duration": Duration.DATES}, "occasions"),
        ({"capacity": 0}, "capacity"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(changes: dict[str, object], field: str) -> None:
    assert field in rules.problems(GOOD.with_changes(**changes), types=(), today=TODAY)


def test_details_survive_storage() -> None:
    rich = GOOD.with_changes(
        translations={"az": Wording(title="Anım axşamı", description="Musiqi")},
        occasions=(Occasion(starts=datetime(2027, 2, 26, 17)), Occasion(starts=datetime(2027, 3, 1, 17))),
        programme=(ProgrammeItem(time="17:00", text="Welcome"),),
        registration_by=date(2027, 2, 20),
        opening_hours={"0": "10:00-18:00"},
    )
    assert EventDetails.from_json(rich.to_json()) == rich


@pytest.mark.parametrize("text", ["26 2 2027", "26.02.2027", "2027-02-26", "26/2/2027", "26 February 2027"])
def test_dates_as_people_type_them(text: str) -> None:
    assert parsing.read_date(text) == date(2027, 2, 26)


@pytest.mark.parametrize("text", ["31 2 2027", "yesterday", "0", "2027", "99999999999999999999"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(parsing.UnreadableError):
        parsing.read_date(text)
