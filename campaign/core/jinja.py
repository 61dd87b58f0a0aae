"""What every template can use: assets, language, theme, dates by locale. Strict: an unknown name is an error."""

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from babel.dates import get_day_names
from cachetools import LRUCache
from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined, pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup

from campaign.core import clock, keys, languages

THEMES = ("light", "dark")
MOST_DRAWN = 8 * 1024 * 1024

_drawn: LRUCache[Any, str] = LRUCache(MOST_DRAWN, getsizeof=len)
_drawing = Lock()


def init_app(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    asset = partial(_asset, str(app.static_folder), str(app.static_url_path))
    app.jinja_env.globals.update(asset=asset, csrf_token=generate_csrf, push_key=push_key)
    app.jinja_env.globals.update(drawn=drawn, drawn_all=drawn_all, part=part, _=_said, ngettext=_counted)
    filters = (long_date, day_month, month_year, weekday, weekday_name, clock_time, initials, webcal)
    app.jinja_env.filters.update({made.__name__: made for made in filters})
    app.context_processor(_page)


@pass_eval_context
def _said(context: EvalContext, words: str, /, **values: Any) -> str:
    """`{{ _('…') }}`: the words in the language of the page. Jinja's own takes three times as long."""
    said = languages.said(words)
    if context.autoescape:
        said = Markup(said)  # noqa: S704 - the texts are ours
    return said % values if "%" in said else said


@pass_eval_context
def _counted(context: EvalContext, one: str, many: str, num: int, /, **values: Any) -> str:
    """`{{ ngettext('…', '…', number) }}`, by the same way."""
    said = languages.counted(one, many, num)
    if context.autoescape:
        said = Markup(said)  # noqa: S704 - the texts are ours
    return said % {"num": num, **values}


@cache
def _manifest(folder: str) -> dict[str, str]:
    path = Path(folder, "build", "manifest.json")
    return dict(json.loads(path.read_text())) if path.exists() else {}


@cache
def _asset(folder: str, prefix: str, name: str) -> str:
    """The address of a built file, with its content hash; the source file where nothing was built."""
    built = _manifest(folder).get(name)
    return f"{prefix}/build/{built}" if built else f"{prefix}/{name}"


def drawn(macro: Any, value: Hashable) -> str:
    """What a macro makes of a value: from before, if it is known in this language.

    For parts that many pages show, or that stay when the calendar changes: a row, the form over a list, the frame. The
    macro must show nothing but what the value holds, and the language.
    """
    return drawn_all(macro, (value,))


def drawn_all(macro: Any, values: Iterable[Hashable]) -> str:
    """The same for many values, one after the other."""
    made_by, spoken = macro._func.__code__, languages.spoken()
    return _once([(made_by, spoken, value) for value in values], macro)


@pass_context
def part(context: Context, template: str, name: str, value: Hashable, is_drawn_once: bool) -> str:
    """A macro of a template that is read only where it is drawn: with `is_drawn_once` as in `drawn`, else anew."""

    def draw(shown: Hashable) -> str:
        module = context.environment.get_template(template).make_module(context.get_all())
        return Markup(getattr(module, name)(shown))  # noqa: S704 - drawn by our own template.

    return _once([(template, name, languages.spoken(), value)], draw) if is_drawn_once else draw(value)


def _once(keys: Sequence[tuple[Hashable, ...]], draw: Callable[[Hashable], str]) -> str:
    """What is drawn of the last part of each key."""
    with _drawing:
        found = {key: made for key in keys if (made := _drawn.get(key)) is not None}
    if new := {key: draw(key[-1]) for key in keys if key not in found}:
        with _drawing:
            _drawn.update(new)
        found |= new
    return Markup("").join(found[key] for key in keys)


def push_key() -> str:
    """What a browser needs to ask for notifications of ours; empty where there are none."""
    path = current_app.extensions["settings"].push_key
    return keys.public_point(path) if path else ""


def chosen_theme() -> str:
    """The colours the visitor chose; empty for those of the system."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""


def _page() -> dict[str, Any]:
    """Names that `layouts/base.html` needs on every page, error pages included."""
    language = languages.chosen()
    settings = current_app.extensions["settings"]
    return {
        "language": language,
        "direction": languages.direction(language),
        "theme": chosen_theme(),
        "is_cacheable": bool(getattr(g, "is_cacheable", False)),
        "current_person": _person(),
        "current_person_reviews": False,  # The room of the desk says otherwise, after this (`review.views`).
        "campaign": getattr(g, "campaign", None),
        "alternates": _alternates(),
        "canonical_url": settings.public_url + request.path,
        "public_url": settings.public_url,
        "now": clock.now(),
    }


def _person() -> Any:
    """The signed-in person; public pages read no session, so that they can be cached for everybody."""
    if getattr(g, "is_cacheable", False) or getattr(g, "is_failing", False):
        return None
    return current_user._get_current_object() if current_user and current_user.is_authenticated else None


def _alternates() -> tuple[languages.Alternate, ...]:
    found = []
    args = request.args.to_dict(flat=False)
    for code, name in languages.NAMES.items():
        if request.view_args and "language" in request.view_args and request.endpoint:
            canonical = url_for(request.endpoint, **{**request.view_args, "language": code})
            url = f"{canonical}?{urlencode(args, doseq=True)}" if args else canonical
        else:
            canonical = f"{request.path}?lang={code}"
            url = f"{request.path}?{urlencode({**args, 'lang': code}, doseq=True)}"
        found.append(languages.Alternate(code, name, url, canonical))
    return tuple(found)


def long_date(day: date) -> str:
    """`Friday 26 February 2027`, in the order the language uses."""
    return languages.format_date(day, "full")


def day_month(day: date) -> str:
    """`26 February`."""
    return languages.format_parts(day, "MMMMd")


def weekday(day: date) -> str:
    return languages.format_date(day, "EEEE")


def month_year(day: date) -> str:
    """`February 2027`."""
    return languages.format_parts(day, "yMMMM")


def weekday_name(number: str) -> str:
    """`Monday` for `0`."""
    locale = languages.spoken()
    return str(get_day_names("wide", locale=locale)[int(number)])


def initials(name: str) -> str:
    """At most two letters, for a mark beside a name."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:2]).upper()


def webcal(url: str) -> str:
    """The same address for calendar programs."""
    return f"webcal:{url.partition(':')[2]}"


def clock_time(moment: datetime) -> str:
    """`17:00`; the 24-hour clock in Latin digits, the same in every language."""
    return f"{moment:%H:%M}"
