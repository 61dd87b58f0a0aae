"""Reads what people type: dates, times, lines of several dates or of a programme. Raises UnreadableError only."""

import re
import unicodedata
from datetime import date, datetime, time
from functools import cache

from babel.dates import get_month_names
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaign.core.folding import fold
from campaign.events.details import Occasion, ProgrammeItem
from campaign.events.labels import LANGUAGES, language_name
from campaign.places.countries import locale_of

_MONTH_LANGUAGES = ("en", "az", "ar", "tr", "ru", "de", "fr")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})[\s./-]+([0-9]{1,2})[\s./-]+([0-9]{4})")
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[.\s-]*([^\W\d_][^0-9]{0,20}?)[.,\s-]+([0-9]{4})")
_MONTH_FIRST = re.compile(r"([^\W\d_][^0-9]{0,20}?)[.\s]+([0-9]{1,2})(?:st|nd|rd|th)?[,\s]+([0-9]{4})")
_TIME = re.compile(r"([0-9]{1,2})(?:\s*[:.h]\s*([0-9]{2}))?\s*h?\s*(am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE)
_LINE_OF_DATES = re.compile(r"(.*[0-9]{4}\S*|\S+)[\s,]+([^\s–-]+?(?:\s?[ap]m)?)(?:\s*[–-]\s*(\S.*))?", re.IGNORECASE)
YEARS = range(1900, 2101)
MOST_LINES = 100


class UnreadableError(ValueError):
    """The text cannot be read; `sentence` says what to type instead."""

    def __init__(self, sentence: LazyString | str) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def latin_digits(text: str) -> str:
    """Digits of every script as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in text)


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for language in _MONTH_LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale_of(language)).items():
                    found.setdefault(fold(name).strip(". "), number)
    return found


def read_date(text: str) -> date:
    """`2027-02-26`, `26 2 2027`, `26/2/2027`, `26 Feb 2027`, `26 fevral 2027`. Raises UnreadableError."""
    typed = latin_digits(text).strip()
    if found := _ISO.fullmatch(typed):
        year, month, day = found[1], int(found[2]), found[3]
    elif found := _NUMBERS.fullmatch(typed):
        day, month, year = found[1], int(found[2]), found[3]
    elif found := _NAMED.fullmatch(typed):
        day, month, year = found[1], _month(found[2]), found[3]
    elif found := _MONTH_FIRST.fullmatch(typed):
        month, day, year = _month(found[1]), found[2], found[3]
    else:
        raise UnreadableError(_("Enter the date with day, month and year, for example 26 2 2027."))
    if int(year) not in YEARS:
        raise UnreadableError(_("The year must lie between %(first)d and %(last)d.", first=YEARS[0], last=YEARS[-1]))
    try:
        return date(int(year), month, int(day))
    except ValueError:
        raise UnreadableError(_("This day does not exist in the calendar. Please check day and month.")) from None


def _month(name: str) -> int:
    try:
        return _months()[fold(name).strip(". ")]
    except KeyError:
        raise UnreadableError(_("We do not know this month. Enter it as a number, for example 26 2 2027.")) from None


def read_time(text: str) -> time:
    """`17`, `17.00`, `17:00`, `1700`, `5pm`, `5:30 p.m.`. Raises UnreadableError."""
    typed = latin_digits(text).strip()
    if re.fullmatch(r"[0-9]{4}", typed):
        typed = f"{typed[:2]}:{typed[2:]}"
    found = _TIME.fullmatch(typed)
    if found is None:
        raise UnreadableError(_("Enter a time, for example 17:00."))
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        raise UnreadableError(_("With am or pm the hour must be between 1 and 12."))
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise UnreadableError(_("This time does not exist. Enter a time between 0:00 and 23:59."))
    return time(hour, minute)


def read_occasions(text: str) -> tuple[Occasion, ...]:
    """One line per date: `2027-02-27 17:00-19:00`, the end may be missing. Raises UnreadableError, naming the line."""
    return tuple(_occasion(line) for line in _lines(text))


def _occasion(line: str) -> Occasion:
    found = _LINE_OF_DATES.fullmatch(latin_digits(line[:80]))
    try:
        if found is None:
            raise UnreadableError("")
        day = read_date(found[1].rstrip(","))
        ends = read_time(found[3]) if found[3] else None
        starts = datetime.combine(day, read_time(found[2]))
        return Occasion(starts=starts, ends=datetime.combine(day, ends) if ends else None)
    except UnreadableError as problem:
        hint = _(
            "Write each date on its own line like this: 2027-02-27 17:00-19:00. Please check “%(line)s”.",
            line=line[:60],
        )
        raise UnreadableError(f"{hint} {problem.sentence}".strip()) from None


def read_programme(text: str) -> tuple[ProgrammeItem, ...]:
    """One line per item: `17:00 Welcome`; a line may begin without a time."""
    return tuple(_item(line) for line in _lines(text))


def _item(line: str) -> ProgrammeItem:
    first, _gap, rest = line.partition(" ")
    if first.isdigit():
        return ProgrammeItem(time="", text=line)  # “2 speakers” is not two o'clock.
    try:
        moment = read_time(first.rstrip(":-–."))
    except UnreadableError:
        return ProgrammeItem(time="", text=line)
    return ProgrammeItem(time=f"{moment:%H:%M}", text=rest.strip(" -–")) if rest else ProgrammeItem(time="", text=line)


def read_lines(text: str) -> tuple[str, ...]:
    return tuple(_lines(text))


def read_number(text: str, highest: int) -> int:
    """A whole number from 0 to `highest`. Raises UnreadableError."""
    typed = re.sub(r"[\s.,']", "", latin_digits(text))
    if not re.fullmatch(r"[0-9]{1,9}", typed) or int(typed) > highest:
        raise UnreadableError(_("Enter a whole number up to %(highest)d.", highest=highest))
    return int(typed)


def read_languages(text: str) -> tuple[str, ...]:
    """Names (in any of our languages, or their own) or codes, separated by commas. Raises UnreadableError."""
    return tuple(dict.fromkeys(_language(part) for part in re.split(r"[,;،\n]", text) if part.strip()))


def _language(typed: str) -> str:
    name = fold(typed)
    if name in _languages():
        return _languages()[name]
    if len(name) in (2, 3) and name.isascii() and language_name(name, "en") != name:
        return name
    raise UnreadableError(
        _("We do not know the language “%(name)s”. Please use its English name.", name=typed.strip()[:40])
    )


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for ui_language in ("en", "az", "ar", *LANGUAGES):
        for code, name in locale_of(ui_language).languages.items():
            if "_" not in code:
                found.setdefault(fold(str(name)), code)
    return found


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise UnreadableError(_("Please use at most %(most)d lines.", most=MOST_LINES))
    return lines
