"""The diff is exact, word by word, and safe to show."""

import time

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from campaign.review.diffing import changes, words


def test_only_what_differs_is_marked():
    left, right = words("invites guests to an evening", "invites members of the public to an evening")
    assert left == "invites <del>guests</del> to an evening"
    assert right == "invites <ins>members of the public</ins> to an evening"


def test_markup_of_the_organiser_is_text():
    left, right = words("<b>old</b>", "<script>new</script>")
    assert "<script>" not in right
    assert "<b>" not in left
    assert isinstance(right, Markup)


@given(st.text(), st.text())
def test_nothing_is_lost(before, after):
    left, right = words(before, after)
    assert left.replace("<del>", "").replace("</del>", "") == escape(before)
    assert right.replace("<ins>", "").replace("</ins>", "") == escape(after)


def test_a_very_long_text_does_not_hang():
    started = time.monotonic()
    words("a b " * 20_000, "b a " * 20_000)
    assert time.monotonic() - started < 2


def test_only_fields_that_differ_are_rows():
    rows = changes(
        [("title", "Title", "One"), ("city", "City", "Berlin"), ("room", "Room", "3")],
        [("title", "Title", "Two"), ("city", "City", "Berlin"), ("price", "Price", "5")],
    )
    assert [(row.field, row.before, row.after) for row in rows] == [
        ("title", "<del>One</del>", "<ins>Two</ins>"),
        ("room", "<del>3</del>", ""),
        ("price", "", "<ins>5</ins>"),
    ]
