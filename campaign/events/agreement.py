"""Answers of one form that contradict each other; pure. Said aloud, because what does not fit would be dropped."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaign.events.lifecycle import Duration

Boxes = Mapping[str, Any]
Problems = dict[str, LazyString | str]


def problems(boxes: Boxes) -> Problems:
    """A sentence for each box whose answer would be lost, by the name of the box."""
    return _times(boxes) | _further_language(boxes)


def _times(boxes: Boxes) -> Problems:
    found: Problems = {}
    duration = boxes["duration"] or Duration.SINGLE
    if duration == Duration.RUN:
        sentence = _("What stays open over several days has opening hours: enter them below and leave this box empty.")
        found |= {name: sentence for name in ("start", "end") if boxes[name]}
    else:
        sentence = _("Opening hours belong to “Open over several days”. Choose that above, or empty this box.")
        found |= {name: sentence for name in (f"hours_{day}" for day in range(7)) if boxes[name]}
    if duration == Duration.DATES and boxes["end_date"]:
        found["end_date"] = _("Each separate date has a line of its own under “Further dates”. Please empty this box.")
    if duration != Duration.DATES and boxes["further_dates"]:
        found["further_dates"] = _("Further dates belong to “Several separate dates”. Choose that, or empty this box.")
    return found


def _further_language(boxes: Boxes) -> Problems:
    code = boxes["second_language"]
    if not code:
        is_written = boxes["second_title"] or boxes["second_description"]
        return {"second_language": _("Choose the language of this text, or empty both boxes.")} if is_written else {}
    if code == boxes["language"]:
        return {"second_language": _("This is the language of the main text. Choose another one.")}
    if not boxes["second_title"]:
        return {"second_title": _("Enter the title in that language, or choose “No further language”.")}
    return {}
