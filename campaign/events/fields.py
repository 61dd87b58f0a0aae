"""Kinds of boxes the organiser's forms are made of: labelled from the one list of names, limited, readable."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape
from typing_extensions import override
from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import AnyOf, Optional
from wtforms.widgets import Select, html_params

from campaign.core.forms import at_most, options
from campaign.events import labels, parsing
from campaign.events.labels import FIELD
from campaign.events.lifecycle import Answer
from campaign.places import countries, zones

_CHOOSE = _("Choose one of the answers.")


class LongSelect(Select):
    """The same select element for lists of hundreds: the library's own widget takes a hundred times as long."""

    @override
    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        kwargs = {"id": field.id, **kwargs}
        if "required" in field.flags:
            kwargs.setdefault("required", field.flags.required)
        options = "".join(
            f'<option value="{escape(choice.value)}"{" selected" if choice.value == field.data else ""}>'
            f"{escape(str(choice.label))}</option>"
            for choice in field.choices
        )
        attributes = html_params(name=field.name, **kwargs)
        return Markup(f"<select {attributes}>{options}</select>")  # noqa: S704 - every part was escaped.


def ui_language() -> str:
    return str(get_locale().language)


def country_choices() -> list[Any]:
    return options([("", _("Choose a country")), *countries.options(ui_language())])


def zone_choices() -> list[Any]:
    known = zones.options(ui_language())
    return options([("", _("As in the city")), *((zone, f"{place} ({zone})") for zone, place in known)])


def language_choices() -> list[Any]:
    return options((code, labels.language_name(code, ui_language())) for code in labels.LANGUAGES)


def further_language_choices() -> list[Any]:
    return options([("", _("No further language"))]) + language_choices()


def number(value: Any) -> int:
    """An id as it stands in a form; -1 for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def text(name: str, limit: int = 300, **more: Any) -> StringField:
    label = FIELD[name] if name in FIELD else more.pop("label")
    return StringField(label, validators=[at_most(limit)], **more)


def area(name: str, limit: int, **more: Any) -> TextAreaField:
    label = FIELD[name] if name in FIELD else more.pop("label")
    return TextAreaField(label, validators=[at_most(limit)], **more)


def radio(label: Any, words: Mapping[Any, Any], default: str | None = None) -> RadioField:
    """One of several; `words` maps answers (text or members of an enumeration) to what is shown."""
    choices = [(str(getattr(key, "value", key)), shown) for key, shown in words.items()]
    validators = [Optional(), AnyOf([key for key, _shown in choices], message=_CHOOSE)]
    return RadioField(label, choices=options(choices), default=default, validators=validators, validate_choice=False)


def access(name: str) -> SelectField:
    choices = [(answer.value, words) for answer, words in labels.ANSWER.items()]
    validators = [Optional(), AnyOf([answer for answer, _words in choices], message=_CHOOSE)]
    return SelectField(
        labels.ACCESS[name],
        choices=options(choices),
        default=Answer.UNKNOWN.value,
        validators=validators,
        validate_choice=False,
    )


def select(label: Any, choices: Callable[[], list[Any]] | list[Any], **more: Any) -> SelectField:
    """One from a long list; whether it is on the list is the form's business, in its own words."""
    return SelectField(label, choices=choices, validate_choice=False, widget=LongSelect(), **more)


def _readable(read: Callable[[str], object]) -> Callable[[Any, Any], None]:
    """A validator: what was typed can be read."""

    def check(_form: Any, field: Any) -> None:
        if field.data:
            try:
                read(field.data)
            except parsing.UnreadableError as problem:
                raise ValidationError(str(problem.sentence)) from problem

    return check


def read(label: Any, reader: Callable[[str], object], limit: int = 80, **more: Any) -> StringField:
    """A line that `reader` understands."""
    return StringField(label, validators=[at_most(limit), _readable(reader)], **more)


def read_area(label: Any, reader: Callable[[str], object], limit: int) -> TextAreaField:
    return TextAreaField(label, validators=[at_most(limit), _readable(reader)])
