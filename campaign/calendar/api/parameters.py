"""What may stand behind the question mark: every filter of the calendar, and the few names that only programs need."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaign.calendar.filters import NAMES, RADII, RADIUS, Filter
from campaign.core import languages
from campaign.core.faults import Invalid
from campaign.core.folding import clean
from campaign.events.lifecycle import ACCESS, Entry, Mode, Type

USUAL_LIMIT, HIGHEST_LIMIT = 50, 100
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One name: what it means and a value that works.

    `values` are all that it knows, empty where any text may stand. `bounds` make it a whole number, which is refused
    outside of them; a filter is never refused but left out and named.
    """

    name: str
    meaning: LazyString
    example: str
    values: tuple[str, ...] = ()
    is_repeatable: bool = False
    bounds: tuple[int, int] | None = None

    @property
    def openapi(self) -> dict[str, Any]:
        """The Parameter Object (OpenAPI 3.1), without `name` and `in`."""
        found: dict[str, Any] = {"description": str(self.meaning), "required": False, "schema": self._schema()}
        return found | {"example": [self.example] if self.is_repeatable else self._typed(self.example)}

    def _typed(self, text: str) -> str | int:
        return int(text) if self.bounds else text

    def _schema(self) -> dict[str, Any]:
        if self.bounds:
            return {"type": "integer", "minimum": self.bounds[0], "maximum": self.bounds[1]}
        # A value that is not known is left out and named in the answer, so any text may be sent.
        known = [{"type": "string", "enum": list(self.values)}] if self.values else []
        one = {"anyOf": [*known, {"type": "string"}]} if known else {"type": "string"}
        return {"type": "array", "items": one} if self.is_repeatable else one


_FILTERS = (
    Parameter(name="on", meaning=_("Events of one day, on the calendar of the event's place."), example="2027-02-26"),
    Parameter(name="from", meaning=_("Events of this day and later ones."), example="2027-02-20"),
    Parameter(name="to", meaning=_("Events of this day and earlier ones."), example="2027-03-02"),
    Parameter(name="month", meaning=_("Events of one month."), example="2027-02"),
    Parameter(
        name="near",
        meaning=_("Events near a city, in any script, or near degrees; these are rounded to a tenth and kept nowhere."),
        example="Berlin",
    ),
    Parameter(
        name="r",
        meaning=_("How many kilometres “near” reaches; %(usual)d if it is left out.", usual=RADIUS),
        example="10",
        values=tuple(map(str, RADII)),
    ),
    Parameter(name="country", meaning=_("Events in a country (ISO 3166-1 alpha-2)."), example="DE"),
    Parameter(name="city", meaning=_("Events in a city: its name, or country and name."), example="de/berlin"),
    Parameter(
        name="type",
        meaning=_("Kind of event; repeat it for several."),
        example="ceremony",
        values=tuple(Type),
        is_repeatable=True,
    ),
    Parameter(
        name="spoken",
        meaning=_("Language spoken at the event (BCP 47); repeat it for several."),
        example="de",
        is_repeatable=True,
    ),
    Parameter(name="mode", meaning=_("How people take part."), example="hybrid", values=tuple(Mode)),
    Parameter(
        name="access",
        meaning=_("What the organiser confirms about access; repeat it to ask for all of it."),
        example="step_free",
        values=ACCESS,
        is_repeatable=True,
    ),
    Parameter(name="free", meaning=_("Only events without an entrance fee."), example="1", values=("1",)),
    Parameter(name="entry", meaning=_("Who may come."), example="open", values=tuple(Entry)),
    Parameter(name="org", meaning=_("Events of an organisation, by its id."), example="embassy-berlin"),
    Parameter(
        name="q",
        meaning=_(
            "Words in title, description, place, city or organiser; letters with and without marks are the same."
        ),
        example="music",
    ),
    Parameter(
        name="page",
        meaning=_("Where to go on. Follow “next” as it is; a key that no answer gave out is not found."),
        example="WzEwMDBd",
    ),
)
_OTHERS = (
    Parameter(
        name="limit",
        meaning=_("How many items an answer holds; %(usual)d if it is left out.", usual=USUAL_LIMIT),
        example="10",
        bounds=(1, HIGHEST_LIMIT),
    ),
    Parameter(
        name="lang",
        meaning=_("Language of page addresses and of the names of countries; English if it is left out."),
        example="az",
        values=tuple(languages.NAMES),
    ),
    Parameter(
        name="year",
        meaning=_("Year of the day of remembrance; the coming one if it is left out."),
        example="2027",
        bounds=(1900, 2100),
    ),
)
ALL = {parameter.name: parameter for parameter in (*_FILTERS, *_OTHERS)}
FILTERS: tuple[str, ...] = NAMES
LIST = (*FILTERS, "limit", "lang")


def whole_number(name: str, usual: int) -> int:
    """A parameter with bounds as this request gives it. Raises Invalid for what is no number within them."""
    bounds, text = ALL[name].bounds, request.args.get(name)
    assert bounds is not None
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10 and bounds[0] <= int(text) <= bounds[1]):
        sentence = _("This must be a whole number from %(first)d to %(last)d.", first=bounds[0], last=bounds[1])
        raise Invalid({name: sentence})
    return int(text)


def language() -> str:
    """The language this request asks for; what a browser prefers says nothing here, as programs keep addresses."""
    asked = request.args.get("lang", "")
    return asked if asked in languages.NAMES else languages.DEFAULT


def remember_names() -> tuple[str, ...]:
    """Names of this request's parameters, few of them; kept answers see only those that mean something."""
    g.asked_names = tuple(sorted(clean(name)[:40] for name in set(request.args)))[: 2 * _MOST_NAMED]
    return tuple(g.asked_names)


def ignored(wanted: Filter | None, known: Iterable[str]) -> list[str]:
    """Parameters of this request that were left out: their value means nothing, or nobody knows their name."""
    asked = request.args.get("lang")
    found = [*(wanted.unknown if wanted else ()), *(["lang"] if asked and asked not in languages.NAMES else [])]
    names = g.get("asked_names") or remember_names()
    strangers = [name for name in names if name not in set(known)]
    return list(dict.fromkeys([*found, *strangers]))[:_MOST_NAMED]
