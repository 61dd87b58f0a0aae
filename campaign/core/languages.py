"""Languages of the interface: which there are, which way they run, and which one this request speaks.

The first part of a public address decides. Elsewhere: `?lang=`, the signed-in person's choice, the cookie, then what
the browser accepts. A new language needs a catalogue in `campaign/translations/` and one line here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_locale
from typing_extensions import override

NAMES = {"en": "English", "az": "Azərbaycanca", "ar": "العربية"}
DEFAULT = "en"
COOKIE = "lang"


class _Texts(Domain):
    """The texts of every language, found with one look: a page asks for more than a hundred."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain=domain)
        self._known: dict[Locale, Any] = {}

    @override
    def get_translations(self) -> Any:
        now = spoken()
        if now is None:
            return super().get_translations()
        if now not in self._known:
            self._known[now] = super().get_translations()
        return self._known[now]


class _Babel(Babel):
    @cached_property
    @override
    def domain_instance(self) -> Domain:
        return _Texts(self.domain)


babel = _Babel()


def spoken() -> Locale | None:
    """The locale spoken now. What Flask-Babel knows is read in one look instead of its three; else it is asked."""
    known = g.get("_flask_babel") if has_app_context() else None
    found: Locale | None = getattr(known, "babel_locale", None)
    return get_locale() if found is None else found


def said(words: str) -> str:
    """A text in the language spoken now: `gettext` by a shorter way, for templates, which say more than a hundred."""
    return _said(words, spoken())


@lru_cache(maxsize=10_000)
def _said(words: str, _spoken: Locale | None) -> str:
    return str(babel.domain_instance.get_translations().ugettext(words))


def counted(one: str, many: str, number: int) -> str:
    """`ngettext` by the same way; the number is not put in yet."""
    return str(babel.domain_instance.get_translations().ungettext(one, many, number))


def format_date(day: date, pattern: str) -> str:
    """A day in the language spoken now, by a name (`long`) or a pattern of CLDR; the same again for the same day."""
    return _written(day, pattern, spoken() or locale(DEFAULT))


@lru_cache(maxsize=5000)
def _written(day: date, pattern: str, spoken: Locale) -> str:
    return babel_date(day, pattern, locale=spoken)


def format_parts(day: date, parts: str) -> str:
    """Some parts of a day (a skeleton of CLDR, `MMMMd`) in the order that the language spoken now puts them in."""
    return _arranged(day, parts, spoken() or locale(DEFAULT))


@lru_cache(maxsize=5000)
def _arranged(day: date, parts: str, spoken: Locale) -> str:
    return str(format_skeleton(parts, datetime(day.year, day.month, day.day), locale=spoken))


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in another language; `canonical` leaves out what only changes how it is looked at."""

    code: str
    name: str
    url: str
    canonical: str

    @property
    def is_default(self) -> bool:
        """Whether readers of any other language are best served here (hreflang `x-default`)."""
        return self.code == DEFAULT


@cache
def direction(language: str) -> str:
    """`rtl` or `ltr` (CLDR)."""
    return str(Locale.parse(language).text_direction) if language in NAMES else "ltr"


def chosen() -> str:
    """The language of this request (BCP 47); English outside a request."""
    if not has_request_context():
        return str(getattr(g, "language", DEFAULT)) if g else DEFAULT
    asked = (request.view_args or {}).get("language") or request.args.get("lang")
    if asked in NAMES:
        return str(asked)
    preferred = getattr(g, "preferred_language", None) or request.cookies.get(COOKIE)
    if preferred in NAMES:
        return str(preferred)
    return request.accept_languages.best_match(list(NAMES), DEFAULT) or DEFAULT


@cache
def locale(language: str) -> Locale:
    """The CLDR locale that writes dates and numbers of a language; the day stands first, as most readers expect.

    One object for each language: locales are slow to make and to compare.
    """
    return Locale.parse({"en": "en_GB"}.get(language, language))


def speaking(language: str):  # type: ignore[no-untyped-def]
    """Context manager: everything inside is said in this language; for letters and prepared texts."""
    return force_locale(locale(language if language in NAMES else DEFAULT))


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=lambda: locale(chosen()))
