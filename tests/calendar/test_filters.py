"""The filter: what a query string means, what it does not, and that it comes back the same."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from campaign.calendar.filters import NAMES, Filter, month_of
from campaign.core import paging
from campaign.events.lifecycle import Entry, Mode, Type


def read(**values: str | list[str]) -> Filter:
    return Filter.read(MultiDict({name.rstrip("_"): value for name, value in values.items()}))


EVERYTHING = {
    "from": "2027-02-20", "to": "2027-03-01", "near": "Berlin", "r": "200", "country": "de", "city": "de/berlin",
    "type": ["ceremony", "vigil"], "spoken": ["az", "de"], "mode": "hybrid", "access": ["step_free"], "free": "1",
    "entry": "open", "org": "embassy-berlin", "q": "Üzeyir hall",
}  # fmt: skip


def test_every_filter_is_read_and_comes_back() -> None:
    wanted = read(**EVERYTHING)
    assert wanted.unknown == ()
    assert (wanted.first, wanted.last) == (date(2027, 2, 20), date(2027, 3, 1))
    assert wanted.types == (Type.CEREMONY, Type.VIGIL)
    assert (wanted.mode, wanted.entry, wanted.is_free) == (Mode.HYBRID, Entry.OPEN, True)
    assert (wanted.country, wanted.radius, wanted.near) == ("DE", 200, "Berlin")
    assert Filter.read(MultiDict(wanted.query())) == wanted
    assert set(wanted.query()) == set(EVERYTHING)


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({"on": "2027-02-26"}, date(2027, 2, 26), date(2027, 2, 26)),
        ({"month": "2028-02"}, date(2028, 2, 1), date(2028, 2, 29)),
        ({"from": "2027-02-01"}, date(2027, 2, 1), None),
        ({"to": "2027-02-01"}, None, date(2027, 2, 1)),
        ({"on": "2027-02-26", "month": "2027-03", "from": "2026-01-01"}, date(2027, 2, 26), date(2027, 2, 26)),
    ],
)
def test_dates(query: dict[str, str], first: date | None, last: date | None) -> None:
    assert (read(**query).first, read(**query).last) == (first, last)


def test_a_month_stays_a_month_in_the_address() -> None:
    assert read(month="2027-02").query() == {"month": ["2027-02"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("on", "2027-02-31"), ("on", "0001-01-01"), ("on", "99999-01-01"), ("on", "2027-W08-5"), ("from", "tomorrow"),
        ("month", "2027-13"), ("month", "2027"), ("near", "200,10"), ("near", "1,2,3"), ("near", "!!!"), ("r", "51"),
        ("r", "-1"), ("r", "٥٠"), ("country", "ZZZ"), ("country", "ZZ"), ("type", "party"), ("spoken", "qqq"),
        ("mode", "both"), ("access", "lift"), ("free", "maybe"), ("entry", "closed"), ("org", "two words"),
        ("page", "!!"), ("page", "x" * 10_000),
    ],
)  # fmt: skip
def test_nonsense_is_named_and_the_rest_still_works(name: str, value: str) -> None:
    wanted = Filter.read(MultiDict({"q": "candle", name: value}))
    assert wanted.unknown == (name,)
    assert wanted.query() == {"q": ["candle"]}


def test_a_last_day_before_the_first_is_left_out() -> None:
    wanted = read(**{"from": "2027-02-26", "to": "2027-02-01"})
    assert (wanted.first, wanted.last, wanted.unknown) == (date(2027, 2, 26), None, ("to",))


@pytest.mark.parametrize(
    ("typed", "dates", "unknown"),
    [
        ({"on": "2027-02-26", "from": "2027-02-01"}, {"on": ["2027-02-26"]}, ("from",)),
        ({"on": "2027-02-26", "month": "2027-02", "to": "2027-02-28"}, {"on": ["2027-02-26"]}, ("month", "to")),
        ({"on": "2027-02-26", "from": "2027-02-26", "to": "2027-02-26"}, {"on": ["2027-02-26"]}, ()),
        ({"month": "2027-02", "from": "2027-02-03"}, {"month": ["2027-02"]}, ("from",)),
        ({"month": "2027-02", "from": "2027-02-01", "to": "2027-02-28"}, {"month": ["2027-02"]}, ()),
    ],
)
def test_other_days_beside_a_chosen_day_or_month_are_named(
    typed: dict[str, str], dates: dict[str, list[str]], unknown: tuple[str, ...]
) -> None:
    wanted = read(**typed)
    assert wanted.query() == dates
    assert wanted.unknown == unknown


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("52.5200,13.4050", "52.5,13.4"), (" -0.04 ; 179.96 ", "0,180"), ("-33.86,151.21", "-33.9,151.2"),
        ("90,-180", "90,-180"),
    ],
)  # fmt: skip
def test_a_position_is_rounded_before_anything_keeps_it(typed: str, kept: str) -> None:
    wanted = read(near=typed)
    assert wanted.near == kept
    assert wanted.centre is not None
    assert typed == kept or typed not in repr(wanted)


@pytest.mark.parametrize("name", ["on", "near", "country", "city", "mode", "entry", "free", "org", "q"])
def test_each_filter_can_be_taken_away(name: str) -> None:
    wanted = read(**EVERYTHING).without(name)
    gone = {"on": {"from", "to"}, "near": {"near", "r"}}.get(name, {name})
    assert set(wanted.query()) == set(EVERYTHING) - gone


def test_one_of_several_values_can_be_taken_away() -> None:
    wanted = read(type=["ceremony", "vigil"], spoken=["az", "de"])
    assert wanted.without("type", "vigil").types == (Type.CEREMONY,)
    assert wanted.without("spoken", "az").spoken == ("de",)


def test_months_end_where_they_end() -> None:
    assert month_of(2027, 2) == (date(2027, 2, 1), date(2027, 2, 28))
    assert month_of(2100, 12)[1] == date(2100, 12, 31)


ANYTHING = st.one_of(st.text(max_size=60), st.sampled_from([paging.encode("2027-02-26T18:00:00", 3), "de", "10", "1"]))


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from([*NAMES, "utm_source", ""]), ANYTHING), max_size=12))
def test_any_query_string_is_read_and_what_it_means_is_stable(pairs: list[tuple[str, str]]) -> None:
    wanted = Filter.read(MultiDict(pairs))
    again = Filter.read(MultiDict(wanted.query()))
    assert again.query() == wanted.query()
    assert again.unknown == ()
    assert iri_to_uri(wanted.query_string()).isascii()
