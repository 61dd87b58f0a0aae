"""Countries: ISO 3166-1 alpha-2 codes, with the names CLDR gives them in each language."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.core import UnknownLocaleError

from campaign.core import languages
from campaign.core.folding import fold


@cache
def locale_of(language: str) -> Locale:
    """The CLDR locale of a language (BCP 47); English where CLDR knows none."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale.parse("en")


@cache
def codes() -> frozenset[str]:
    """All ISO 3166-1 alpha-2 codes; the list is the one that tzdata publishes."""
    lines = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8").splitlines()
    return frozenset(line.partition("\t")[0] for line in lines if line and not line.startswith("#"))


def is_country(code: str) -> bool:
    """Whether this is an ISO 3166-1 alpha-2 code, in capitals."""
    return code in codes()


def name(code: str, language: str = "en") -> str:
    """The country's name in this language (CLDR); the code itself where there is no name."""
    return str(locale_of(language).territories.get(code, code)) if is_country(code) else code


def find(text: str) -> str:
    """The code of a country by its code, or by its name in one of our languages as anybody types it; else empty."""
    code = text.strip().upper()
    return code if is_country(code) else _by_name().get(fold(text), "")


@cache
def _by_name() -> Mapping[str, str]:
    """Folded names and their codes. What a name means in an earlier language is not changed by a later one."""
    named = [(fold(name(code, language)), code) for language in languages.NAMES for code in sorted(codes())]
    return dict(reversed(named))


@cache
def options(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country, sorted by name as people of any script type it."""
    named = ((code, name(code, language)) for code in codes())
    return tuple(sorted(named, key=lambda pair: (fold(pair[1]), pair[0])))
