"""Boxes of the form and EventDetails say the same, both ways, for every field there is."""

from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from campaign.core.folding import clean, one_line
from campaign.events import labels, typed
from campaign.events.details import EventDetails, Host, Occasion, ProgrammeItem, Wording
from campaign.events.forms import FIELD_OF, EventForm
from campaign.events.lifecycle import ACCESS, Answer, Duration, Entry, Mode, Type

DAYS = st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 1)).map(lambda d: d.replace(second=0, microsecond=0))
LINE = st.text(max_size=30).map(one_line).filter(lambda text: not text.isspace())
FULL_LINE = LINE.filter(bool)
TEXT = st.text(max_size=60).map(clean)
NUMBERED = {"hosts", "latitude", "longitude", "picture_id"}  # Found or uploaded, never typed.


@st.composite
def details(draw: Any) -> EventDetails:
    """Anything an organiser could have said with the form."""
    duration = draw(st.sampled_from(Duration))
    time_known = duration is not Duration.RUN
    starts = draw(DAYS) if time_known else draw(DAYS).replace(hour=0, minute=0)
    ends = starts + timedelta(days=draw(st.integers(0, 9)), minutes=draw(st.integers(0, 600)) if time_known else 0)
    when: dict[str, Any] = {"starts": starts, "ends": draw(st.sampled_from([ends, None]))}
    if duration is Duration.DATES:
        last = starts.replace(hour=23, minute=59)
        when["ends"] = draw(st.sampled_from([last, None]))
        further = [starts + timedelta(days=n) for n in draw(st.sets(st.integers(1, 90), max_size=4))]
        first = Occasion(starts=starts, ends=when["ends"])
        when["occasions"] = tuple(sorted([first, *(Occasion(starts=d) for d in further)], key=lambda o: o.starts))
    codes = draw(st.lists(st.sampled_from(labels.LANGUAGES), min_size=2, max_size=2, unique=True))
    has_second = draw(st.booleans())
    wording = Wording(title=draw(FULL_LINE), description=draw(TEXT))
    return EventDetails(
        title=draw(LINE),
        description=draw(TEXT),
        language=codes[0],
        translations={codes[1]: wording} if has_second else {},
        type=draw(st.sampled_from([*Type, None])),
        duration=duration,
        is_time_known=time_known,
        time_zone=draw(st.sampled_from(["", "Europe/Berlin", "Asia/Kathmandu"])),
        opening_hours={"0": "10:00-18:00", "6": draw(FULL_LINE)} if duration is Duration.RUN else {},
        mode=draw(st.sampled_from(Mode)),
        city=draw(LINE),
        city_id=draw(st.sampled_from([None, 7])),
        country=draw(st.sampled_from(["", "DE", "AZ"])),
        is_address_public=draw(st.booleans()),
        is_picture_sensitive=draw(st.booleans()),
        stream_opens_minutes=draw(st.integers(0, 1440)),
        spoken=tuple(draw(st.lists(st.sampled_from(labels.LANGUAGES), max_size=3, unique=True))),
        programme=(ProgrammeItem(time="17:00", text="Welcome"), ProgrammeItem(time="", text="2 speakers")),
        sources=tuple(draw(st.lists(FULL_LINE, max_size=3))),
        entry=draw(st.sampled_from([*Entry, None])),
        registration_by=draw(st.sampled_from([None, date(2027, 2, 20)])),
        is_free=draw(st.booleans()),
        capacity=draw(st.sampled_from([None, 1, 1_000_000])),
        access={name: draw(st.sampled_from(Answer)).value for name in ACCESS},
        **when,
        **{name: draw(LINE) for name in PLAIN_LINES},
    )


PLAIN_LINES = (
    "venue", "address", "room", "stream_url", "stream_fallback_url", "content_note", "picture_alt", "picture_credit",
    "registration_url", "price", "entry_checks", "contact_phone", "contact_url",
)  # fmt: skip


@pytest.fixture
def engine() -> str:
    return "sqlite"  # Nothing here asks a database.


def posted(boxes: dict[str, Any]) -> MultiDict[str, Any]:
    """The boxes as a browser would send them."""
    sent: MultiDict[str, Any] = MultiDict()
    for name, value in boxes.items():
        for one in value if isinstance(value, list) else [value]:
            if one not in (None, False):
                sent.add(name, "y" if one is True else str(one))
    return sent


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=details())
def test_details_to_boxes_to_details(app: Flask, said: EventDetails) -> None:
    with app.test_request_context(method="POST"):
        form = EventForm(formdata=posted(typed.boxes_of(said) | {"organization": "0"}))
        form.offer([(0, "Nobody")])
        assert form.validate(), form.errors
        assert form.details() == said


def test_no_field_is_without_a_box() -> None:
    """A new field of EventDetails must be asked for, named, and come back."""
    known = typed.boxes_of(EventDetails())
    names = {f.name for f in fields(EventDetails)} - {"latitude", "longitude"}
    boxes = {FIELD_OF.get(name, name) for name in names}
    asked = {name for name in dir(EventForm) if not name.startswith("_")}
    assert boxes <= asked
    assert names - {"city_id", "is_time_known"} <= set(labels.FIELD)
    assert set(known) <= asked


def test_what_the_form_does_not_ask_for_is_kept(app: Flask) -> None:
    hosts = tuple(Host(id=n, name=f"Host {n}") for n in range(1, 7))
    before = EventDetails(
        hosts=hosts, picture_id=5, translations={"de": Wording(title="D"), "az": Wording(title="A", description="B")}
    )
    with app.test_request_context(method="POST"):
        form = EventForm(formdata=posted(typed.boxes_of(before) | {"organization": "0"}))
        form.offer([(0, "Nobody")])
        assert form.validate(), form.errors
        after = form.details(before)
    assert after.picture_id == 5
    assert after.translations == before.translations
    assert [host.name for host in after.hosts] == [host.name for host in hosts]
    assert after.hosts[4:] == hosts[4:]


@pytest.mark.parametrize(
    ("boxes", "box"),
    [
        ({"duration": "run", "start": "10:00"}, "start"),
        ({"duration": "run", "end": "18:00"}, "end"),
        ({"duration": "single", "further_dates": "2027-02-27 17:00"}, "further_dates"),
        ({"duration": "dates", "end_date": "28 2 2027"}, "end_date"),
        ({"duration": "single", "hours_3": "10-18"}, "hours_3"),
        ({"second_title": "Abend"}, "second_language"),
        ({"second_description": "Ein Abend"}, "second_language"),
        ({"second_language": "de", "second_description": "Ein Abend"}, "second_title"),
        ({"second_language": "en", "second_title": "Evening", "language": "en"}, "second_language"),
    ],
)
def test_nothing_typed_is_dropped_without_a_word(app: Flask, boxes: dict[str, str], box: str) -> None:
    with app.test_request_context(method="POST"):
        form = EventForm(formdata=posted({"organization": "0", "language": "en", **boxes}))
        form.offer([(0, "Nobody")])
        assert not form.validate()
        assert list(form.errors) == [box]
