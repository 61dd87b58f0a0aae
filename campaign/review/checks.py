"""What a coordinator would look up by hand, looked up: each check says what it found and decides nothing; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.core.languages import format_date
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Duration, Mode
from campaign.places import distances, zones
from campaign.places.models import City
from campaign.review.wording_check import examine

# A pin this far from the middle of its city belongs to another place.
FAR = 30
LONGEST = timedelta(hours=12)
MOST_PHRASES = 5

_FIGURE = re.compile(r"(?<![\w:.,/-])\d{2,}(?:[ .,]\d{3})*(?![\w:/-]|[.,]\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d[\d ()/-]{7,}\d")

_KINDS: Mapping[str, LazyString] = {
    "slur": _l("Wording: a word that insults a people: “%(phrase)s”"),
    "incitement": _l("Wording: may call for violence: “%(phrase)s”"),
    "dehumanising": _l("Wording: may deny that people are human: “%(phrase)s”"),
    "collective-blame": _l("Wording: may blame a whole people: “%(phrase)s”"),
    "attributed-to-a-people": _l("Wording: lays an act to a people and names no source: “%(phrase)s”"),
    "denial": _l("Wording: may deny what victims suffered: “%(phrase)s”"),
}


class Level(StrEnum):
    """How a check came out: fine, worth a look, or something to know."""

    FINE = "ok"
    LOOK = "warn"
    NOTE = "info"


@dataclass(frozen=True, slots=True)
class Check:
    """One line; `ref` is another event to compare with."""

    level: Level
    words: str
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known around an event. `window` is the edition it belongs to, first and last day.

    `alike` are (reference, title) of events at the same place and hour; `organizer` is the name of the organisation;
    `is_reachable` says that letters to who entered the event do not come back.
    """

    window: tuple[date, date]
    is_within_window: bool
    today: date
    language: str
    city: City | None
    city_name: str
    organizer: str
    is_verified: bool
    published: int
    is_reachable: bool = True
    alike: Sequence[tuple[str, str]] = ()


def run(details: EventDetails, around: Surroundings) -> list[Check]:
    """Every check that applies, what needs a look first."""
    found = [
        *_alike(around),
        *_wording(details),
        *_time(details, around),
        *_place(details, around),
        *_sources(details),
        *_private(details),
        *_picture(details),
        *_organizer(around),
    ]
    return sorted(found, key=lambda check: check.level is not Level.LOOK)


def _alike(around: Surroundings) -> Iterator[Check]:
    for ref, title in around.alike:
        yield Check(Level.LOOK, _("In the same city within three hours: “%(title)s”", title=title), ref)


def _wording(details: EventDetails) -> Iterator[Check]:
    texts = [text for text in _texts(details) if text]
    found = examine("\n".join(texts))
    for finding in found[:MOST_PHRASES]:
        yield Check(Level.LOOK, str(_KINDS[finding.kind]) % {"phrase": finding.phrase})
    if not found:
        yield Check(Level.FINE, _("Wording: nothing to look at was found"))


def _texts(details: EventDetails) -> Iterator[str]:
    """Whatever the public would read as text."""
    yield from (details.title, details.description, details.content_note, details.picture_alt)
    yield from (line.text for line in details.programme)
    for wording in details.translations.values():
        yield from (wording.title, wording.description)


def _time(details: EventDetails, around: Surroundings) -> Iterator[Check]:
    if details.starts is None:
        yield Check(Level.LOOK, _("No date is given"))
        return
    first, last = (str(format_date(day, "d MMMM")) for day in around.window)
    if around.is_within_window:
        yield Check(Level.FINE, _("Within the campaign’s weeks, %(first)s to %(last)s", first=first, last=last))
    else:
        yield Check(Level.LOOK, _("Outside the campaign’s weeks, %(first)s to %(last)s", first=first, last=last))
    if last_day(details) < around.today:
        yield Check(Level.LOOK, _("The date has passed"))
    if not details.is_time_known:
        yield Check(Level.NOTE, _("The hour is not stated"))
    elif details.duration is Duration.SINGLE and details.ends and details.ends - details.starts > LONGEST:
        yield Check(Level.LOOK, _("It lasts more than twelve hours"))


def last_day(details: EventDetails) -> date:
    """The last day of an event that has a date."""
    ends = [o.ends or o.starts for o in details.occasions]
    moments = [*ends, details.ends, details.starts]
    return max(moment.date() for moment in moments if moment)


def _place(details: EventDetails, around: Surroundings) -> Iterator[Check]:
    city = around.city
    if details.mode is Mode.ONLINE:
        return
    if city is None:
        yield Check(Level.LOOK, _("The city is not in the list of cities; position and time zone were given by hand"))
        return
    if city.country != details.country:
        yield Check(Level.LOOK, _("%(city)s lies in another country", city=around.city_name))
    if city.time_zone != details.time_zone:
        here, there = (zones.city_of(zone, around.language) for zone in (details.time_zone, city.time_zone))
        words = _("The times are those of %(here)s; the city keeps those of %(there)s", here=here, there=there)
        yield Check(Level.LOOK, words)
    yield _pin(details, city, around.city_name)


def _pin(details: EventDetails, city: City, name: str) -> Check:
    if details.latitude is None or details.longitude is None:
        return Check(Level.NOTE, _("There is no pin; the map shows the middle of %(city)s", city=name))
    away = distances.kilometres(details.latitude, details.longitude, city.latitude, city.longitude)
    if away < 1:
        return Check(Level.FINE, _("The pin is in the middle of %(city)s", city=name))
    words = _("The pin is %(number)d km from the middle of %(city)s", number=round(away), city=name)
    return Check(Level.LOOK if away > FAR else Level.FINE, words)


def _sources(details: EventDetails) -> Iterator[Check]:
    if details.sources:
        words = ngettext("%(num)d source is named", "%(num)d sources are named", len(details.sources))
        yield Check(Level.FINE, words)
        return
    told = _FIGURE.findall(_PRIVATE.sub("", details.description))
    figures = list(dict.fromkeys(text for text in told if not _YEAR.fullmatch(text)))
    if figures:
        named = _(", ").join(figures[:MOST_PHRASES])
        yield Check(Level.LOOK, _("Figures without a source: %(figures)s", figures=named))


def _private(details: EventDetails) -> Iterator[Check]:
    for phrase in dict.fromkeys(_PRIVATE.findall(details.description)):
        yield Check(Level.LOOK, _("An address or telephone number in the public text: %(phrase)s", phrase=phrase))


def _picture(details: EventDetails) -> Iterator[Check]:
    if details.picture_id is None:
        return
    if not details.picture_alt:
        yield Check(Level.LOOK, _("Nobody described the picture"))
    if not details.picture_credit:
        yield Check(Level.NOTE, _("Who made the picture is not said"))


def _organizer(around: Surroundings) -> Iterator[Check]:
    if not around.is_reachable:
        yield Check(Level.LOOK, _("Letters to the organiser come back undelivered; reach them another way"))
    if not around.organizer:
        yield Check(Level.LOOK, _("No organisation stands behind this event"))
        return
    if around.is_verified:
        yield Check(Level.FINE, _("%(organiser)s is verified", organiser=around.organizer))
    else:
        yield Check(Level.LOOK, _("%(organiser)s is not verified yet", organiser=around.organizer))
    if around.published:
        words = ngettext(
            "%(num)d event of theirs is public already",
            "%(num)d events of theirs are public already",
            around.published,
        )
        yield Check(Level.FINE, words)
    else:
        yield Check(Level.NOTE, _("Nothing of theirs is public yet"))
