"""Several events on a day are one letter; a week has two; nothing is dropped over that, only told earlier."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campaign.reminders.pacing import Item, letters, week_of

MONDAY = date(2027, 2, 22)
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _item(text: str) -> Item:
    """`Wed A P1D`: on Wednesday at ten, the day before event A; `Wed15 A PT2H` at three."""
    when, event, offset = text.split()
    day, hour = NAMES.index(when[:3]), int(when[3:] or 10)
    on = MONDAY + timedelta(days=day)
    at = datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
    return Item(
        campaign_id=1 if event.isupper() else 2,
        event_id=ord(event.upper()) - 64,
        position=0,
        offset=offset,
        version=1,
        at=at,
        until=at + timedelta(days=1),
        on=on,
    )


def _planned(items: list[str], sent: int = 0) -> list[str]:
    weeks = {(1, week_of(MONDAY)): sent}
    told = [
        f"{NAMES[slot.on.weekday()]} {''.join(sorted({chr(64 + item.event_id) for item in slot.items}))}"
        for slot in letters([_item(text) for text in items], weeks)
    ]
    return sorted(told, key=lambda text: NAMES.index(text[:3]))


@pytest.mark.parametrize(
    ("items", "planned"),
    [
        ([], []),
        (["Wed A P1D"], ["Wed A"]),
        # One day, one letter, whatever it is that falls on it.
        (["Wed A P1D", "Wed B P1D"], ["Wed AB"]),
        (["Wed A P1D", "Wed B P7D", "Wed08 C P0D"], ["Wed ABC"]),
        (["Mon A P1D", "Thu B P1D"], ["Mon A", "Thu B"]),
        # A third letter of the week: it is told earlier, in the letter that makes it the least early.
        (["Mon A P1D", "Tue B P1D", "Sat C P1D"], ["Mon AB", "Sat C"]),
        (["Mon A P1D", "Fri B P1D", "Sat C P1D"], ["Mon A", "Fri BC"]),
        (["Mon A P1D", "Tue B P1D", "Wed C P1D", "Thu D P1D"], ["Mon AB", "Wed CD"]),
        (["Mon A P1D", "Tue B P1D", "Wed C P1D", "Thu D P1D", "Fri E P1D", "Sat F P1D"], ["Mon ABC", "Thu DEF"]),
        # Two hours before keeps its hour; where the measure is full, the day before has told it already.
        (["Wed A P1D", "Thu15 A PT2H"], ["Wed A", "Thu A"]),
        (["Mon A P1D", "Wed B P1D", "Thu15 B PT2H"], ["Mon A", "Wed B"]),
        (["Wed A P1D", "Thu08 A P0D", "Thu15 A PT2H"], ["Wed A", "Thu A"]),
        # Another campaign has its own letters and its own measure.
        (["Wed A P1D", "Wed b P1D"], ["Wed A", "Wed B"]),
        (["Mon A P1D", "Tue B P1D", "Wed c P1D", "Thu d P1D"], ["Mon A", "Tue B", "Wed C", "Thu D"]),
    ],
)
def test_a_week(items: list[str], planned: list[str]) -> None:
    assert _planned(items) == planned
    assert _planned(items[::-1]) == planned


@pytest.mark.parametrize(
    ("sent", "planned"),
    [(0, ["Thu A", "Fri B"]), (1, ["Thu AB"]), (2, ["Thu AB"]), (5, ["Thu AB"])],
)
def test_what_left_already_counts_but_what_was_asked_for_is_never_lost(sent: int, planned: list[str]) -> None:
    assert _planned(["Thu A P1D", "Fri B P1D"], sent) == planned


def test_each_week_has_its_own_measure() -> None:
    items = ["Mon A P1D", "Tue B P1D", "Wed C P1D"]
    later = [Item(**{**_as_dict(_item(text)), "on": _item(text).on + timedelta(days=7)}) for text in items]
    assert len(list(letters([*map(_item, items), *later], {}))) == 4


def _as_dict(item: Item) -> dict[str, object]:
    return {name: getattr(item, name) for name in item.__slots__}


def test_a_letter_is_worth_sending_while_one_of_its_items_is() -> None:
    (slot,) = letters([_item("Wed A P1D"), _item("Wed08 B P0D")], {})
    assert (slot.at.hour, slot.until) == (8, _item("Wed A P1D").until)
